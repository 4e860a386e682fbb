import type { World } from './world.ts'

/** A JSON schema as far as a test reads one. */
export interface ShownSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly ShownSchema[]
  readonly properties?: Readonly<Record<string, ShownSchema>>
  readonly items?: ShownSchema | readonly ShownSchema[]
  readonly minimum?: number
}

/** A route as the server itself documents it. */
export interface Operation {
  readonly method: string
  /** With its parameters in braces. */
  readonly path: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly schema?: ShownSchema
  }[]
  readonly body?: ShownSchema
}

interface Described {
  readonly parameters?: Operation['parameters']
  readonly requestBody?: { readonly content: Record<string, { readonly schema: ShownSchema }> }
}

/** Every route that there is, from the document that the server writes of them. */
export async function operationsOf(world: World): Promise<readonly Operation[]> {
  const answer = await fetch(`${world.url()}/api/openapi.json`)
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Described>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Operation => {
      const body = requestBody?.content['application/json']?.schema
      return { method: method.toUpperCase(), path, parameters, ...(body === undefined ? {} : { body }) }
    }),
  )
}

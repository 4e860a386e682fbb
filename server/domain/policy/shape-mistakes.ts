import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { everyError, type ShapeError } from '../every-error.ts'

export interface Mistake {
  /** Where, as a dotted path: `clocks.repair_cover.limitMinutes`. */
  readonly path: string
  readonly message: string
}

/** Every mistake of a value's shape, one for each place. A missing key is named by its own path. */
export function shapeMistakes(schema: TSchema, value: unknown): readonly Mistake[] {
  const found = new Map<string, Mistake>()
  for (const error of everyError(schema, value)) {
    for (const mistake of mistakesOf(error)) {
      // Of a choice between forms each is said to be wrong; the place is named once.
      if (!found.has(mistake.path)) found.set(mistake.path, mistake)
    }
  }
  return [...found.values()]
}

/** The value where it has the shape, so that what only the whole can tell is judged for the sound parts. */
export function sound<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> | undefined {
  return Check(schema, value) ? value : undefined
}

function mistakesOf(error: ShapeError): readonly Mistake[] {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((key) => ({ path: join(path, key), message: 'is missing' }))
    case 'additionalProperties':
      return error.params.additionalProperties.map((key) => ({
        path: join(path, key),
        message: 'is unknown',
      }))
    case 'boolean':
      // The library's own word on an unknown key, which is named above.
      return []
    default:
      return [{ path, message: error.message }]
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

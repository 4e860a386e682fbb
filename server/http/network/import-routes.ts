import multipart from '@fastify/multipart'
import Type from 'typebox'
import Value from 'typebox/value'
import { ImportAnswer } from '#contract/network.ts'
import { CrsChoice, FilesAnswer, NetworkMapping } from '#contract/network-mapping.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import { importDelivery } from '../../flows/network/import-delivery.ts'
import type { DeliveredFile, DeliveryOrder, ReadDelivery } from '../../flows/network/read-delivery.ts'
import { actorOf, actorWith, answer, type Http } from '../core/http.ts'

const MAX_FILES = 50
const MAX_ALL_BYTES = 2 * MAX_FILE_BYTES
const MAX_FIELD_BYTES = 1024 * 1024

const ImportQuery = Type.Object({
  dryRun: Type.Optional(Type.Boolean({ description: 'say what would change, change nothing' })),
  replace: Type.Optional(Type.Boolean({ description: 'also remove what the file lacks' })),
  map: Type.Optional(
    Type.Boolean({ description: 'of files also answer what they became, as `map` (GeoJSON)' }),
  ),
})

export interface ImportRoutesOptions {
  readonly registry: NetworkRegistry
  readonly readDelivery: ReadDelivery
  /** What is to be said of the notice that a change of responsibility wants (A27). */
  readonly checkNotice?: (warnings: readonly string[]) => Promise<readonly string[]>
}

/** In a scope of its own: only here may a body be 50 MB, and it is read by a thread of its own, not here. */
export function importRoutes(options: ImportRoutesOptions): (scope: Http) => Promise<void> {
  const { registry, readDelivery, checkNotice } = options
  return async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    await scope.register(multipart, {
      limits: {
        files: MAX_FILES,
        fileSize: MAX_FILE_BYTES,
        fields: 10,
        fieldSize: MAX_FIELD_BYTES,
        headerPairs: 50,
      },
    })
    scope.post(
      ROUTES.networkImports,
      {
        bodyLimit: MAX_FILE_BYTES,
        schema: { querystring: ImportQuery, response: { 200: Type.Union([FilesAnswer, ImportAnswer]) } },
        // Rights are judged before 50 MB are taken in.
        onRequest: async (request) => {
          actorWith(request, 'engineer', 'admin')
        },
      },
      async (request, reply) => {
        const { dryRun = false, replace = false } = request.query
        const chosen = { dryRun, replace, by: actorOf(request).id }
        if (request.isMultipart()) {
          const order = await orderIn(request.parts())
          if (isRefusal(order)) return answer(reply, order)
          let map: Uint8Array | undefined
          const show = (geoJson: Uint8Array): void => {
            map = geoJson
          }
          const parts = { registry, read: readDelivery }
          const said = await warned(await importDelivery(parts, order, { ...chosen, show }))
          if (map !== undefined && !isRefusal(said) && request.query.map === true) {
            const whole = withMap(said, map)
            void reply.serializer(() => whole)
          }
          return answer(reply, said)
        }
        const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
        return answer(reply, await warned(await registry.import(bytes, chosen)))
      },
    )
  }

  async function warned<A extends ImportAnswer>(done: A | Refusal): Promise<A | Refusal> {
    if (isRefusal(done)) return done
    const more = (await checkNotice?.(done.warnings)) ?? []
    return { ...done, warnings: [...done.warnings, ...more] }
  }
}

/** The answer with the map in it, which is megabytes of JSON already and is not written a second time. */
function withMap(said: FilesAnswer, geoJson: Uint8Array): string {
  return `${JSON.stringify(said).slice(0, -1)},"map":${new TextDecoder().decode(geoJson)}}`
}

type Parts = AsyncIterable<
  | { readonly type: 'file'; readonly filename: string; readonly toBuffer: () => Promise<Buffer> }
  | { readonly type: 'field'; readonly fieldname: string; readonly value: unknown }
>

async function orderIn(parts: Parts): Promise<DeliveryOrder | Refusal> {
  const files: DeliveredFile[] = []
  const fields = new Map<string, string>()
  let bytes = 0
  for await (const part of parts) {
    if (part.type === 'field') {
      fields.set(part.fieldname, String(part.value))
      continue
    }
    const content = await part.toBuffer()
    bytes += content.byteLength
    if (bytes > MAX_ALL_BYTES) {
      return refuse('too-large', {
        zh: '文件合计超过 100 MB',
        en: 'the files together are larger than 100 MB',
      })
    }
    files.push({ name: part.filename, bytes: content })
  }
  if (files.length === 0) {
    return refuse('missing-field', { zh: '缺少文件', en: 'the files are missing' }, { missing: ['files'] })
  }
  const mapping = fieldOf(fields, 'mapping', Type.Partial(NetworkMapping))
  const crs = fieldOf(fields, 'crs', CrsChoice)
  if (isRefusal(mapping)) return mapping
  if (isRefusal(crs)) return crs
  return { files, ...(mapping === undefined ? {} : { mapping }), ...(crs === undefined ? {} : { crs }) }
}

/** A form's field: JSON, or for a coordinate system its bare name. */
function fieldOf<Schema extends Type.TSchema>(
  fields: ReadonlyMap<string, string>,
  name: string,
  schema: Schema,
): Type.Static<Schema> | Refusal | undefined {
  const text = fields.get(name)
  if (text === undefined || text.trim() === '') return undefined
  const value = parsed(text)
  if (Value.Check(schema, value)) return value
  const [error] = Value.Errors(schema, value)
  const where = `${name}${error?.instancePath ?? ''}`
  return refuse('bad-value', {
    zh: `${where} 不正确: ${error?.message ?? ''}`,
    en: `${where} is not right: ${error?.message ?? ''}`,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

import Type from 'typebox'
import { ImportAnswer } from '#contract/network.ts'
import { CrsChoice, FilesAnswer, NetworkMapping } from '#contract/network-mapping.ts'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { MAX_FILE_BYTES } from '../../domain/network/import/prepare.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import { importDelivery } from '../../flows/network/import-delivery.ts'
import type { DeliveryOrder, ReadDelivery } from '../../flows/network/read-delivery.ts'
import { fieldOf, formIn, takeForms, type Parts } from '../core/forms.ts'
import { actorOf, actorWith, answer, type Http } from '../core/http.ts'

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
    await takeForms(scope)
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

async function orderIn(parts: Parts): Promise<DeliveryOrder | Refusal> {
  const form = await formIn(parts)
  if (isRefusal(form)) return form
  const { files, fields } = form
  const mapping = fieldOf(fields, 'mapping', Type.Partial(NetworkMapping))
  const crs = fieldOf(fields, 'crs', CrsChoice)
  if (isRefusal(mapping)) return mapping
  if (isRefusal(crs)) return crs
  return { files, ...(mapping === undefined ? {} : { mapping }), ...(crs === undefined ? {} : { crs }) }
}

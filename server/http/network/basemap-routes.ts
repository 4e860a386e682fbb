import Type from 'typebox'
import { BasemapView } from '#contract/basemap.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Basemap } from '../../flows/network/basemap.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

const Whole = Type.Integer({ minimum: 0, maximum: 2 ** 24 })
const TileParams = Type.Object({ z: Type.Integer({ minimum: 0, maximum: 24 }), x: Whole, y: Whole })
/** A week: streets change slowly, and a screen that pans asks for the same tiles again and again. */
const KEEP = 'private, max-age=604800'

/** What lies under the network: which map, its tiles with the key kept here, its file piece by piece. */
export function basemapRoutes(basemap: Basemap): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.basemap, { schema: { response: { 200: BasemapView } } }, (request) => {
      actorOf(request)
      return basemap.view
    })

    http.get(`${ROUTES.basemap}/:z/:x/:y`, { schema: { params: TileParams } }, async (request, reply) => {
      actorOf(request)
      const { z, x, y } = request.params
      const tile = await basemap.tile?.(z, x, y)
      if (isRefusal(tile)) return answer(reply, tile)
      if (tile === undefined) return reply.code(204).header('cache-control', 'private, max-age=3600').send()
      return reply
        .type(tile.type)
        .header('cache-control', KEEP)
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(tile.bytes))
    })

    http.get(ROUTES.basemapFile, async (request, reply) => {
      actorOf(request)
      const file = await basemap.file?.()
      if (file === undefined)
        return answer(
          reply,
          refuse('not-found', { zh: '没有配置底图文件', en: 'no basemap file is configured' }),
        )
      if (isRefusal(file)) return answer(reply, file)
      const range = rangeOf(request.headers.range, file.bytes)
      void reply.header('accept-ranges', 'bytes').header('etag', file.tag)
      if (range === undefined) {
        return reply
          .code(416)
          .header('content-range', `bytes */${String(file.bytes)}`)
          .send()
      }
      const { first, last } = range
      return reply
        .code(206)
        .type('application/octet-stream')
        .header('cache-control', 'private, no-cache')
        .header('content-range', `bytes ${String(first)}-${String(last)}/${String(file.bytes)}`)
        .header('content-length', last - first + 1)
        .send(file.read(first, last))
    })
  }
}

/** One range, as the reader of the format asks; a whole file of many gigabytes is never sent at once. */
const MAX_BYTES = 16 * 1024 * 1024

function rangeOf(header: string | undefined, bytes: number) {
  const found = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '')
  const first = Number(found?.[1] ?? Number.NaN)
  if (!(first < bytes)) return undefined
  const asked = found?.[2] === undefined || found[2] === '' ? Infinity : Number(found[2])
  const last = Math.min(asked, bytes - 1, first + MAX_BYTES - 1)
  return last < first ? undefined : { first, last }
}

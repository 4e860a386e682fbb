import { createHash } from 'node:crypto'
import Type from 'typebox'
import { AssetCorrectionRequest, AssetDetail, AssetHit, Responsibilities } from '#contract/asset.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { assetOf } from '../../domain/network/assets.ts'
import type { Network } from '../../domain/network/network.ts'
import { searchAssets } from '../../domain/network/search.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import type { Clock } from '../../flows/ports.ts'
import { inSlices } from '../../flows/slices.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, actorWith, answer, type Http } from '../core/http.ts'
import { answerLarge, jsonPieces } from '../core/large-answer.ts'
import {
  assetDetail,
  assetHit,
  networkGeoJson,
  responsibilitiesView,
  type LiveState,
} from './network-views.ts'
import { queryInstant } from '../core/times.ts'

const Search = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200, description: 'id, name or address' })),
  near: Type.Optional(
    Type.String({ pattern: '^-?\\d{1,3}(\\.\\d{1,15})?,-?\\d{1,2}(\\.\\d{1,15})?$', description: 'lon,lat' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })),
})
const NetworkQuery = Type.Object({
  live: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'false: the file alone, which a screen may keep by its ETag',
    }),
  ),
})
const OneAsset = Type.Object({ id: Type.String({ maxLength: 64 }) })
const AsOf = Type.Object({ at: Type.Optional(Type.String({ maxLength: 40 })) })
export interface NetworkRoutesOptions {
  readonly registry: NetworkRegistry
  readonly clock: Clock
  readonly liveState: LiveState
}

/** The network and its assets. */
export function networkRoutes(options: NetworkRoutesOptions): (http: Http) => void {
  const { registry, clock, liveState } = options

  function detailOf(id: string): AssetDetail | Refusal {
    const network = registry.current()
    const asset = assetOf(network, id)
    if (asset === undefined)
      return refuse('not-found', { zh: `没有资产 ${id}`, en: `there is no asset ${id}` })
    return assetDetail(network, asset, { at: clock.now(), liveState, versions: registry.versions() })
  }

  return (http) => {
    http.get(
      ROUTES.network,
      { schema: { querystring: NetworkQuery }, config: COSTLY },
      async (request, reply) => {
        actorOf(request)
        const network = registry.current()
        if (request.query.live !== false) return answerLarge(reply, networkGeoJson(network, liveState))
        const { bytes, tag } = await plainFile(network)
        void reply.header('etag', tag).header('cache-control', 'private, no-cache')
        if (request.headers['if-none-match'] === tag) return reply.code(304).send()
        return reply.type('application/json; charset=utf-8').send(bytes)
      },
    )
    http.get(
      ROUTES.assets,
      {
        schema: { querystring: Search, response: { 200: Type.Object({ items: Type.Array(AssetHit) }) } },
        config: COSTLY,
      },
      (request) => {
        actorOf(request)
        const { q = '', near, limit = 10 } = request.query
        const network = registry.current()
        const place = near === undefined ? {} : { near: positionFrom(near) }
        const found = searchAssets(network, q, { ...place, limit })
        return { items: found.map((one) => assetHit(network, one)) }
      },
    )
    http.get(
      `${ROUTES.assets}/:id`,
      { schema: { params: OneAsset, response: { 200: AssetDetail } } },
      async (request, reply) => {
        actorOf(request)
        return answer(reply, detailOf(request.params.id))
      },
    )
    http.patch(
      `${ROUTES.assets}/:id`,
      {
        schema: { params: OneAsset, body: AssetCorrectionRequest, response: { 200: AssetDetail } },
        attachValidation: true,
      },
      async (request, reply) => {
        const actor = actorWith(request, 'engineer', 'admin')
        const { id: assetId } = request.params
        const wrong = wrongBody(request)
        if (wrong !== undefined) return answer(reply, wrong)
        const before = detailOf(assetId)
        if (isRefusal(before)) return answer(reply, before)
        const { reason, position, ...fields } = request.body
        const place = position === undefined ? {} : { position }
        const done = await registry.correct({ assetId, fields, ...place }, actor.id, reason.trim())
        return answer(reply, isRefusal(done) ? done : detailOf(assetId))
      },
    )
    http.get(
      ROUTES.responsibilities,
      { schema: { querystring: AsOf, response: { 200: Responsibilities } } },
      async (request, reply) => {
        actorOf(request)
        const asked = queryInstant(request.query.at, 'at')
        if (isRefusal(asked)) return answer(reply, asked)
        const at = asked ?? clock.now()
        return answer(reply, responsibilitiesView(registry.asOf(at), at))
      },
    )
  }
}

interface PlainFile {
  readonly bytes: Buffer
  readonly tag: string
}
const plainFiles = new WeakMap<Network, Promise<PlainFile>>()

/** The file of one state of the network, written once however many screens open. */
function plainFile(network: Network): Promise<PlainFile> {
  const known = plainFiles.get(network) ?? writeFile(network)
  plainFiles.set(network, known)
  return known
}

async function writeFile(network: Network): Promise<PlainFile> {
  const pieces = await inSlices(jsonPieces(networkGeoJson(network, () => undefined)))
  const bytes = Buffer.from(pieces.join(''))
  return { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}

function positionFrom(near: string): [number, number] {
  const [lon = 0, lat = 0] = near.split(',').map(Number)
  return [lon, lat]
}

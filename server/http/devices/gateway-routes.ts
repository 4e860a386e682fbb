import Type from 'typebox'
import { ForeignMessages, Gateway, GatewayEntry, RunAnswer } from '#contract/gateways.ts'
import { Id } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { instantText } from '../../domain/instant.ts'
import type { ForeignStore } from '../../flows/foreign/foreign-store.ts'
import { noGateway, type Gateways, type KeptGateway } from '../../flows/foreign/gateways.ts'
import type { Profiles } from '../../flows/foreign/profiles.ts'
import type { ForeignDoor, RecentForeign } from '../../flows/foreign/take-foreign.ts'
import type { NetworkSource } from '../../flows/ports.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { answer, only, type Http } from '../core/http.ts'

export interface GatewayRoutesOptions {
  readonly gateways: Gateways
  readonly profiles: Profiles
  readonly door: ForeignDoor
  readonly store: ForeignStore
  readonly network: NetworkSource
  /** Ends the gateway's live connection, which its old secret opened. */
  readonly disconnect?: (gatewayId: string) => void
}

const Params = Type.Object({ id: Id })
const NEWEST_ASIDE = 100
const MAX_SHOWN = 16 * 1024

/** Those who speak for many devices, what they sent, and what of it nobody has understood. */
export function gatewayRoutes(options: GatewayRoutesOptions): (http: Http) => void {
  const { gateways, profiles, door, store, network, disconnect } = options
  const onRequest = only('engineer', 'admin')
  return (http) => {
    http.get(
      ROUTES.gateways,
      { schema: { response: { 200: Type.Object({ items: Type.Array(Gateway) }) } }, onRequest },
      async () => {
        const secrets = await issued()
        return { items: gateways.all().map((one) => viewOf(one, secrets)) }
      },
    )
    http.put(
      `${ROUTES.gateways}/:id`,
      { schema: { params: Params, body: GatewayEntry, response: { 200: Gateway } }, onRequest },
      async (request, reply) => {
        const gateway = { id: request.params.id, ...request.body }
        const refused = await gateways.save(gateway)
        return answer(reply, refused ?? viewOf(gateway, await issued()))
      },
    )
    http.delete(
      `${ROUTES.gateways}/:id`,
      { schema: { params: Params }, onRequest },
      async (request, reply) => {
        const { id } = request.params
        const refused = await gateways.remove(id)
        if (isRefusal(refused)) return answer(reply, refused)
        disconnect?.(id)
        return reply.code(204).send()
      },
    )
    http.post(
      `${ROUTES.gateways}/:id/secret`,
      { schema: { params: Params }, onRequest, config: { tellsSecret: true } },
      async (request, reply) => {
        const { id } = request.params
        if (gateways.find(id) === undefined) return answer(reply, noGateway(id))
        const secret = await gateways.credentials.issue(id)
        if (isRefusal(secret)) return answer(reply, secret)
        disconnect?.(id)
        void reply.header('cache-control', 'no-store')
        return answer(reply, { secret }, 201)
      },
    )
    http.get(
      ROUTES.gatewayMessages,
      { schema: { response: { 200: ForeignMessages } }, onRequest, config: COSTLY },
      async () => ({
        recent: door.recent().map(messageView),
        setAside: (await store.listAside({ newest: NEWEST_ASIDE })).map((one) => ({
          id: one.id,
          ...messageView(one),
        })),
        setAsideCount: await store.countAside(),
        dropped: store.dropped(),
      }),
    )
    http.post(
      `${ROUTES.profiles}/:id/run`,
      { schema: { params: Params, response: { 200: RunAnswer } }, onRequest },
      async (request, reply) => {
        const { id } = request.params
        if (profiles.find(id) === undefined)
          return answer(
            reply,
            refuse('not-found', { zh: `没有报文配置 ${id}`, en: `there is no profile ${id}` }),
          )
        return answer(reply, await door.run(id))
      },
    )
  }

  async function issued(): Promise<ReadonlySet<string>> {
    const kept = await gateways.credentials.list()
    return new Set(kept.filter(({ revokedAt }) => revokedAt === undefined).map(({ deviceId }) => deviceId))
  }

  function viewOf(gateway: KeptGateway, secrets: ReadonlySet<string>) {
    const heardAt = door.heardAt(gateway.id)
    const devices = [...network.current().devices.values()]
    return {
      ...gateway,
      profiles: [...gateway.profiles],
      hasSecret: secrets.has(gateway.id),
      devices: devices.filter((device) => device.gateway === gateway.id).length,
      ...(heardAt === undefined ? {} : { heardAt: instantText(heardAt) }),
    }
  }
}

function messageView({ gateway, topic, receivedAt, bytes, profile, why }: RecentForeign) {
  return {
    ...{ gateway, topic, receivedAt: instantText(receivedAt), body: shown(bytes), bodyBytes: bytes.length },
    ...(profile === undefined ? {} : { profile }),
    ...(why === undefined ? {} : { why: { message: why.zh, messageEn: why.en } }),
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function shown(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes).slice(0, MAX_SHOWN)
  } catch {
    return Buffer.from(bytes.subarray(0, MAX_SHOWN / 2)).toString('hex')
  }
}

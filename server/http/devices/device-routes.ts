import Type from 'typebox'
import { DeviceEntry, DeviceListAnswer, NewDevice, SecretsRequest } from '#contract/device-list.ts'
import { Id } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { UnknownSendersView } from '#contract/unknown-senders.ts'
import { REJECT_REASONS, SetAsideView } from '#contract/telemetry.ts'
import { ROUTES } from '#contract/routes.ts'
import { someOf } from '../../domain/network/import/mistake.ts'
import { instantText } from '../../domain/instant.ts'
import type { RetiredDevice } from '../../domain/network/network.ts'
import type { DeviceCredentials } from '../../flows/readings/device-credentials.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import type { Clock } from '../../flows/ports.ts'
import type { FaultySender, OpenQuarantine } from '../../flows/readings/quarantine.ts'
import type { UnknownSenders } from '../../flows/readings/unknown-senders.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'

export interface DevicesRoutesOptions {
  readonly network: Pick<NetworkRegistry, 'current' | 'changeDevices'>
  readonly credentials: DeviceCredentials
  readonly quarantine: Pick<OpenQuarantine, 'samples' | 'senders' | 'flagged'>
  readonly unknown: Pick<UnknownSenders, 'list' | 'dropped' | 'forget'>
  readonly clock: Clock
  /** Ends the device's live connection, which its old secret opened; undefined: a broker elsewhere has it. */
  readonly disconnect?: (deviceId: string) => void
  readonly command: (deviceId: string, name: string) => Promise<void>
}

const MAX_SENDERS = 500
/** The device sends its telemetry at once; what it answers is that. */
const REPORT = 'report'
const NO_DEVICE = refuse('not-found', { zh: '没有这个设备', en: 'there is no such device' })
const NO_BROKER = refuse('unavailable', {
  zh: 'MQTT 代理未连接,请求没有发出',
  en: 'the MQTT broker is not connected; nothing was sent',
})
const SECRETS_ELSEWHERE: LocalizedText = {
  zh: '设备经外部 MQTT 代理接入:这里的密钥只管 HTTP 上报。吊销不会断开它在代理上的连接,也不会使代理上的密码失效,请在代理上删除或更改该设备的密码并断开它。',
  en: 'Devices come in by an MQTT broker elsewhere: this secret is for HTTP alone. Revoking it neither ends the connection there nor the password that the broker keeps; delete or change that at the broker and disconnect the device there.',
}
const ONE_DEVICE = `${ROUTES.devices}/:id`
const OTHER_ID = refuse('bad-value', {
  zh: '编号不能更改: 请停用旧设备,再添加新设备',
  en: 'an id cannot be changed: retire the old device and add the new one',
})
const Params = Type.Object({ id: Id })
const NewSecret = Type.Union([
  Type.Null(),
  Type.Object(
    { secret: Type.Optional(Type.String({ description: 'chosen by hand; left out: a random one' })) },
    { additionalProperties: false },
  ),
])

/** Devices, where they stand, and their secrets: told once when issued, never read back. */
export function devicesRoutes(options: DevicesRoutesOptions): (http: Http) => void {
  const { network, credentials, quarantine, unknown, clock, disconnect, command } = options
  const elsewhere = disconnect === undefined ? { elsewhere: SECRETS_ELSEWHERE } : {}
  return (http) => {
    http.get(ROUTES.devices, { config: COSTLY }, async (request, reply) => {
      actorOf(request)
      const kept = new Map((await credentials.list()).map((credential) => [credential.deviceId, credential]))
      const faulty = new Map(quarantine.flagged(clock.now()).map((sender) => [sender.deviceId, sender]))
      const { devices, retired } = network.current()
      const ids = [...new Set([...devices.keys(), ...retired.keys(), ...kept.keys()])].sort()
      return answerLarge(reply, {
        items: ids.values().map((id) => {
          const credential = kept.get(id)
          return {
            // Where it stands its `assetId` tells.
            id,
            ...devices.get(id),
            asset: undefined,
            ...(credential === undefined ? {} : { credential: shown(credential) }),
            ...unusable(faulty.get(id)),
            ...outOfService(retired.get(id)),
          }
        }),
        ...elsewhere,
      })
    })
    http.get(
      ROUTES.devicesSetAside,
      { schema: { response: { 200: SetAsideView } }, config: COSTLY },
      (request) => {
        actorWith(request, 'engineer', 'admin')
        const messages = REJECT_REASONS.flatMap((reason) =>
          quarantine
            .samples(reason)
            .map(({ receivedAt, ...rest }) => ({ reason, receivedAt: instantText(receivedAt), ...rest })),
        )
        const senders = quarantine
          .senders(clock.now())
          .slice(0, MAX_SENDERS)
          .map(({ lastReason: reason, lastAt, ...rest }) => ({ ...rest, reason, at: instantText(lastAt) }))
        return { senders, items: messages.sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1)) }
      },
    )
    http.get(
      ROUTES.devicesUnknown,
      { schema: { response: { 200: UnknownSendersView } }, config: COSTLY },
      (request) => {
        actorWith(request, 'engineer', 'admin')
        const items = unknown
          .list()
          .map(({ clientId, firstAt, lastAt, signals, ...rest }) => ({
            ...rest,
            ...(signals === undefined ? {} : { signals: [...signals] }),
            ...(clientId === '' ? {} : { clientId }),
            firstAt: instantText(firstAt),
            lastAt: instantText(lastAt),
          }))
        return { items, dropped: unknown.dropped() }
      },
    )
    http.post(
      ROUTES.devices,
      {
        schema: { body: NewDevice, response: { 201: DeviceListAnswer } },
        attachValidation: true,
        onRequest: only('engineer', 'admin'),
      },
      async (request, reply) => {
        const by = actorOf(request).id
        const order = { verb: 'put', devices: [request.body], only: 'new' } as const
        const done = await network.changeDevices(order, { by })
        if (isRefusal(done)) return answer(reply, done)
        unknown.forget(request.body.id)
        void reply.header('location', ROUTES.device(request.body.id))
        return answer(reply, done, 201)
      },
    )
    http.put(
      ONE_DEVICE,
      {
        schema: { params: Params, body: DeviceEntry, response: { 200: DeviceListAnswer } },
        attachValidation: true,
        onRequest: only('engineer', 'admin'),
      },
      async (request, reply) => {
        const { id } = request.params
        const by = actorOf(request).id
        if ((request.body.id ?? id) !== id) return answer(reply, OTHER_ID)
        const devices = [{ ...request.body, id }]
        return answer(reply, await network.changeDevices({ verb: 'put', devices, only: 'known' }, { by }))
      },
    )
    http.delete(
      ONE_DEVICE,
      { schema: { params: Params }, onRequest: only('engineer', 'admin') },
      async (request, reply) => {
        const { id } = request.params
        const done = await network.changeDevices({ verb: 'retire', id }, { by: actorOf(request).id })
        if (isRefusal(done)) return answer(reply, done)
        await credentials.revoke(id)
        disconnect?.(id)
        return disconnect === undefined ? answer(reply, elsewhere) : reply.code(204).send()
      },
    )
    http.post(
      `${ROUTES.devices}/:id/secret`,
      {
        schema: { params: Params, body: NewSecret },
        onRequest: only('engineer', 'admin'),
        config: { tellsSecret: true },
      },
      async (request, reply) => {
        const { id } = request.params
        if (!network.current().devices.has(id)) return answer(reply, NO_DEVICE)
        const chosen = request.body?.secret
        const result = chosen === undefined ? await credentials.issue(id) : await credentials.set(id, chosen)
        if (isRefusal(result)) return answer(reply, result)
        disconnect?.(id)
        unknown.forget(id)
        const secret = result === undefined ? {} : { secret: result }
        return answer(reply, { deviceId: id, ...secret, ...elsewhere }, 201)
      },
    )
    http.post(
      ROUTES.devicesSecrets,
      {
        schema: { body: SecretsRequest },
        onRequest: only('engineer', 'admin'),
        config: { tellsSecret: true },
      },
      async (request, reply) => {
        const ids = [...new Set(request.body.ids)]
        const absent = ids.filter((id) => !network.current().devices.has(id))
        if (absent.length > 0) return answer(reply, noDevices(absent))
        const secrets = await credentials.issueAll(ids)
        for (const id of ids) {
          disconnect?.(id)
          unknown.forget(id)
        }
        return (
          reply
            .type('text/csv; charset=utf-8')
            .header('content-disposition', 'attachment; filename="secrets.csv"')
            .header('cache-control', 'no-store')
            // Neither needs quotes, and a byte order mark would be taken for a part of `id`.
            .send([['id', 'secret'], ...secrets].map((row) => `${row.join(',')}\r\n`).join(''))
        )
      },
    )
    http.post(
      `${ROUTES.devices}/:id/report`,
      { schema: { params: Params }, onRequest: only('engineer', 'admin', 'dispatcher') },
      async (request, reply) => {
        const { id } = request.params
        if (!network.current().devices.has(id)) return answer(reply, NO_DEVICE)
        try {
          await command(id, REPORT)
        } catch {
          return answer(reply, NO_BROKER)
        }
        return answer(reply, { asked: true }, 202)
      },
    )
    http.delete(`${ROUTES.devices}/:id/secret`, { schema: { params: Params } }, async (request, reply) => {
      actorWith(request, 'engineer', 'admin')
      const { id } = request.params
      if (!(await credentials.revoke(id))) {
        return answer(
          reply,
          refuse('not-found', { zh: '该设备没有有效的密钥', en: 'this device has no secret in force' }),
        )
      }
      disconnect?.(id)
      return disconnect === undefined ? answer(reply, elsewhere) : reply.code(204).send()
    })
  }
}

function noDevices(ids: readonly string[]): Refusal {
  const list = someOf(ids)
  return refuse('bad-value', {
    zh: `没有设备 ${list.zh}: 没有签发任何密钥`,
    en: `there are no devices ${list.en}: no secret was issued`,
  })
}

/** A device that keeps sending what cannot be used, and why. */
function unusable(sender: FaultySender | undefined) {
  if (sender === undefined) return {}
  const { count, lastReason: reason, lastAt } = sender
  return { setAside: { count, reason, at: instantText(lastAt) } }
}

function outOfService(retired: RetiredDevice | undefined) {
  return retired === undefined ? {} : { retired: { at: instantText(retired.at), assetId: retired.assetId } }
}

function shown({ scheme, issuedAt, revokedAt }: { scheme: string; issuedAt: number; revokedAt?: number }) {
  return {
    scheme,
    issuedAt: instantText(issuedAt),
    ...(revokedAt === undefined ? {} : { revokedAt: instantText(revokedAt) }),
  }
}

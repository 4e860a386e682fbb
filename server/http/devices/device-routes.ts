import Type from 'typebox'
import { Id } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { REJECT_REASONS, SetAsideView } from '#contract/telemetry.ts'
import { ROUTES } from '#contract/routes.ts'
import { instantText } from '../../domain/instant.ts'
import type { DeviceCredentials } from '../../flows/readings/device-credentials.ts'
import type { Clock, NetworkSource } from '../../flows/ports.ts'
import type { FaultySender, OpenQuarantine } from '../../flows/readings/quarantine.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'

export interface DevicesRoutesOptions {
  readonly network: NetworkSource
  readonly credentials: DeviceCredentials
  readonly quarantine: Pick<OpenQuarantine, 'samples' | 'senders' | 'flagged'>
  readonly clock: Clock
  /** Ends the device's live connection, which its old secret opened. */
  readonly disconnect: (deviceId: string) => void
}

const MOST_SENDERS = 500
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
  const { network, credentials, quarantine, clock, disconnect } = options
  return (http) => {
    http.get(ROUTES.devices, { config: COSTLY }, async (request, reply) => {
      actorOf(request)
      const kept = new Map((await credentials.list()).map((credential) => [credential.deviceId, credential]))
      const faulty = new Map(quarantine.flagged(clock.now()).map((sender) => [sender.deviceId, sender]))
      const { devices } = network.current()
      const ids = [...new Set([...devices.keys(), ...kept.keys()])].sort()
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
          }
        }),
      })
    })
    http.get(
      ROUTES.devicesSetAside,
      { schema: { response: { 200: SetAsideView } }, config: COSTLY },
      (request) => {
        actorWith(request, 'engineer', 'admin')
        const messages = REJECT_REASONS.flatMap((reason) =>
          quarantine.samples(reason).map(({ body, receivedAt, ...rest }) => ({
            reason,
            receivedAt: instantText(receivedAt),
            ...rest,
            // Whatever the bytes were, they are printable here.
            body: Buffer.from(body)
              .toString('latin1')
              .replaceAll(/[^ -~]/g, escaped),
          })),
        )
        const senders = quarantine
          .senders(clock.now())
          .slice(0, MOST_SENDERS)
          .map(({ lastReason: reason, lastAt, ...rest }) => ({ ...rest, reason, at: instantText(lastAt) }))
        return { senders, items: messages.sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1)) }
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
        if (!network.current().devices.has(id))
          return answer(reply, refuse('not-found', { zh: '没有这个设备', en: 'there is no such device' }))
        const chosen = request.body?.secret
        const result = chosen === undefined ? await credentials.issue(id) : await credentials.set(id, chosen)
        if (isRefusal(result)) return answer(reply, result)
        disconnect(id)
        return answer(reply, { deviceId: id, ...(result === undefined ? {} : { secret: result }) }, 201)
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
      disconnect(id)
      return reply.code(204).send()
    })
  }
}

/** A device that keeps sending what cannot be used, and why. */
function unusable(sender: FaultySender | undefined) {
  if (sender === undefined) return {}
  const { count, lastReason: reason, lastAt } = sender
  return { setAside: { count, reason, at: instantText(lastAt) } }
}

function escaped(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function shown({ scheme, issuedAt, revokedAt }: { scheme: string; issuedAt: number; revokedAt?: number }) {
  return {
    scheme,
    issuedAt: instantText(issuedAt),
    ...(revokedAt === undefined ? {} : { revokedAt: instantText(revokedAt) }),
  }
}

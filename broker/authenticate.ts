import { setTimeout as sleep } from 'node:timers/promises'
import { createPenalties, type Penalties } from '#contract/penalties.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import type { Connection } from './connection.ts'
import { PENALTIES, type BrokerLimits } from './limits.ts'
import type { BrokerLog } from './log.ts'
import type { Counters } from './counters.ts'
import type { ConnackCode } from './refusals.ts'
import type { HearRefused } from './publish-handler.ts'
import type { AccessControl } from './access-control.ts'

/** True when this secret is the device's. */
export type Authenticate = (deviceId: string, secret: string) => Promise<boolean>

interface AuthenticatorParts {
  readonly authenticate: Authenticate
  readonly judge: AccessControl['judge']
  readonly limits: BrokerLimits
  readonly counters: Counters
  readonly deniedDevices: Penalties
  readonly connectionLimiter: ConnectionLimiter
  readonly log: BrokerLog
  /** Hears of whoever is refused. */
  readonly refused?: HearRefused
}

/** Resolves with undefined for a device that may connect, else with the return code of the CONNACK that refuses it. */
export function createAuthenticator(parts: AuthenticatorParts) {
  const { authenticate, judge, limits, counters, deniedDevices, connectionLimiter, log } = parts
  const wrongSecrets = createPenalties(PENALTIES)

  return async function authenticateClient(
    connection: Connection,
    password: Buffer | undefined,
  ): Promise<ConnackCode | undefined> {
    const { request, peer } = connection
    if (request === undefined) throw new Error('a client without a CONNECT')
    const verdict = judge(request, limits)
    if (verdict.kind === 'refused') {
      counters.countRefusal(verdict.reason)
      parts.refused?.({ reason: verdict.reason, clientId: request.username ?? request.clientId })
      return verdict.code
    }
    const { deviceId } = verdict
    connection.deviceId = deviceId
    const key = `${peer.address} ${deviceId}`
    let good: boolean
    try {
      good = await authenticate(deviceId, password?.toString('utf8') ?? '')
    } catch (error) {
      log.error({ err: error, device: deviceId }, 'a device secret could not be checked')
      counters.countRefusal('credentials_unavailable')
      return 3
    }
    if (!good) {
      counters.countRefusal('wrong_secret')
      parts.refused?.({ reason: 'wrong_secret', clientId: deviceId })
      await wait(wrongSecrets.strike(key, Date.now()))
      return 4
    }
    wrongSecrets.clear(key)
    // A device that was just disconnected for a foreign topic is slowed down; nobody else is.
    await wait(deniedDevices.earned(deviceId, Date.now()))
    if (connection.socket.destroyed) return 3
    connectionLimiter.signedIn(peer.key)
    return undefined
  }
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false })
}

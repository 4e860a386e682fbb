import { setTimeout as sleep } from 'node:timers/promises'
import { createPenalties, type Penalties } from '#contract/penalties.ts'
import type { Admission } from './admission.ts'
import type { Connection } from './connection.ts'
import { PENALTIES, type BrokerLimits } from './limits.ts'
import type { BrokerLog } from './log.ts'
import type { Meter } from './meter.ts'
import type { ConnackCode } from './refusals.ts'
import type { EntranceRules } from './rules.ts'

/** True when this secret is the device's. */
export type Authenticate = (deviceId: string, secret: string) => Promise<boolean>

interface SignInParts {
  readonly authenticate: Authenticate
  readonly judge: EntranceRules['judge']
  readonly limits: BrokerLimits
  readonly meter: Meter
  readonly denials: Penalties
  readonly admission: Admission
  readonly log: BrokerLog
}

/** Answers undefined for a device that may come in, else the code of the CONNACK that turns it away. */
export function createSignIn(parts: SignInParts) {
  const { authenticate, judge, limits, meter, denials, admission, log } = parts
  const wrongSecrets = createPenalties(PENALTIES)

  return async function signIn(
    connection: Connection,
    password: Buffer | undefined,
  ): Promise<ConnackCode | undefined> {
    const { request, peer } = connection
    if (request === undefined) throw new Error('a sign-in without a CONNECT')
    const verdict = judge(request, limits)
    if (verdict.kind === 'refused') {
      meter.refuse(verdict.reason)
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
      meter.refuse('credentials_unavailable')
      return 3
    }
    if (!good) {
      meter.refuse('wrong_secret')
      await wait(wrongSecrets.strike(key, Date.now()))
      return 4
    }
    wrongSecrets.clear(key)
    // Who was just turned out for a foreign topic comes back slowly; nobody else does.
    await wait(denials.earned(deviceId, Date.now()))
    if (connection.socket.destroyed) return 3
    admission.settle(peer.key)
    return undefined
  }
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false })
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { ID_PATTERN } from '#contract/identity.ts'
import { isBlank } from '#contract/names.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { Instant } from '../../domain/instant.ts'
import { hashPassword, passwordMatches } from '../access/password.ts'
import type { Clock } from '../ports.ts'

/**
 * How a secret is kept. A random one has 192 bits: nobody guesses it, so a keyed hash is enough, and a
 * district that reconnects in one second after a power cut is let in. One chosen by hand is slow to guess.
 */
type CredentialScheme = 'hmac-sha256' | 'argon2id'

export interface KeptCredential {
  readonly deviceId: string
  readonly scheme: CredentialScheme
  readonly hash: string
  readonly issuedAt: Instant
  readonly revokedAt?: Instant
}

/** Where credentials are kept. */
export interface CredentialStore {
  find(deviceId: string): Promise<KeptCredential | undefined>
  list(): Promise<readonly KeptCredential[]>
  save(credential: KeptCredential): Promise<void>
  /** All in one transaction, each in place of the device's earlier one. */
  replace(credentials: readonly KeptCredential[]): Promise<void>
  /** Adds those whose device has none yet, revoked ones counting as one. */
  addMissing(credentials: readonly KeptCredential[]): Promise<void>
  revoke(deviceId: string, at: Instant): Promise<boolean>
}

export interface DeviceCredentials {
  /** True when this is the device's secret now; unknown and revoked devices have none. */
  verify(deviceId: string, secret: string): Promise<boolean>
  /** A secret chosen by hand; replaces the earlier one. */
  set(deviceId: string, secret: string): Promise<Refusal | undefined>
  /** A random secret, told this once; replaces the earlier one. */
  issue(deviceId: string): Promise<string | Refusal>
  /** A random secret for each, told this once: all of them or none. */
  issueAll(deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  revoke(deviceId: string): Promise<boolean>
  /** The demo's public secret for every device that has none. */
  ensureAll(deviceIds: Iterable<string>, secret: string): Promise<void>
  list(): Promise<readonly Omit<KeptCredential, 'hash'>[]>
}

const MIN_SECRET_LENGTH = 12
const MAX_SECRET_LENGTH = 128
const REMEMBER_MS = 10 * 60_000
const REMEMBERED = 10_000
/** Guesses at one slow secret that wait at the same time; one more is refused unchecked. */
const GUESSES_AT_ONCE = 8

export function createDeviceCredentials(parts: {
  readonly store: CredentialStore
  /** A secret of this installation, outside the database: its copy alone gives no secret away. */
  readonly key: string | Buffer
  readonly clock: Clock
}): DeviceCredentials {
  const { store, key, clock } = parts
  const slow = createSlowCheck()

  const digestOf = (deviceId: string, secret: string) =>
    createHmac('sha256', key).update(`${deviceId}\0${secret}`).digest()
  const keyed = (deviceId: string, secret: string): KeptCredential => ({
    deviceId,
    scheme: 'hmac-sha256',
    hash: digestOf(deviceId, secret).toString('base64url'),
    issuedAt: clock.now(),
  })

  return {
    async verify(deviceId, secret) {
      if (secret.length > MAX_SECRET_LENGTH) return false
      const digest = digestOf(deviceId, secret)
      const kept = await store.find(deviceId)
      const usable = kept !== undefined && kept.revokedAt === undefined
      if (usable && kept.scheme === 'argon2id') return slow(kept, digest, secret)
      // An unknown device costs the same comparison as a wrong secret.
      const expected = usable ? Buffer.from(kept.hash, 'base64url') : Buffer.alloc(digest.length)
      return timingSafeEqual(digest, expected) && usable
    },
    async set(deviceId, secret) {
      const refusal = refuseId(deviceId)
      if (refusal !== undefined) return refusal
      if (secret.length < MIN_SECRET_LENGTH || secret.length > MAX_SECRET_LENGTH) {
        return refuse('bad-value', {
          zh: `设备密钥应为 ${MIN_SECRET_LENGTH} 至 ${MAX_SECRET_LENGTH} 个字符`,
          en: `a secret of a device has ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH} characters`,
        })
      }
      if (isBlank(secret))
        return refuse('bad-value', {
          zh: '设备密钥不能只有空格或不可见字符',
          en: 'a secret of a device needs more than spaces and invisible characters',
        })
      const hash = await hashPassword(secret)
      await store.save({ deviceId, scheme: 'argon2id', hash, issuedAt: clock.now() })
      return undefined
    },
    async issue(deviceId) {
      const refusal = refuseId(deviceId)
      if (refusal !== undefined) return refusal
      const secret = randomSecret()
      await store.save(keyed(deviceId, secret))
      return secret
    },
    async issueAll(deviceIds) {
      const secrets = new Map(deviceIds.map((id) => [id, randomSecret()]))
      await store.replace(Array.from(secrets, ([id, secret]) => keyed(id, secret)))
      return secrets
    },
    revoke: (deviceId) => store.revoke(deviceId, clock.now()),
    ensureAll: (deviceIds, secret) =>
      store.addMissing(Array.from(deviceIds, (deviceId) => keyed(deviceId, secret))),
    async list() {
      return (await store.list()).map(({ hash: _hash, ...shown }) => shown)
    },
  }
}

/** Never with a dash in front, which a spreadsheet would take for a formula. */
function randomSecret(): string {
  const secret = randomBytes(24).toString('base64url')
  return secret.startsWith('-') ? randomSecret() : secret
}

function refuseId(deviceId: string): Refusal | undefined {
  return ID_PATTERN.test(deviceId)
    ? undefined
    : refuse('bad-value', { zh: '设备编号不正确', en: 'invalid device id' })
}

/**
 * Checks argon2id secrets. What was right lately is remembered under its keyed digest, so a reconnect
 * is fast; guesses at one device queue behind one another and leave the processor to the rest.
 */
function createSlowCheck() {
  const right = new Map<string, { hash: string; digest: Buffer; until: number }>()
  const queues = new Map<string, { waiting: number; last: Promise<unknown> }>()

  function isRemembered(kept: KeptCredential, digest: Buffer): boolean {
    const known = right.get(kept.deviceId)
    if (known === undefined || known.hash !== kept.hash || known.until < performance.now()) return false
    return timingSafeEqual(known.digest, digest)
  }

  function remember({ deviceId, hash }: KeptCredential, digest: Buffer): void {
    right.delete(deviceId)
    right.set(deviceId, { hash, digest, until: performance.now() + REMEMBER_MS })
    const [oldest] = right.keys()
    if (right.size > REMEMBERED && oldest !== undefined) right.delete(oldest)
  }

  return async function check(kept: KeptCredential, digest: Buffer, secret: string): Promise<boolean> {
    if (isRemembered(kept, digest)) return true
    const queue = queues.get(kept.deviceId) ?? { waiting: 0, last: Promise.resolve() }
    if (queue.waiting >= GUESSES_AT_ONCE) return false
    queues.set(kept.deviceId, queue)
    queue.waiting++
    const turn = queue.last.then(() => isRemembered(kept, digest) || passwordMatches(secret, kept.hash))
    queue.last = turn.catch(() => false)
    try {
      const good = await turn
      if (good) remember(kept, digest)
      return good
    } finally {
      queue.waiting--
      if (queue.waiting === 0) queues.delete(kept.deviceId)
    }
  }
}

import { createHash, randomBytes } from 'node:crypto'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { HOUR, type Instant } from '../../domain/instant.ts'
import { createAttempts, FREE_TRIES_OF_PEOPLE } from './attempts.ts'
import { createKnownDevices } from './known-devices.ts'
import { hashOfNothing, passwordMatches } from './password.ts'
import type { PeopleStore } from './people.ts'

const SESSION_LASTS = 12 * HOUR
/** The wall is a screen that nobody signs in again every shift. */
const WALL_SESSION_LASTS = 30 * 24 * HOUR
/** Passwords being checked or waiting for it; each check costs 20 ms of one processor. */
const MAX_CHECKS = 100
const BUSY = { zh: '尝试次数过多,请稍后再试', en: 'too many attempts; try again in a while' }
const WRONG = refuse('wrong-credentials', {
  zh: '用户名或密码不正确',
  en: 'the name or the password is wrong',
})

export interface SignIn {
  signIn(
    request: { username: string; password: string; ip: string; knownDevice?: string | undefined },
    at: Instant,
  ): Promise<SignedIn | Refusal>
  identify(token: string, at: Instant): Promise<Person | undefined>
  signOut(token: string): Promise<void>
}

export interface SignedIn {
  readonly person: Person
  readonly token: string
  readonly expiresAt: Instant
  /** For this browser to keep, so that it is known the next time; undefined where it is known. */
  readonly knownDevice?: { readonly token: string; readonly expiresAt: Instant }
}

/**
 * Signing in with a name and password. Sessions run in real time whatever the business clock says, and
 * can be revoked: only the hash of a random token is kept.
 */
export function createSignIn(
  store: PeopleStore,
  localKeys: ReadonlyMap<string, Person> = new Map(),
  key = randomBytes(32).toString('base64url'),
): SignIn {
  const knownDevices = createKnownDevices(key)
  const attempts = createAttempts(FREE_TRIES_OF_PEOPLE)
  const turns = new Map<string, Promise<void>>()
  let checks = 0
  const decoy = hashOfNothing()

  return {
    async signIn({ username, password, ip, knownDevice }, at) {
      const device = knownDevices.read(username, knownDevice, at)
      const attempt = { name: username, address: ip, device }
      if (checks >= MAX_CHECKS) return refuse('too-many-requests', BUSY)
      checks += 1
      const known = await inTurn(`${device ?? ip} ${username}`, async () => {
        if (attempts.waitMs(attempt, at) > 0) return refuse('too-many-requests', BUSY)
        const found = await accountWith(username, password)
        if (found === undefined) attempts.failed(attempt, at)
        else attempts.succeeded(attempt)
        return found ?? WRONG
      }).finally(() => (checks -= 1))
      if (isRefusal(known)) return known
      const { person, passwordHash } = known
      const token = randomBytes(32).toString('base64url')
      const lasts = person.roles.every((role) => role === 'wall') ? WALL_SESSION_LASTS : SESSION_LASTS
      const expiresAt = at + lasts
      const of = { personId: person.id, passwordHash }
      const isOpen = await store.openSession(digest(token), of, { at, expiresAt })
      if (!isOpen) return WRONG
      const signedIn = { person, token, expiresAt }
      return device === undefined ? { ...signedIn, knownDevice: knownDevices.issue(username, at) } : signedIn
    },
    async identify(token, at) {
      const hash = digest(token)
      return localKeys.get(hash) ?? (await store.personOfSession(hash, at))
    },
    signOut: (token) => store.closeSession(digest(token)),
  }

  /** Tries of one name from one address come one after the other, so that each is judged by those before. */
  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(key) ?? Promise.resolve()).then(work)
    const done = mine.then(
      () => undefined,
      () => undefined,
    )
    turns.set(key, done)
    try {
      return await mine
    } finally {
      if (turns.get(key) === done) turns.delete(key)
    }
  }

  /** An unknown name costs the same time as a wrong password. */
  async function accountWith(username: string, password: string) {
    const found = await store.find(username)
    const right = await passwordMatches(password, found?.passwordHash ?? decoy)
    return right ? found : undefined
  }
}

export function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

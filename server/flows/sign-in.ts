import { createHash, randomBytes } from 'node:crypto'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../domain/access/actor.ts'
import { HOUR, MINUTE, type Instant } from '../domain/instant.ts'
import { hashPassword, passwordMatches } from './password.ts'
import type { PeopleStore } from './people.ts'

const SESSION_LASTS = 12 * HOUR
/** The wall is a screen that nobody signs in again every shift. */
const WALL_SESSION_LASTS = 30 * 24 * HOUR
const FREE_TRIES = 5
const LONGEST_WAIT = 5 * MINUTE
const TRIES_REMEMBERED = 10_000

export interface SignIn {
  signIn(
    request: { username: string; password: string; ip: string },
    at: Instant,
  ): Promise<SignedIn | Refusal>
  identify(token: string, at: Instant): Promise<Person | undefined>
  signOut(token: string): Promise<void>
}

export interface SignedIn {
  readonly person: Person
  readonly token: string
  readonly expiresAt: Instant
}

/**
 * Signing in with a name and password. Sessions run in real time whatever the business clock says, and
 * can be revoked: only the hash of a random token is kept.
 */
export function createSignIn(store: PeopleStore, localKeys: ReadonlyMap<string, Person> = new Map()): SignIn {
  // Wrong tries count by name and address together, so that nobody can lock another person or a site out.
  const tries = new Map<string, { count: number; waitUntil: Instant }>()
  const decoy = hashPassword(randomBytes(16).toString('hex'))

  return {
    async signIn({ username, password, ip }, at) {
      const key = `${ip} ${username}`
      const before = tries.get(key)
      if (before !== undefined && before.waitUntil > at) {
        return refuse('too-many-requests', '尝试次数过多,请稍后再试')
      }
      const known = await store.find(username)
      // An unknown name costs the same time as a wrong password.
      const right = await passwordMatches(password, known?.passwordHash ?? (await decoy))
      if (known === undefined || !right) {
        const count = (before?.count ?? 0) + 1
        const wait = count < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT, 1000 * 2 ** (count - FREE_TRIES))
        remember(tries, key, { count, waitUntil: at + wait })
        return refuse('wrong-credentials', '用户名或密码不正确')
      }
      tries.delete(key)
      const token = randomBytes(32).toString('base64url')
      const lasts = known.person.roles.every((role) => role === 'wall') ? WALL_SESSION_LASTS : SESSION_LASTS
      const expiresAt = at + lasts
      await store.openSession(digest(token), known.person.id, { at, expiresAt })
      return { person: known.person, token, expiresAt }
    },
    async identify(token, at) {
      const hash = digest(token)
      return localKeys.get(hash) ?? (await store.personOfSession(hash, at))
    },
    signOut: (token) => store.closeSession(digest(token)),
  }
}

export function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const oldest = map.keys().next().value
  if (map.size > TRIES_REMEMBERED && oldest !== undefined) map.delete(oldest)
}

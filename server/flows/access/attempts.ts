import { MINUTE, type Instant } from '../../domain/instant.ts'

/** Who tries a secret, and from where. */
export interface Attempt {
  readonly name: string
  readonly address: string
}

/** Wrong secrets, counted so that guessing gets slow and nobody can lock a colleague or a site out. */
export interface Attempts {
  /** How long this attempt has to wait, ms; 0 when it may be made. */
  waitMs(attempt: Attempt, at: Instant): number
  failed(attempt: Attempt, at: Instant): void
  succeeded(attempt: Attempt): void
}

export interface FreeTries {
  /** One name from one address. */
  readonly ofPair: number
  /** One name from everywhere: guesses spread over many addresses. */
  readonly ofName: number
  /** All names from one address: one password tried on everybody. Undefined where one platform speaks for many. */
  readonly ofAddress?: number
}

export const FREE_TRIES_OF_PEOPLE: FreeTries = { ofPair: 5, ofName: 50, ofAddress: 30 }
export const FREE_TRIES_OF_DEVICES: FreeTries = { ofPair: 10, ofName: 100 }

const LONGEST_WAIT = 5 * MINUTE
const FORGOTTEN_AFTER = 15 * MINUTE
const REMEMBERED = 10_000

/**
 * A name that has signed in from an address before is known there: it waits for its own mistakes alone,
 * whatever others do in its name elsewhere or at its address.
 */
export function createAttempts(free: FreeTries): Attempts {
  const wrong = new Map<string, { count: number; at: Instant; waitUntil: Instant }>()
  const known = new Map<string, true>()
  const pairOf = ({ name, address }: Attempt) => `${address} ${name}`

  /** Every count that this attempt runs into, with what it may cost. */
  function countsOf(attempt: Attempt): readonly (readonly [key: string, free: number])[] {
    const pair = [`pair ${pairOf(attempt)}`, free.ofPair] as const
    if (known.has(pairOf(attempt))) return [pair]
    const name = [`name ${attempt.name}`, free.ofName] as const
    if (free.ofAddress === undefined) return [pair, name]
    return [pair, name, [`address ${attempt.address}`, free.ofAddress] as const]
  }

  return {
    waitMs(attempt, at) {
      const waits = countsOf(attempt).map(([key]) => (wrong.get(key)?.waitUntil ?? at) - at)
      return Math.max(0, ...waits)
    },
    failed(attempt, at) {
      for (const [key, freeTries] of countsOf(attempt)) {
        const before = wrong.get(key)
        const count = before === undefined || at - before.at > FORGOTTEN_AFTER ? 1 : before.count + 1
        const wait = count < freeTries ? 0 : Math.min(LONGEST_WAIT, 1000 * 2 ** (count - freeTries))
        remember(wrong, key, { count, at, waitUntil: at + wait })
      }
    },
    succeeded(attempt) {
      wrong.delete(`pair ${pairOf(attempt)}`)
      remember(known, pairOf(attempt), true)
    },
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const oldest = map.keys().next().value
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest)
}

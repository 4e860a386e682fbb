import { LRUCache } from 'lru-cache'
import { createPenalties } from '#contract/penalties.ts'
import { MINUTE, type Instant } from '../../domain/instant.ts'

/** Who tries a secret, and from where. */
interface Attempt {
  readonly name: string
  readonly address: string
  /** The browser, where the name has signed in with it before. */
  readonly device?: string | undefined
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

const LENGTHS = { shortestMs: 1000, longestMs: 5 * MINUTE, forgottenAfterMs: 15 * MINUTE }
const MAX_KNOWN = 10_000

/**
 * A name that has signed in from an address before is known there: it waits for its own mistakes alone,
 * and so does a browser that proves it, from whichever address; whatever others do in its name elsewhere or at its address.
 */
export function createAttempts(free: FreeTries): Attempts {
  const wrong = createPenalties(LENGTHS)
  const known = new LRUCache<string, true>({ max: MAX_KNOWN })
  const deviceOf = ({ name, device = '' }: Attempt) => `device ${device} ${name}`
  const pairOf = ({ name, address }: Attempt) => `${address} ${name}`

  /** Every count that this attempt runs into, with what it may cost. */
  function countsOf(attempt: Attempt): readonly (readonly [key: string, free: number])[] {
    if (attempt.device !== undefined) return [[deviceOf(attempt), free.ofPair]]
    const pair = [`pair ${pairOf(attempt)}`, free.ofPair] as const
    if (known.has(pairOf(attempt))) return [pair]
    const name = [`name ${attempt.name}`, free.ofName] as const
    if (free.ofAddress === undefined) return [pair, name]
    return [pair, name, [`address ${attempt.address}`, free.ofAddress] as const]
  }

  return {
    waitMs: (attempt, at) => Math.max(...countsOf(attempt).map(([key]) => wrong.wait(key, at))),
    failed(attempt, at) {
      for (const [key, freeTries] of countsOf(attempt)) wrong.strike(key, at, freeTries)
    },
    succeeded(attempt) {
      wrong.clear(`pair ${pairOf(attempt)}`)
      wrong.clear(deviceOf(attempt))
      known.set(pairOf(attempt), true)
    },
  }
}

import { LRUCache } from 'lru-cache'

/** Waits that double with every offence of one key and are forgotten after a while; times in ms. */
export interface Penalties {
  /** Counts an offence and answers the wait that it earns; those before the `first` one that costs are free. */
  strike(key: string, now: number, first?: number): number
  /** What is left of the wait that offences have earned. */
  wait(key: string, now: number): number
  /** The whole of it, for as long as they are not forgotten. */
  earned(key: string, now: number): number
  clear(key: string): void
}

export interface PenaltyLengths {
  readonly shortestMs: number
  readonly longestMs: number
  readonly forgottenAfterMs: number
}

/** So many that nobody makes others forgotten at no cost, in some 2 MB. */
const MAX_KEYS = 10_000

/** The same rule at every entrance: guessed passwords, guessed secrets and forbidden topics. */
export function createPenalties({ shortestMs, longestMs, forgottenAfterMs }: PenaltyLengths): Penalties {
  const offences = new LRUCache<string, { count: number; at: number; wait: number }>({ max: MAX_KEYS })

  function remembered(key: string, now: number) {
    const known = offences.peek(key)
    return known !== undefined && now - known.at <= forgottenAfterMs ? known : { count: 0, at: now, wait: 0 }
  }

  return {
    strike(key, now, first = 1) {
      const count = remembered(key, now).count + 1
      const wait = count < first ? 0 : Math.min(longestMs, shortestMs * 2 ** (count - first))
      offences.set(key, { count, at: now, wait })
      return wait
    },
    wait(key, now) {
      const { at, wait } = remembered(key, now)
      return Math.max(0, at + wait - now)
    },
    earned: (key, now) => remembered(key, now).wait,
    clear: (key) => void offences.delete(key),
  }
}

/** Waiting times that grow with every offence of one key and are forgotten after a while. */
export interface Penalties {
  /** Counts an offence and answers the wait that it earns, ms. */
  strike(key: string, now: number): number
  /** The wait that earlier offences have left, ms. */
  wait(key: string, now: number): number
  clear(key: string): void
}

const FIRST_MS = 100
const LONGEST_MS = 5000
const FORGET_MS = 60_000
const KEYS = 10_000

/**
 * A key names one device at one address, or one device: a neighbour behind the same address never
 * waits for somebody else's mistakes.
 */
export function createPenalties(): Penalties {
  const offences = new Map<string, { count: number; at: number }>()

  function wait(key: string, now: number): number {
    const offence = offences.get(key)
    if (offence === undefined || now - offence.at > FORGET_MS) return 0
    return Math.min(LONGEST_MS, FIRST_MS * 2 ** (offence.count - 1))
  }

  return {
    wait,
    strike(key, now) {
      const before = wait(key, now) === 0 ? 0 : (offences.get(key)?.count ?? 0)
      offences.delete(key)
      offences.set(key, { count: before + 1, at: now })
      const [oldest] = offences.keys()
      if (offences.size > KEYS && oldest !== undefined) offences.delete(oldest)
      return wait(key, now)
    },
    clear: (key) => offences.delete(key),
  }
}

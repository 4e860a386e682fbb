import { StoreDamaged, StoreUnavailable, type Log } from '../ports.ts'

export interface Pauses {
  /** Between two writes of the little that trickles in. */
  readonly gatherMs: number
  readonly firstRetryMs: number
  readonly mostRetryMs: number
  /** After a refusal that only somebody's hand will mend. */
  readonly misconfiguredMs: number
  /** Between two marks: at least and at most. */
  readonly markMs: number
  readonly mostMarkMs: number
}
export const PAUSES: Pauses = {
  gatherMs: 250,
  firstRetryMs: 1000,
  mostRetryMs: 15_000,
  misconfiguredMs: 60_000,
  markMs: 10_000,
  mostMarkMs: 60_000,
}

export interface Patience {
  readonly signal: AbortSignal
  /** Tries until it works; undefined when told to stop, even while a store does not answer. */
  lasting<T>(work: () => T | Promise<T>): Promise<T | undefined>
  /** A short wait that `hurry` ends. */
  gather(): Promise<void>
  hurry(): void
  stop(): void
  problem(): string | undefined
}

export interface PatienceParts {
  readonly pauses: Pauses
  readonly store: string
  readonly log: Log
  troubled(): void
}

/** Waits for a store that is away, ever more slowly, and never gives up on one that is not damaged. One piece of work at a time. */
export function createPatience({ pauses, store, log, troubled }: PatienceParts): Patience {
  const stopping = new AbortController()
  let wake: ((why: 'hurry' | 'stop') => void) | undefined
  let problem: string | undefined

  return {
    signal: stopping.signal,
    lasting,
    gather: () => pause(pauses.gatherMs, 'gather'),
    hurry: () => wake?.('hurry'),
    stop() {
      stopping.abort()
      wake?.('stop')
    },
    problem: () => problem,
  }

  async function lasting<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    for (let tries = 0; !stopping.signal.aborted; tries++) {
      try {
        const result = await unlessStopped(Promise.resolve(work()))
        if (stopping.signal.aborted) return undefined
        if (problem !== undefined) log.info({ store }, 'the readings store works again')
        problem = undefined
        return result
      } catch (error) {
        if (error instanceof StoreDamaged) throw error
        if (problem === undefined) log.error({ err: error, store }, 'readings cannot be stored')
        problem = error instanceof Error ? error.message : String(error)
        troubled()
        await pause(retryMs(error, tries), 'retry')
      }
    }
    return undefined
  }

  function retryMs(error: unknown, tries: number): number {
    if (error instanceof StoreUnavailable) {
      if (error.misconfigured) return pauses.misconfiguredMs
      if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, pauses.misconfiguredMs)
    }
    const most = Math.min(pauses.mostRetryMs, pauses.firstRetryMs * 2 ** tries)
    return most * (0.75 + Math.random() / 4)
  }

  /** Not a race with one promise of the whole life: each round would stay attached to it. */
  function unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      wake = (event) => {
        if (event === 'stop') resolve(undefined)
      }
      work.then(resolve, reject)
    })
  }

  async function pause(ms: number, why: 'gather' | 'retry'): Promise<void> {
    if (stopping.signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, ms, undefined)
    wake = (event) => {
      if (event === 'stop' || why === 'gather') resolve(undefined)
    }
    await promise
    clearTimeout(timer)
    wake = undefined
  }
}

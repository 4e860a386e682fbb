import { StoreDamaged, StoreUnavailable, type Log } from '../ports.ts'

export interface RetryDelays {
  /** Between two writes of the little that trickles in. */
  readonly debounceMs: number
  readonly firstRetryMs: number
  readonly maxRetryMs: number
  /** After a refusal that only somebody's hand will mend. */
  readonly misconfiguredMs: number
  /** Between two checkpoints: at least and at most. */
  readonly checkpointMs: number
  readonly maxCheckpointMs: number
}
export const RETRY_DELAYS: RetryDelays = {
  debounceMs: 250,
  firstRetryMs: 1000,
  maxRetryMs: 15_000,
  misconfiguredMs: 60_000,
  checkpointMs: 10_000,
  maxCheckpointMs: 60_000,
}

export interface Retrier {
  readonly signal: AbortSignal
  /** Tries until it works; undefined when told to stop, even while a store does not answer. */
  retryForever<T>(work: () => T | Promise<T>): Promise<T | undefined>
  /** A short wait that `wake` ends. */
  debounce(): Promise<void>
  wake(): void
  stop(): void
  problem(): string | undefined
}

export interface RetrierParts {
  readonly delays: RetryDelays
  readonly store: string
  readonly log: Log
  onFailure(): void
}

/** Waits for a store that is away, ever more slowly, and never gives up on one that is not damaged. One piece of work at a time. */
export function createRetrier({ delays, store, log, onFailure }: RetrierParts): Retrier {
  const stopping = new AbortController()
  let wake: ((why: 'wake' | 'stop') => void) | undefined
  let problem: string | undefined

  return {
    signal: stopping.signal,
    retryForever,
    debounce: () => pause(delays.debounceMs, 'debounce'),
    wake: () => wake?.('wake'),
    stop() {
      stopping.abort()
      wake?.('stop')
    },
    problem: () => problem,
  }

  async function retryForever<T>(work: () => T | Promise<T>): Promise<T | undefined> {
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
        onFailure()
        await pause(retryMs(error, tries), 'retry')
      }
    }
    return undefined
  }

  function retryMs(error: unknown, tries: number): number {
    if (error instanceof StoreUnavailable) {
      if (error.misconfigured) return delays.misconfiguredMs
      if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, delays.misconfiguredMs)
    }
    const most = Math.min(delays.maxRetryMs, delays.firstRetryMs * 2 ** tries)
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

  async function pause(ms: number, why: 'debounce' | 'retry'): Promise<void> {
    if (stopping.signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, ms, undefined)
    wake = (event) => {
      if (event === 'stop' || why === 'debounce') resolve(undefined)
    }
    await promise
    clearTimeout(timer)
    wake = undefined
  }
}

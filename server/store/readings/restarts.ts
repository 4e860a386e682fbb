/** Threads that fell one after the other, and how long the next one waits. */
export interface Restarts {
  /** A thread begins. */
  begun(): void
  /** It does what it is there for. */
  worked(): void
  /** It fell; milliseconds until the next one is to begin. */
  fell(): number
  /** Threads in a row that had worked and fell all the same; 0 once one of them has stayed. */
  relapses(): number
}

const FIRST_PAUSE_MS = 2000
const MAX_PAUSE_MS = 60_000
/** A thread that has lived so long has stayed: longer than the longest pause, or falls would never add up. */
const STAYED_MS = 5 * MAX_PAUSE_MS

/** Work that was done before a fall proves nothing: a thread may store a batch each time and fall in the upkeep after it. */
export function createRestarts(monotonic: () => number = () => performance.now()): Restarts {
  let beganAt = monotonic()
  let falls = 0
  let relapses = 0
  let isWorking = false

  function forgetIfStayed(): void {
    if (!isWorking || monotonic() - beganAt < STAYED_MS) return
    falls = 0
    relapses = 0
  }

  return {
    begun() {
      beganAt = monotonic()
      isWorking = false
    },
    worked() {
      isWorking = true
    },
    fell() {
      forgetIfStayed()
      relapses += isWorking ? 1 : 0
      isWorking = false
      return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** falls++)
    },
    relapses() {
      forgetIfStayed()
      return relapses
    },
  }
}

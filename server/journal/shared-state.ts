import type { Cursor } from '../flows/ports.ts'

/** Memory that threads share: the writer publishes the journal's range, readers add their counts. */
export interface SharedState {
  readonly buffer: SharedArrayBuffer
  end(): Cursor
  start(): Cursor
  setEnd(cursor: Cursor): void
  setStart(cursor: Cursor): void
  /** Bytes that the journal may take. */
  capacity(): number
  setCapacity(bytes: number): void
  /** Resolves when the end is no longer this one, or when aborted. */
  endMoved(from: Cursor, signal: AbortSignal): Promise<void>
  countBad(bytes: number): void
  badStretches(): number
  badBytes(): number
}

const END = 0
const START = 1
const BAD_STRETCHES = 2
const BAD_BYTES = 3
const CAPACITY = 4
const SLOTS = 5

export function sharedState(buffer = new SharedArrayBuffer(SLOTS * 8)): SharedState {
  const slots = new BigInt64Array(buffer)
  const get = (slot: number): number => Number(Atomics.load(slots, slot))
  return {
    buffer,
    end: () => get(END),
    start: () => get(START),
    setEnd(cursor) {
      Atomics.store(slots, END, BigInt(cursor))
      Atomics.notify(slots, END)
    },
    setStart: (cursor) => void Atomics.store(slots, START, BigInt(cursor)),
    capacity: () => get(CAPACITY),
    setCapacity: (bytes) => void Atomics.store(slots, CAPACITY, BigInt(bytes)),
    async endMoved(from, signal) {
      const wait = Atomics.waitAsync(slots, END, BigInt(from))
      if (!wait.async || signal.aborted) return
      const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
      const onAbort = (): void => resolve(undefined)
      signal.addEventListener('abort', onAbort, { once: true })
      await Promise.race([wait.value, aborted])
      signal.removeEventListener('abort', onAbort)
    },
    countBad(bytes) {
      Atomics.add(slots, BAD_STRETCHES, 1n)
      Atomics.add(slots, BAD_BYTES, BigInt(bytes))
    },
    badStretches: () => get(BAD_STRETCHES),
    badBytes: () => get(BAD_BYTES),
  }
}

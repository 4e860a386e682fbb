import { setImmediate as nextTurn } from 'node:timers/promises'

/** A device waits for its PUBACK no longer than this for a reader's question. */
const SLICE_MS = 10

/** What steps come to in the end; everybody else has the event loop every few milliseconds. */
export async function lastInSlices<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let until = performance.now() + SLICE_MS; ;) {
    const { done, value } = steps.next()
    if (done === true) return value
    if (performance.now() < until) continue
    await nextTurn()
    until = performance.now() + SLICE_MS
  }
}

/** Collects what is reckoned step by step, and lets everybody else have the event loop every few milliseconds. */
export async function inSlices<T>(steps: Iterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  let until = performance.now() + SLICE_MS
  for (const step of steps) {
    found.push(step)
    if (performance.now() < until) continue
    await nextTurn()
    until = performance.now() + SLICE_MS
  }
  return found
}

import type { LeakPlace } from '../core/leak-response.ts'

/**
 * Which places no sensor tells apart, as on a branch beyond the last one: by row the number of the first
 * row that is the same. Hypotheses that are the same are weighed once.
 * @param rows row by place, column by sensor; all of `width`
 */
export function indistinctRows(places: readonly LeakPlace[], rows: Float32Array, width: number): Int32Array {
  const first = Int32Array.from(places, (_, n) => n)
  const byHash = new Map<number, number[]>()
  for (const [n, { side }] of places.entries()) {
    const hash = hashOf(rows, n * width, width)
    const known = byHash.get(hash) ?? []
    const same = known.find(
      (other) => places[other]?.side === side && isSame(rows, n * width, other * width, width),
    )
    if (same === undefined) byHash.set(hash, [...known, n])
    else first[n] = same
  }
  return first
}

/** So much is the same [kPa/(t/h)]: some thousandths of a kPa at the greatest leaks. */
const STEP = 1e-5

/** Rounds in place, so that what differs by the last digits alone is the same. */
export function roundRows(rows: Float32Array): void {
  for (let k = 0; k < rows.length; k += 1) rows[k] = Math.round((rows[k] ?? 0) / STEP) * STEP
}

function hashOf(rows: Float32Array, from: number, width: number): number {
  let hash = 2166136261
  for (let k = from; k < from + width; k += 1) {
    hash = Math.imul(hash ^ Math.round((rows[k] ?? 0) / STEP), 16777619)
  }
  return hash
}

function isSame(rows: Float32Array, a: number, b: number, width: number): boolean {
  for (let k = 0; k < width; k += 1) if (rows[a + k] !== rows[b + k]) return false
  return true
}

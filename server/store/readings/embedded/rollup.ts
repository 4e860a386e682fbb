import { HOUR, MINUTE, type Instant } from '../../../domain/instant.ts'
import { fromSteps, pack, steps, unpack } from './compress.ts'
import type { Chunk, Value } from './chunk.ts'

/** Widths of the two roll-ups, ms. */
export const WIDTHS = { minutes: 5 * MINUTE, hours: HOUR } as const
export type Tier = keyof typeof WIDTHS

/** What a stretch of a signal came to: both extremes with their own instants. */
export interface Bucket {
  leastAt: Instant
  least: Value
  mostAt: Instant
  most: Value
  sum: number
  count: number
}

/** Each signal's buckets of `width` ms, in order of time; stretches without a value have none. */
export function rollUp(chunk: Chunk, width: number): Map<string, Bucket[]> {
  return new Map([...chunk.signals].map(([signal, values]) => [signal, bucketsOf(chunk.at, values, width)]))
}

function bucketsOf(at: readonly Instant[], values: readonly (Value | null)[], width: number): Bucket[] {
  const buckets: Bucket[] = []
  let openSlot: number | undefined
  for (const [i, instant] of at.entries()) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const slot = Math.floor(instant / width)
    if (slot !== openSlot) {
      buckets.push({ leastAt: instant, least: value, mostAt: instant, most: value, sum: 0, count: 0 })
      openSlot = slot
    }
    const bucket = buckets.at(-1)
    if (bucket !== undefined) include(bucket, instant, value)
  }
  return buckets
}

function include(bucket: Bucket, instant: Instant, value: Value): void {
  bucket.sum += Number(value)
  bucket.count++
  if (value < bucket.least) [bucket.least, bucket.leastAt] = [value, instant]
  if (value > bucket.most) [bucket.most, bucket.mostAt] = [value, instant]
}

type Columns = [string, number[], Value[], number[], Value[], number[], number[]]

/** Column by column, the mean with seven digits. */
export function encodeRollup(rollup: ReadonlyMap<string, readonly Bucket[]>): Uint8Array {
  return pack(
    [...rollup].map(([signal, buckets]): Columns => [
      signal,
      steps(buckets.map((bucket) => bucket.leastAt)),
      buckets.map((bucket) => bucket.least),
      buckets.map((bucket) => bucket.mostAt - bucket.leastAt),
      buckets.map((bucket) => bucket.most),
      buckets.map((bucket) => Number((bucket.sum / bucket.count).toPrecision(7))),
      buckets.map((bucket) => bucket.count),
    ]),
  )
}

export function decodeRollup(body: Uint8Array): Map<string, Bucket[]> {
  const columns = unpack(body) as Columns[]
  return new Map(
    columns.map(([signal, leastSteps, least, mostAfter, most, mean, count]) => [
      signal,
      fromSteps(leastSteps).map((leastAt, i) => ({
        leastAt,
        least: least[i] ?? 0,
        mostAt: leastAt + (mostAfter[i] ?? 0),
        most: most[i] ?? 0,
        sum: (mean[i] ?? 0) * (count[i] ?? 0),
        count: count[i] ?? 0,
      })),
    ]),
  )
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A stretch of time on the strip, with the step of its keys and the distance of its labels. */
export interface Span {
  readonly key: 'hours6' | 'day' | 'week'
  readonly lengthMs: number
  readonly stepMs: number
  readonly labelMs: number
}
export const SPANS: readonly [Span, Span, Span] = [
  { key: 'hours6', lengthMs: 6 * HOUR, stepMs: MINUTE, labelMs: HOUR },
  { key: 'day', lengthMs: 24 * HOUR, stepMs: 5 * MINUTE, labelMs: 3 * HOUR },
  { key: 'week', lengthMs: 168 * HOUR, stepMs: 30 * MINUTE, labelMs: 24 * HOUR },
]
/** Asia/Shanghai: labels stand at full hours and midnights there. */
const OFFSET = 8 * HOUR

/** Full hours (or midnights) within a stretch, as instants. */
export function labelsOf(from: number, to: number, every: number): readonly number[] {
  const first = Math.ceil((from + OFFSET) / every) * every - OFFSET
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / every) + 1) },
    (_, n) => first + n * every,
  )
}

/** Heights 0…1 of bars: one entry is seen, a flood does not hide the rest. */
export function barHeights(bins: readonly number[]): readonly number[] {
  const most = Math.max(...bins, 1)
  return bins.map((count) => (count === 0 ? 0 : Math.max(0.18, Math.sqrt(count / most))))
}

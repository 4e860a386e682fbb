import { DAY, MINUTE, type Instant } from '../../instant.ts'
import type { Buckets, SeriesState } from './state.ts'

export const BUCKET_MS = 15 * MINUTE
export const QUARTERS_OF_HOUR = 4
export const QUARTERS_OF_DAY = 24 * QUARTERS_OF_HOUR
/** 24 h of closed buckets and the open one. */
const BUCKETS = QUARTERS_OF_DAY + 1
/** Ten minutes of one every ten seconds. Forgotten sixteen at a time: a full list is not moved at each value. */
const SEEN = 64
const FORGOTTEN = 16
const RECENT = 7
/** Buckets needed before their median counts as a baseline: two hours. */
const ENOUGH_BUCKETS = 8
const ENOUGH_RECENT = 3

export function createSeries(): SeriesState {
  return {
    seen: [],
    at: 0,
    value: 0,
    recent: [],
    recentAt: [],
    usual: [],
    equal: 0,
    equalSince: 0,
    outOfRange: 0,
    otherUnit: 0,
    inOrder: 0,
    stir: 0,
    spikes: [],
  }
}

/**
 * Takes a time in once: false for one that was taken before, or that lies behind everything remembered
 * and could have been.
 */
export function admit(series: SeriesState, at: Instant): boolean {
  const { seen } = series
  let place = seen.length
  while (place > 0) {
    const other = seen[place - 1] ?? 0
    if (other === at) return false
    if (other < at) break
    place -= 1
  }
  if (place === 0 && seen.length >= SEEN) return false
  if (place === seen.length) seen.push(at)
  else seen.splice(place, 0, at)
  if (seen.length === SEEN + FORGOTTEN) seen.splice(0, FORGOTTEN)
  return true
}

const STIR_MEMORY = 50
const STIR_FIRST = 10

/** A single jump says little of how a signal usually moves. */
function stirBy(series: SeriesState, step: number): void {
  const most = series.stir === 0 ? step : 5 * series.stir
  const memory = series.recent.length < RECENT ? STIR_FIRST : STIR_MEMORY
  series.stir += (Math.min(step, most) - series.stir) / memory
}

/** What was usual before a silence of so long is so no more. */
const FORGOTTEN_MS = 7 * DAY

/** Forgets what was usual: the device stands elsewhere now, or has slept for weeks. */
export function startAnew(series: SeriesState): void {
  series.recent = []
  series.recentAt = []
  series.usual = []
  series.stir = 0
  delete series.buckets
}

/** Remembers a usable value as one of the newest. Late ones only fill the baseline. */
export function remember(series: SeriesState, at: Instant, value: number): void {
  if (at < series.at) return
  if (series.at !== 0 && at - series.at > FORGOTTEN_MS) startAnew(series)
  if (series.at !== 0) stirBy(series, Math.abs(value - series.value))
  if (series.at !== 0 && value === series.value) series.equal += 1
  else {
    series.equal = 1
    series.equalSince = at
  }
  series.at = at
  series.value = value
  pushNewest(series.recent, value)
  pushNewest(series.recentAt, at)
}

/** The oldest of seven goes. Moved by hand: shift and push of a full array cost many times as much. */
function pushNewest(values: number[], value: number): void {
  if (values.length < RECENT) return void values.push(value)
  for (let index = 1; index < RECENT; index += 1) values[index - 1] = values[index] ?? 0
  values[RECENT - 1] = value
}

/**
 * Lets a value into the baseline: into its quarter of an hour (one older than 24 h is too late) and into
 * the last usual values. Never called while the rule that reads the baseline is alarmed.
 */
export function learn(series: SeriesState, at: Instant, value: number): void {
  if (at >= series.at) pushNewest(series.usual, value)
  const bucket = Math.floor(at / BUCKET_MS)
  const buckets = (series.buckets ??= {
    newest: -1,
    mean: new Array<number>(BUCKETS).fill(0),
    count: new Array<number>(BUCKETS).fill(0),
    closed: 0,
  })
  if (bucket > buckets.newest) advance(buckets, bucket)
  else if (bucket <= buckets.newest - BUCKETS) return
  const slot = bucket % BUCKETS
  const count = (buckets.count[slot] ?? 0) + 1
  const mean = buckets.mean[slot] ?? 0
  buckets.count[slot] = count
  buckets.mean[slot] = mean + (value - mean) / count
}

function advance(buckets: Buckets, bucket: number): void {
  const first = buckets.newest === -1 ? bucket : Math.max(buckets.newest + 1, bucket - BUCKETS + 1)
  for (let number = first; number <= bucket; number += 1) {
    buckets.mean[number % BUCKETS] = 0
    buckets.count[number % BUCKETS] = 0
  }
  buckets.newest = bucket
  const open = bucket % BUCKETS
  let closed = 0
  for (let slot = 0; slot < BUCKETS; slot += 1) {
    if (slot !== open && (buckets.count[slot] ?? 0) > 0) scratch[closed++] = buckets.mean[slot] ?? 0
  }
  buckets.closed = closed
  if (closed < ENOUGH_BUCKETS) delete buckets.median
  else buckets.median = middleOf(closed)
}

/** Means of the buckets numbered `from` to `to`, both included, that have readings. */
export function meansBetween(buckets: Buckets, from: number, to: number): number[] {
  const means: number[] = []
  const first = Math.max(from, buckets.newest - BUCKETS + 1, 0)
  for (let number = first; number <= Math.min(to, buckets.newest); number += 1) {
    const mean = meanOf(buckets, number)
    if (mean !== undefined) means.push(mean)
  }
  return means
}

/** Mean of one quarter of an hour of the last 24 h; undefined without readings. */
export function meanOf(buckets: Buckets, number: number): number | undefined {
  if (number < 0 || number > buckets.newest || number <= buckets.newest - BUCKETS) return undefined
  const slot = number % BUCKETS
  return (buckets.count[slot] ?? 0) === 0 ? undefined : buckets.mean[slot]
}

/** What a signal normally is: the median of its last 24 h, or of its last few values if it speaks rarely. */
export interface Baseline {
  readonly value: number
  readonly kind: 'day' | 'recent'
}

/** Undefined: too few readings yet, and absolute limits apply. */
export function baselineOf(series: SeriesState | undefined): Baseline | undefined {
  const value = normalOf(series)
  if (series === undefined || value === undefined) return undefined
  return { value, kind: series.buckets?.median === undefined ? 'recent' : 'day' }
}

/** The same value alone, for what is asked at every reading. */
export function normalOf(series: SeriesState | undefined): number | undefined {
  if (series === undefined) return undefined
  const { buckets, usual } = series
  if (buckets?.median !== undefined) return buckets.median
  return usual.length < ENOUGH_RECENT ? undefined : median(usual)
}

/**
 * The same once two hours have been seen: a device that is being put into its place measures the engineer's
 * car first, and the open chamber.
 */
export function settledNormalOf(series: SeriesState | undefined): number | undefined {
  if (series === undefined) return undefined
  const { buckets, recentAt, at } = series
  const span = at - (recentAt[0] ?? at)
  return buckets?.median ?? (span < ENOUGH_BUCKETS * BUCKET_MS ? undefined : normalOf(series))
}

/** Median of values; NaN of none. */
export function median(values: readonly number[]): number {
  const { length } = values
  if (length <= RECENT) return medianOfFew(values)
  if (length > scratch.length) return medianOfMany(values)
  for (let index = 0; index < length; index += 1) scratch[index] = values[index] ?? 0
  return middleOf(length)
}

function medianOfMany(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

const few = new Float64Array(RECENT)

/** Sorted by insertion in one place: before a day's baseline is known every reading asks for this. */
function medianOfFew(values: readonly number[]): number {
  const { length } = values
  for (let index = 0; index < length; index += 1) {
    const value = values[index] ?? Number.NaN
    let place = index
    for (; place > 0 && (few[place - 1] ?? 0) > value; place -= 1) few[place] = few[place - 1] ?? 0
    few[place] = value
  }
  if (length === 0) return Number.NaN
  const upper = few[length >> 1] ?? Number.NaN
  return length % 2 === 1 ? upper : (upper + (few[(length >> 1) - 1] ?? Number.NaN)) / 2
}

const scratch = new Float64Array(1024)

/** Median of the values that are numbers, quickly: by selection, not by sorting; NaN of none. */
export function medianKnown(values: Float64Array): number {
  let count = 0
  for (let n = 0; n < values.length && count < scratch.length; n += 1) {
    const value = values[n] ?? Number.NaN
    if (!Number.isNaN(value)) scratch[count++] = value
  }
  return count === 0 ? Number.NaN : middleOf(count)
}

/** Median of the first `count` values of `scratch`. */
function middleOf(count: number): number {
  const middle = count >> 1
  const upper = select(middle, count)
  if (count % 2 === 1) return upper
  // Below the selected place everything is smaller or equal.
  let lower = -Infinity
  for (let n = 0; n < middle; n += 1) lower = Math.max(lower, scratch[n] ?? 0)
  return (lower + upper) / 2
}

/** Hoare's selection: afterwards `scratch[place]` is what sorting would put there. */
function select(place: number, count: number): number {
  let [left, right] = [0, count - 1]
  while (left < right) {
    const pivot = scratch[place] ?? 0
    let [i, j] = [left, right]
    while (i <= j) {
      while ((scratch[i] ?? 0) < pivot) i += 1
      while ((scratch[j] ?? 0) > pivot) j -= 1
      if (i > j) break
      const kept = scratch[i] ?? 0
      scratch[i] = scratch[j] ?? 0
      scratch[j] = kept
      i += 1
      j -= 1
    }
    if (j < place) left = i
    if (i > place) right = j
  }
  return scratch[place] ?? Number.NaN
}

/** Robust standard deviation: 1.4826 · MAD. */
export function robustSigma(values: readonly number[], centre: number): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)))
}

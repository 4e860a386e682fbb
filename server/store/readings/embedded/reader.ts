import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { DAY } from '../../../domain/instant.ts'
import { StoreUnavailable, type Log, type ReadingsQuery, type ReadingsSeries } from '../../../flows/ports.ts'
import { asUnavailable, isDamaged } from '../../../disk/sqlite-errors.ts'
import { slotMs, Downsampler, type Point } from '../downsample.ts'
import { level0ChunkOf } from './level0-tables.ts'
import { isLegacy } from './level0-legacy.ts'
import {
  closeLayout,
  dayOf,
  dayOfRawName,
  LEVEL0,
  openLayout,
  rawName,
  rollupKey,
  rollupName,
  type Layout,
} from './layout.ts'
import { mergeChunks, splitChunk, type Chunk } from './chunk.ts'
import { decodeWhole } from './chunk-format.ts'
import { decodeRollup, WIDTHS, type Tier } from './rollup.ts'
import { chunksOf } from './sstables.ts'
import { sql } from './sqlite.ts'

/** Longest stretch of decoding between two breaths of the event loop. */
const BREATH_MS = 10

/** Reads what the writer has committed, through connections of its own that cannot write. */
export class EmbeddedReader {
  readonly #layout: Layout

  readonly #log: Log | undefined
  readonly #damaged = new Set<string>()

  constructor(dir: string, log?: Log) {
    this.#layout = openLayout(dir, true)
    this.#log = log
  }

  async query(query: ReadingsQuery): Promise<readonly ReadingsSeries[]> {
    try {
      return await this.#answer(query)
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  async #answer(query: ReadingsQuery): Promise<readonly ReadingsSeries[]> {
    const fresh = this.#layout.level0.file(LEVEL0)
    if (fresh === undefined) return []
    if (isLegacy(fresh)) throw new StoreUnavailable('the newest readings are being brought into a new form')
    const answers: ReadingsSeries[] = []
    for (const [deviceId, series] of devicesOf(fresh, query)) {
      const signals = await this.#signalsOf(fresh, series, query)
      for (const [signal, thinned] of [...signals].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const points = thinned.points()
        if (points.length > 0) answers.push({ deviceId, signal, points })
      }
    }
    return answers
  }

  async #signalsOf(
    fresh: DatabaseSync,
    series: readonly number[],
    query: ReadingsQuery,
  ): Promise<Map<string, Downsampler>> {
    const signals = new Map<string, Downsampler>()
    // Fresh chunks first: what is flushed meanwhile is then met twice, not missed.
    const level0ByDay = new Map(splitChunk(level0ChunkOf(fresh, series, this.#noting(LEVEL0)), DAY))
    let breathed = performance.now()
    for (const day of this.#daysOf(query, [...level0ByDay.keys()])) {
      const rolledUp = this.#addRollups(signals, day, series, query)
      const chunks = this.#unlessDamaged(rawName(day), [], () => {
        const raw = this.#layout.raw.file(rawName(day))
        return raw === undefined ? [] : chunksOf(raw, series)
      })
      const unrolled = chunks.filter((chunk) => !(chunk.closed && rolledUp.has(chunk.series)))
      const noting = this.#noting(rawName(day))
      const newest = level0ByDay.get(day)
      const decoded = [
        ...unrolled.flatMap(({ body }) => decodeWhole(body, noting)),
        ...(newest === undefined ? [] : [newest]),
      ]
      if (decoded.length > 0) addChunk(signals, mergeChunks(decoded), query)
      if (query.limit !== undefined && isFull(signals, query.limit)) break
      if (performance.now() - breathed < BREATH_MS) continue
      await breathe()
      breathed = performance.now()
    }
    return signals
  }

  /** Days within the question that any file can say something of. */
  #daysOf({ from, to }: ReadingsQuery, level0Days: readonly number[]): number[] {
    const years = this.#layout.hours.names().flatMap((year) => dayOfRawName(`${year}-01-01`) ?? [])
    const months = this.#layout.minutes.names().flatMap((month) => dayOfRawName(`${month}-01`) ?? [])
    const raw = this.#layout.raw.names().flatMap((name) => dayOfRawName(name) ?? [])
    const known = [...years, ...months, ...raw, ...level0Days]
    if (known.length === 0) return []
    const first = Math.max(dayOf(from), Math.min(...known))
    const last = Math.min(dayOf(to), Math.max(...raw, ...level0Days))
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  }

  /** Takes the day's roll-ups where they are fine enough, or all that is left; says for which series. */
  #addRollups(
    signals: Map<string, Downsampler>,
    day: number,
    series: readonly number[],
    query: ReadingsQuery,
  ): ReadonlySet<number> {
    const found = new Set<number>()
    for (const tier of this.#tiersFor(day, query)) {
      for (const one of series) {
        if (found.has(one)) continue
        const row = this.#unlessDamaged(rollupName(tier, day), undefined, () => {
          const db = this.#layout[tier].file(rollupName(tier, day))
          return db && sql(db, 'select body from rollups where key = ?').get(rollupKey(day, one))
        })
        const rollup = row && this.#rollupIn(row['body'] as Uint8Array, rollupName(tier, day))
        if (rollup === undefined) continue
        found.add(one)
        for (const [signal, buckets] of rollup) {
          for (const { leastAt, least, mostAt, most } of buckets) {
            addPoint(signals, signal, [leastAt, least], query)
            if (mostAt !== leastAt) addPoint(signals, signal, [mostAt, most], query)
          }
        }
      }
    }
    return found
  }

  /** What a damaged file could have said is missing from the curve; the others are there. Logged once. */
  #unlessDamaged<T>(name: string, otherwise: T, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!isDamaged(error)) throw error
      this.#noting(name)(error)
      return otherwise
    }
  }

  #rollupIn(body: Uint8Array, name: string): ReturnType<typeof decodeRollup> | undefined {
    try {
      return decodeRollup(body)
    } catch (error) {
      this.#noting(name)(error)
      return undefined
    }
  }

  #noting(name: string): (error: unknown) => void {
    return (error) => {
      if (!this.#damaged.has(name)) this.#log?.error({ err: error, name }, 'a file of the history is damaged')
      this.#damaged.add(name)
    }
  }

  #tiersFor(day: number, query: ReadingsQuery): readonly Tier[] {
    if (query.points === undefined) return []
    if (this.#layout.raw.file(rawName(day)) === undefined) return ['minutes', 'hours']
    const whole = day * DAY >= query.from && (day + 1) * DAY <= query.to
    // Two buckets a slot at least, or a slot could borrow its neighbour's extreme.
    const fits = (tier: Tier) => whole && slotMs(query) >= 2 * WIDTHS[tier]
    return (['hours', 'minutes'] as const).filter(fits)
  }

  close(): Promise<void> {
    closeLayout(this.#layout)
    return Promise.resolve()
  }
}

/** Series of each device that the question is about; a device that moved has several. */
function devicesOf(fresh: DatabaseSync, { deviceId, assetId }: ReadingsQuery): Map<string, number[]> {
  const rows = sql(
    fresh,
    `select id, device from series
     where (device = :device or :device is null) and (asset = :asset or :asset is null) order by device, id`,
  ).all({ device: deviceId ?? null, asset: assetId ?? null })
  const devices = new Map<string, number[]>()
  for (const { id, device } of rows) {
    const name = String(device)
    devices.set(name, [...(devices.get(name) ?? []), Number(id)])
  }
  return devices
}

function addChunk(signals: Map<string, Downsampler>, chunk: Chunk, query: ReadingsQuery): void {
  for (const [signal, values] of chunk.signals) {
    for (const [i, at] of chunk.at.entries()) {
      const value = values[i]
      if (value !== null && value !== undefined) addPoint(signals, signal, [at, value], query)
    }
  }
}

function addPoint(
  signals: Map<string, Downsampler>,
  signal: string,
  point: Point,
  query: ReadingsQuery,
): void {
  if (point[0] < query.from || point[0] > query.to) return
  if (query.signal !== undefined && query.signal !== signal) return
  let thinned = signals.get(signal)
  if (thinned === undefined) signals.set(signal, (thinned = new Downsampler(query)))
  thinned.add(point)
}

function isFull(signals: ReadonlyMap<string, Downsampler>, limit: number): boolean {
  return [...signals.values()].some((thinned) => thinned.size >= limit)
}

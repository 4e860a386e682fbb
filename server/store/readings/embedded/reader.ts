import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { DAY } from '../../../domain/instant.ts'
import { StoreUnavailable, type Log, type ReadingsQuery, type ReadingsSeries } from '../../../flows/ports.ts'
import { asUnavailable, isDamaged } from '../../sqlite-errors.ts'
import { slotMs, Thinned, type Point } from '../thin.ts'
import { freshPieceOf } from './chunks.ts'
import { isOldForm } from './former-fresh.ts'
import {
  closeLayout,
  dayOf,
  dayOfRawName,
  FRESH,
  openLayout,
  rawName,
  rollupKey,
  rollupName,
  type Layout,
} from './layout.ts'
import { mergePieces, splitPiece, type Piece } from './piece.ts'
import { decodeWhole } from './piece-code.ts'
import { decodeRollup, WIDTHS, type Tier } from './rollup.ts'
import { piecesOf } from './runs.ts'
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
    const fresh = this.#layout.fresh.file(FRESH)
    if (fresh === undefined) return []
    if (isOldForm(fresh)) throw new StoreUnavailable('the newest readings are being brought into a new form')
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
  ): Promise<Map<string, Thinned>> {
    const signals = new Map<string, Thinned>()
    // Fresh pieces first: what is folded meanwhile is then met twice, not missed.
    const freshByDay = new Map(splitPiece(freshPieceOf(fresh, series, this.#noting(FRESH)), DAY))
    let breathed = performance.now()
    for (const day of this.#daysOf(query, [...freshByDay.keys()])) {
      const rolledUp = this.#addRollups(signals, day, series, query)
      const pieces = this.#unlessDamaged(rawName(day), [], () => {
        const raw = this.#layout.raw.file(rawName(day))
        return raw === undefined ? [] : piecesOf(raw, series)
      })
      const unrolled = pieces.filter((piece) => !(piece.closed && rolledUp.has(piece.series)))
      const noting = this.#noting(rawName(day))
      const newest = freshByDay.get(day)
      const decoded = [
        ...unrolled.flatMap(({ body }) => decodeWhole(body, noting)),
        ...(newest === undefined ? [] : [newest]),
      ]
      if (decoded.length > 0) addPiece(signals, mergePieces(decoded), query)
      if (query.limit !== undefined && isFull(signals, query.limit)) break
      if (performance.now() - breathed < BREATH_MS) continue
      await breathe()
      breathed = performance.now()
    }
    return signals
  }

  /** Days within the question that any file can say something of. */
  #daysOf({ from, to }: ReadingsQuery, freshDays: readonly number[]): number[] {
    const years = this.#layout.hours.names().flatMap((year) => dayOfRawName(`${year}-01-01`) ?? [])
    const months = this.#layout.minutes.names().flatMap((month) => dayOfRawName(`${month}-01`) ?? [])
    const raw = this.#layout.raw.names().flatMap((name) => dayOfRawName(name) ?? [])
    const known = [...years, ...months, ...raw, ...freshDays]
    if (known.length === 0) return []
    const first = Math.max(dayOf(from), Math.min(...known))
    const last = Math.min(dayOf(to), Math.max(...raw, ...freshDays))
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  }

  /** Takes the day's roll-ups where they are fine enough, or all that is left; says for which series. */
  #addRollups(
    signals: Map<string, Thinned>,
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

function addPiece(signals: Map<string, Thinned>, piece: Piece, query: ReadingsQuery): void {
  for (const [signal, values] of piece.signals) {
    for (const [i, at] of piece.at.entries()) {
      const value = values[i]
      if (value !== null && value !== undefined) addPoint(signals, signal, [at, value], query)
    }
  }
}

function addPoint(signals: Map<string, Thinned>, signal: string, point: Point, query: ReadingsQuery): void {
  if (point[0] < query.from || point[0] > query.to) return
  if (query.signal !== undefined && query.signal !== signal) return
  let thinned = signals.get(signal)
  if (thinned === undefined) signals.set(signal, (thinned = new Thinned(query)))
  thinned.add(point)
}

function isFull(signals: ReadonlyMap<string, Thinned>, limit: number): boolean {
  return [...signals.values()].some((thinned) => thinned.size >= limit)
}

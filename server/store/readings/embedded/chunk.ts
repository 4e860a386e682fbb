import type { Instant } from '../../../domain/instant.ts'
import type { Rows } from '../../../domain/telemetry/rows.ts'
import { mayUseName } from '../../../domain/telemetry/signal-names.ts'

export type Value = number | boolean
export type Column = (Value | null)[]

/** Readings of one series: instants ascending, and each signal's values beside them (null: not carried). */
export interface Chunk {
  readonly at: readonly Instant[]
  readonly signals: ReadonlyMap<string, Column>
}

/** Hears of each value whose name is beyond what a device may have. */
export type LeaveOut = (signal: string) => void

/**
 * Rows of one device, in their order of arrival, as one chunk; of the same signal at the same instant the
 * later stays.
 */
export function chunkOf(rows: Rows, order: Int32Array, leaveOut?: LeaveOut): Chunk {
  const at = distinct(Array.from(order, (row) => rows.at[row] ?? 0))
  const signals = new Map<string, Column>()
  let place = 0
  for (const row of order) {
    place = rowOf(at, rows.at[row] ?? 0, place)
    const { names, booleans } = rows.shapeOf(row)
    const start = rows.start[row] ?? 0
    for (let n = 0; n < names.length; n += 1) {
      const name = names[n] ?? ''
      const values = column(signals, name)
      if (values === undefined) {
        leaveOut?.(name)
        continue
      }
      const value = rows.values[start + n] ?? 0
      // Row after row, an array of numbers stays one of plain numbers; what is left out is filled later.
      if (place >= values.length) fillTo(values, place)
      values[place] = booleans[n] === true ? value === 1 : value
    }
  }
  for (const values of signals.values()) fillTo(values, at.length)
  return { at, signals }
}

/** Chunks of one series, oldest first, as one: field by field the later chunk overwrites. */
export function mergeChunks(chunks: readonly Chunk[]): Chunk {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1) return only
  return areDisjoint(chunks) ? joined(chunks) : interleaved(chunks)
}

/** Whether each begins after the one before has ended. */
function areDisjoint(chunks: readonly Chunk[]): boolean {
  let last = -Infinity
  for (const { at } of chunks) {
    if ((at[0] ?? Infinity) <= last) return false
    last = at.at(-1) ?? last
  }
  return true
}

function joined(chunks: readonly Chunk[]): Chunk {
  const at: Instant[] = []
  const signals = new Map<string, Column>()
  for (const chunk of chunks) {
    for (const [signal, values] of chunk.signals) {
      const all = column(signals, signal)
      if (all === undefined) continue
      fillTo(all, at.length)
      for (const value of values) all.push(value)
    }
    for (const instant of chunk.at) at.push(instant)
  }
  for (const values of signals.values()) fillTo(values, at.length)
  return { at, signals }
}

function interleaved(chunks: readonly Chunk[]): Chunk {
  const at = distinct(chunks.flatMap((chunk) => chunk.at))
  const signals = new Map<string, Column>()
  for (const chunk of chunks) {
    let row = 0
    const rows = chunk.at.map((instant) => (row = rowOf(at, instant, row)))
    for (const [signal, values] of chunk.signals) {
      const merged = column(signals, signal)
      if (merged === undefined) continue
      fillTo(merged, at.length)
      for (const [i, target] of rows.entries()) {
        const value = values[i]
        if (value !== null && value !== undefined) merged[target] = value
      }
    }
  }
  return { at, signals }
}

/** The chunk cut at multiples of `span` milliseconds: pairs of span number and what falls into it. */
export function splitChunk(chunk: Chunk, span: number): [number, Chunk][] {
  const last = chunk.at.length - 1
  if (last >= 0 && spanOf(chunk, 0, span) === spanOf(chunk, last, span)) {
    return [[spanOf(chunk, 0, span), chunk]]
  }
  const parts: [number, Chunk][] = []
  for (let from = 0; from < chunk.at.length;) {
    const part = spanOf(chunk, from, span)
    let to = from + 1
    while (to < chunk.at.length && spanOf(chunk, to, span) === part) to++
    parts.push([part, slice(chunk, from, to)])
    from = to
  }
  return parts
}

function spanOf(chunk: Chunk, row: number, span: number): number {
  return Math.floor((chunk.at[row] ?? 0) / span)
}

function slice(chunk: Chunk, from: number, to: number): Chunk {
  const signals = new Map<string, Column>()
  for (const [signal, values] of chunk.signals) {
    const some = values.slice(from, to)
    if (some.some((value) => value !== null)) signals.set(signal, some)
  }
  return { at: chunk.at.slice(from, to), signals }
}

/** Distinct instants, ascending. Almost always they come so already. */
function distinct(instants: readonly Instant[]): Instant[] {
  const ordered = instants.every((at, i) => i === 0 || at >= (instants[i - 1] ?? 0))
  const sorted = ordered ? instants : instants.toSorted((a, b) => a - b)
  return sorted.filter((at, i) => i === 0 || at !== sorted[i - 1])
}

/** The row of an instant; `near` is the row of the one asked before. */
function rowOf(at: readonly Instant[], instant: Instant, near: number): number {
  if (at[near] === instant) return near
  if (at[near + 1] === instant) return near + 1
  let low = 0
  let high = at.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) < instant) low = middle + 1
    else high = middle
  }
  return low
}

/** Undefined for a name beyond a device's limit: columns × rows would not fit into memory. */
function column(signals: Map<string, Column>, signal: string): Column | undefined {
  const known = signals.get(signal)
  if (known !== undefined) return known
  if (!mayUseName(signals, signal)) return undefined
  const values: Column = []
  signals.set(signal, values)
  return values
}

function fillTo(values: Column, length: number): void {
  while (values.length < length) values.push(null)
}

import type { Instant } from '../../../domain/instant.ts'
import { fromSteps, pack, steps, unpack } from './packed.ts'

export type Value = number | boolean
type Column = (Value | null)[]

/** Readings of one series: instants ascending, and each signal's values beside them (null: not carried). */
export interface Piece {
  readonly at: readonly Instant[]
  readonly signals: ReadonlyMap<string, Column>
}

export interface Sample {
  readonly at: Instant
  readonly fields: Readonly<Record<string, Value>>
}

/** Samples in order of arrival as one piece; of the same signal at the same instant the later stays. */
export function pieceOf(samples: readonly Sample[]): Piece {
  const at = distinct(samples.map((sample) => sample.at))
  const signals = new Map<string, Column>()
  let row = 0
  for (const sample of samples) {
    row = rowOf(at, sample.at, row)
    for (const signal in sample.fields) {
      const value = sample.fields[signal]
      if (value !== undefined) column(signals, signal, at.length)[row] = value
    }
  }
  return { at, signals }
}

/** Pieces of one series, oldest first, as one: field by field the later piece overwrites. */
export function mergePieces(pieces: readonly Piece[]): Piece {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const at = distinct(pieces.flatMap((piece) => piece.at))
  const signals = new Map<string, Column>()
  for (const piece of pieces) {
    let row = 0
    const rows = piece.at.map((instant) => (row = rowOf(at, instant, row)))
    for (const [signal, values] of piece.signals) {
      const merged = column(signals, signal, at.length)
      for (const [i, target] of rows.entries()) {
        const value = values[i]
        if (value !== null && value !== undefined) merged[target] = value
      }
    }
  }
  return { at, signals }
}

/** The piece cut at multiples of `span` milliseconds: pairs of span number and what falls into it. */
export function splitPiece(piece: Piece, span: number): [number, Piece][] {
  const parts: [number, Piece][] = []
  for (let from = 0; from < piece.at.length;) {
    const part = spanOf(piece, from, span)
    let to = from + 1
    while (to < piece.at.length && spanOf(piece, to, span) === part) to++
    parts.push([part, to - from === piece.at.length ? piece : slice(piece, from, to)])
    from = to
  }
  return parts
}

export function encodePiece(piece: Piece): Uint8Array {
  return pack([steps(piece.at), ...piece.signals])
}

export function decodePiece(body: Uint8Array): Piece {
  const [at, ...signals] = unpack(body) as [number[], ...[string, Column][]]
  return { at: fromSteps(at), signals: new Map(signals) }
}

function spanOf(piece: Piece, row: number, span: number): number {
  return Math.floor((piece.at[row] ?? 0) / span)
}

function slice(piece: Piece, from: number, to: number): Piece {
  const signals = new Map<string, Column>()
  for (const [signal, values] of piece.signals) {
    const some = values.slice(from, to)
    if (some.some((value) => value !== null)) signals.set(signal, some)
  }
  return { at: piece.at.slice(from, to), signals }
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

function column(signals: Map<string, Column>, signal: string, length: number): Column {
  let values = signals.get(signal)
  if (values === undefined) signals.set(signal, (values = new Array<Value | null>(length).fill(null)))
  return values
}

import { ByteReader, ByteWriter } from './bytes.ts'
import { compress, expand, fromSteps } from './packed.ts'
import type { Column, Piece, Value } from './piece.ts'

/**
 * A piece in bytes: its instants as steps, then column after column. What sensors say has few decimals,
 * so a column is whole numbers of its last decimal, each as the step from the one before.
 */
const COLUMNS = 1
/** An earlier form, still read: all of it as one array of JSON. */
const OPEN_BRACKET = 0x5b

/** How a column's values are written; below `DOUBLES` it is the number of their decimals. */
const DOUBLES = 10
const BOOLEANS = 11
const MIXED = 12
const WITH_GAPS = 0x80

const POWERS = Array.from({ length: DOUBLES }, (_, decimals) => 10 ** decimals)
/** Twice as much is still exact, and so is the step between two of them. */
const MOST_WHOLE = 2 ** 50
const MOST_BYTES_A_VALUE = 9
/** What a date can say. */
const MOST_INSTANT = 8.64e15

const scratch = new ByteWriter()

/** The bytes are no piece, or one with a flipped bit: what it held is lost. */
export class PieceDamaged extends Error {
  override readonly name = 'PieceDamaged'
  constructor(why: string, cause?: unknown) {
    super(`a piece of readings is damaged: ${why}`, { cause })
  }
}

/** In bytes, compressed when that pays. */
export function encodePiece(piece: Piece): Uint8Array {
  scratch.clear()
  writePiece(scratch, piece)
  return compress(scratch.taken())
}

/** @throws PieceDamaged */
export function decodePiece(body: Uint8Array): Piece {
  const bytes = undamaged(() => expand(body))
  if (bytes[0] === OPEN_BRACKET) return undamaged(() => fromJson(bytes))
  return readPiece(new ByteReader(bytes), bytes.length)
}

/** Nothing where it is damaged, of which `damaged` is told. */
export function decodeWhole(body: Uint8Array, damaged: (error: unknown) => void): Piece[] {
  try {
    return [decodePiece(body)]
  } catch (error) {
    damaged(error)
    return []
  }
}

function undamaged<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof PieceDamaged) throw error
    throw new PieceDamaged((error as Error).message, error)
  }
}

export function writePiece(out: ByteWriter, { at, signals }: Piece): void {
  out.reserve(at.length * MOST_BYTES_A_VALUE + 32)
  out.byte(COLUMNS)
  out.whole(at.length)
  out.whole(signals.size)
  let last = 0
  for (const instant of at) {
    out.signed(instant - last)
    last = instant
  }
  for (const [signal, values] of signals) {
    out.text(signal)
    writeColumn(out, values, at.length)
  }
}

/** One that ends at `end`. @throws PieceDamaged */
export function readPiece(from: ByteReader, end: number): Piece {
  return undamaged(() => {
    const form = from.byte()
    if (form !== COLUMNS) throw new PieceDamaged(`it has the unknown form ${String(form)}`)
    const rows = from.whole()
    const columns = from.whole()
    // Each of them takes a byte at least.
    if (rows > end - from.at || columns > end - from.at) throw new PieceDamaged('it is cut off')
    const at: number[] = []
    for (let row = 0, last = 0; row < rows; row += 1) at.push((last += from.signed()))
    if (!(Math.abs(at.at(-1) ?? 0) <= MOST_INSTANT)) throw new PieceDamaged('its instants are none')
    const signals = new Map<string, Column>()
    for (let column = 0; column < columns && from.at <= end; column += 1) {
      signals.set(from.text(), readColumn(from, rows))
    }
    if (from.at !== end) throw new PieceDamaged('it is longer or shorter than it says')
    return { at, signals }
  })
}

function writeColumn(out: ByteWriter, values: Column, rows: number): void {
  const { form, gaps } = formOf(values)
  out.reserve(rows * MOST_BYTES_A_VALUE + rows / 8 + 16)
  const start = out.at
  out.byte(gaps ? form | WITH_GAPS : form)
  if (gaps) writeGaps(out, values)
  if (form < DOUBLES) {
    if (writeWholes(out, values, form)) return
    // One of the values is none of its neighbours' decimals after all.
    out.at = start
    out.byte(gaps ? DOUBLES | WITH_GAPS : DOUBLES)
    if (gaps) writeGaps(out, values)
  }
  if (form <= DOUBLES) for (const value of values) if (value !== null) out.double(value as number)
  if (form === BOOLEANS) for (const value of values) if (value !== null) out.byte(value === true ? 1 : 0)
  if (form === MIXED) out.text(JSON.stringify(values.filter((value) => value !== null)))
}

function formOf(values: Column): { form: number; gaps: boolean } {
  let gaps = false
  let numbers = 0
  let booleans = 0
  let decimals = 0
  for (const value of values) {
    if (typeof value === 'number') {
      numbers += 1
      while (decimals < DOUBLES && !hasDecimals(value, decimals)) decimals += 1
    } else if (value === null) gaps = true
    else booleans += 1
  }
  return { form: booleans === 0 ? decimals : numbers === 0 ? BOOLEANS : MIXED, gaps }
}

function hasDecimals(value: number, decimals: number): boolean {
  const power = POWERS[decimals] ?? 1
  const whole = Math.round(value * power)
  return whole / power === value && Math.abs(whole) <= MOST_WHOLE
}

/** False when one of them does not come back as it was. */
function writeWholes(out: ByteWriter, values: Column, decimals: number): boolean {
  const power = POWERS[decimals] ?? 1
  let last = 0
  for (const value of values) {
    if (value === null) continue
    const whole = Math.round((value as number) * power)
    if (whole / power !== value || Math.abs(whole) > MOST_WHOLE) return false
    out.signed(whole - last)
    last = whole
  }
  return true
}

/** A bit for each row, set where there is a value. */
function writeGaps(out: ByteWriter, values: Column): void {
  for (let row = 0; row < values.length; row += 8) {
    let bits = 0
    for (let bit = 0; bit < 8; bit += 1) if ((values[row + bit] ?? null) !== null) bits |= 1 << bit
    out.byte(bits)
  }
}

function readColumn(from: ByteReader, rows: number): Column {
  const byte = from.byte()
  const bits = (byte & WITH_GAPS) === 0 ? undefined : from.raw(Math.ceil(rows / 8))
  const next = valuesOf(from, byte & ~WITH_GAPS)
  const values: Column = []
  for (let row = 0; row < rows; row += 1) {
    const there = bits === undefined || ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
    values.push(there ? next() : null)
  }
  return values
}

function valuesOf(from: ByteReader, form: number): () => Value {
  if (form === BOOLEANS) return () => from.byte() === 1
  if (form === DOUBLES) return () => from.double()
  if (form === MIXED) {
    const values = (JSON.parse(from.text()) as Value[]).values()
    return () => values.next().value ?? 0
  }
  const power = POWERS[form]
  if (power === undefined) throw new PieceDamaged(`a column has the unknown form ${String(form)}`)
  let whole = 0
  return () => (whole += from.signed()) / power
}

function fromJson(bytes: Uint8Array): Piece {
  const [at, ...signals] = JSON.parse(Buffer.from(bytes).toString()) as [number[], ...[string, Column][]]
  return { at: fromSteps(at), signals: new Map(signals) }
}

import type { Instant } from '../../../domain/instant.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { compress, expand, fromSteps } from './compress.ts'
import type { Column, Chunk, Value } from './chunk.ts'

/**
 * A chunk in bytes: its instants as steps, then column after column. What sensors say has few decimals,
 * so a column is whole numbers of its last decimal, each as the step from the one before.
 */
export const COLUMNS = 1
/** An earlier form, still read: all of it as one array of JSON. */
const OPEN_BRACKET = 0x5b

/** How a column's values are written; below `DOUBLES` it is the number of their decimals. */
export const DOUBLES = 10
export const BOOLEANS = 11
const MIXED = 12
const WITH_GAPS = 0x80

export const POWERS = Array.from({ length: DOUBLES }, (_, decimals) => 10 ** decimals)
/** Twice as much is still exact, and so is the step between two of them. */
export const MAX_WHOLE = 2 ** 50
export const MAX_VALUE_BYTES = 9
/** What a date can say. */
export const MAX_INSTANT = 8.64e15

const scratch = new ByteWriter()

/** The bytes are no chunk, or one with a flipped bit: what it held is lost. */
export class ChunkDamaged extends Error {
  override readonly name = 'ChunkDamaged'
  constructor(why: string, cause?: unknown) {
    super(`a chunk of readings is damaged: ${why}`, { cause })
  }
}

/** In bytes, compressed when that pays. */
export function encodeChunk(chunk: Chunk): Uint8Array {
  scratch.clear()
  writeChunk(scratch, chunk)
  return Buffer.from(compress(scratch.written()))
}

/** @throws ChunkDamaged */
export function decodeChunk(body: Uint8Array): Chunk {
  const bytes = undamaged(() => expand(body))
  if (bytes[0] === OPEN_BRACKET) return undamaged(() => fromJson(bytes))
  return readChunk(new ByteReader(bytes), bytes.length)
}

/** Nothing where it is damaged, of which `damaged` is told. */
export function decodeWhole(body: Uint8Array, damaged: (error: unknown) => void): Chunk[] {
  try {
    return [decodeChunk(body)]
  } catch (error) {
    damaged(error)
    return []
  }
}

function undamaged<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ChunkDamaged) throw error
    throw new ChunkDamaged((error as Error).message, error)
  }
}

export function writeChunk(out: ByteWriter, { at, signals }: Chunk): void {
  writeHead(out, at, signals.size)
  for (const [signal, values] of signals) {
    out.text(signal)
    writeColumn(out, values, at.length)
  }
}

/** What comes before the columns; `at` may be longer than the chunk. */
export function writeHead(
  out: ByteWriter,
  at: ArrayLike<Instant>,
  columns: number,
  rows: number = at.length,
): void {
  out.reserve(rows * MAX_VALUE_BYTES + 32)
  out.byte(COLUMNS)
  out.whole(rows)
  out.whole(columns)
  out.steps(at, rows)
}

/** One that ends at `end`. @throws ChunkDamaged */
export function readChunk(from: ByteReader, end: number): Chunk {
  return undamaged(() => {
    const form = from.byte()
    if (form !== COLUMNS) throw new ChunkDamaged(`it has the unknown form ${String(form)}`)
    const rows = from.whole()
    const columns = from.whole()
    // Each of them takes a byte at least.
    if (rows > end - from.at || columns > end - from.at) throw new ChunkDamaged('it is cut off')
    const at: number[] = []
    for (let row = 0, last = 0; row < rows; row += 1) at.push((last += from.signed()))
    if (!(Math.abs(at.at(-1) ?? 0) <= MAX_INSTANT)) throw new ChunkDamaged('its instants are none')
    const signals = new Map<string, Column>()
    for (let column = 0; column < columns && from.at <= end; column += 1) {
      signals.set(from.text(), readColumn(from, rows))
    }
    if (from.at !== end) throw new ChunkDamaged('it is longer or shorter than it says')
    return { at, signals }
  })
}

function writeColumn(out: ByteWriter, values: Column, rows: number): void {
  const numbers = scratchOf(rows)
  let count = 0
  let booleans = 0
  for (const value of values) {
    if (value === null) continue
    if (typeof value === 'boolean') booleans += 1
    numbers[count++] = Number(value)
  }
  const gaps = count < values.length ? values : undefined
  if (booleans === 0) writeNumbers(out, numbers, count, gaps)
  else if (booleans === count) writeBooleans(out, numbers, count, gaps)
  else {
    writeForm(out, MIXED, rows, gaps)
    out.text(JSON.stringify(values.filter((value) => value !== null)))
  }
}

/** The values of a column, those that there are, in a place that lasts until the next call. */
export function scratchOf(rows: number): Float64Array {
  if (column.length < rows) {
    column = new Float64Array(rows * 2)
    wholes = new Float64Array(rows * 2)
  }
  return column
}
let column = new Float64Array(1024)
let wholes = new Float64Array(1024)

/** A column of the first `count` of these. */
export function writeNumbers(out: ByteWriter, numbers: Float64Array, count: number, gaps?: Column): void {
  const form = formOf(numbers, count)
  writeForm(out, form, count, gaps)
  if (form < DOUBLES) out.steps(wholes, count)
  else for (let n = 0; n < count; n += 1) out.double(numbers[n] ?? 0)
}

/** The same of 0 and 1. */
export function writeBooleans(out: ByteWriter, numbers: Float64Array, count: number, gaps?: Column): void {
  writeForm(out, BOOLEANS, count, gaps)
  for (let n = 0; n < count; n += 1) out.byte(numbers[n] ?? 0)
}

function writeForm(out: ByteWriter, form: number, count: number, gaps: Column | undefined): void {
  out.reserve(count * MAX_VALUE_BYTES + (gaps?.length ?? 0) / 8 + 16)
  out.byte(gaps === undefined ? form : form | WITH_GAPS)
  if (gaps !== undefined) writeGaps(out, gaps)
}

/** The fewest decimals with which all come back as they were, and the wholes that they are then; else DOUBLES. */
function formOf(numbers: Float64Array, count: number): number {
  for (let decimals = 0; decimals < DOUBLES; decimals += 1) {
    const power = POWERS[decimals] ?? 1
    let n = 0
    for (; n < count; n += 1) {
      const value = numbers[n] ?? 0
      const whole = Math.round(value * power)
      if (whole / power !== value || Math.abs(whole) > MAX_WHOLE) break
      wholes[n] = whole
    }
    if (n === count) return decimals
  }
  return DOUBLES
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
  if (power === undefined) throw new ChunkDamaged(`a column has the unknown form ${String(form)}`)
  let whole = 0
  return () => (whole += from.signed()) / power
}

function fromJson(bytes: Uint8Array): Chunk {
  const [at, ...signals] = JSON.parse(Buffer.from(bytes).toString()) as [number[], ...[string, Column][]]
  return { at: fromSteps(at), signals: new Map(signals) }
}

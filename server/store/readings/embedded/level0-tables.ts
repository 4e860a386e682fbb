import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { Rows, type Shape } from '../../../domain/telemetry/rows.ts'
import { chunkOf, type Chunk } from './chunk.ts'
import { ChunkDamaged } from './chunk-format.ts'
import { inSeries } from './encode-rows.ts'
import { SERIES_LIMIT } from './sstables.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * How level 0 holds its tables: the rows of a write by series, cut into blocks of some dozens of rows, so
 * that a write from ten thousand devices is not ten thousand rows of SQLite, and who asks for one series
 * reads one block of each write. No series lies in two blocks of a table. `key` is table × SERIES_LIMIT + the
 * block's first series.
 */
const ROWS_PER_BLOCK = 64

/**
 * A block: form u32, crc32 of all that follows u32, rows u32, length of the shapes u32; the shapes as JSON
 * with blanks up to a multiple of eight; the instants and all values f64; series and shapes i32; little endian.
 */
const FORM = 1
const HEAD_BYTES = 16

let scratch = new ArrayBuffer(64 * 1024)

/** One write. */
export interface Level0Table {
  readonly id: number
  readonly age: number
  readonly rows: number
  /** Of its blocks. */
  readonly bytes: number
}

/** All tables, oldest first. */
export function level0Tables(db: DatabaseSync): Level0Table[] {
  const bytes = `select sum(length(body)) from chunks where key >= runs.id * ${String(SERIES_LIMIT)} and key < (runs.id + 1) * ${String(SERIES_LIMIT)}`
  return sql(
    db,
    `select id, age, rows, coalesce((${bytes}), 0) as bytes from runs order by age, id`,
  ).all() as unknown as Level0Table[]
}

/** Appends rows from `from` on as a table; to be called within a transaction. */
export function addLevel0Table(db: DatabaseSync, age: number, rows: Rows, from: number): Level0Table {
  const count = rows.count - from
  const table = Number(sql(db, 'insert into runs (age, rows) values (?, ?)').run(age, count).lastInsertRowid)
  const insert = sql(db, 'insert into chunks (key, body) values (?, ?)')
  const order = inSeries(rows, from, rows.count)
  const seriesAt = (place: number): number => rows.owner[order[place] ?? 0] ?? 0
  let bytes = 0
  for (let first = 0; first < count;) {
    let end = Math.min(first + ROWS_PER_BLOCK, count)
    while (end < count && seriesAt(end) === seriesAt(end - 1)) end += 1
    const body = encodeBlock(rows, order.subarray(first, end))
    insert.run(table * SERIES_LIMIT + seriesAt(first), body)
    bytes += body.length
    first = end
  }
  return { id: table, age, rows: count, bytes }
}

/** To be called within a transaction. */
export function dropLevel0Table(db: DatabaseSync, table: number): void {
  sql(db, 'delete from chunks where key >= ? and key < ?').run(
    table * SERIES_LIMIT,
    (table + 1) * SERIES_LIMIT,
  )
  sql(db, 'delete from runs where id = ?').run(table)
}

/** Adds the rows of a table to others, by series. `damaged` is told of each block that is left out. */
export function addRowsOf(
  db: DatabaseSync,
  table: number,
  into: Rows,
  damaged: (error: unknown) => void,
): void {
  const ofRun = sql(db, 'select body from chunks where key >= ? and key < ? order by key')
  for (const { body } of ofRun.all(table * SERIES_LIMIT, (table + 1) * SERIES_LIMIT)) {
    addBlock(body as Uint8Array, into, damaged)
  }
}

/** What of these series is not flushed yet, as one moment shows it. */
export function level0ChunkOf(
  db: DatabaseSync,
  series: readonly number[],
  damaged: (error: unknown) => void,
): Chunk {
  return inTransaction(
    db,
    () => {
      const find = sql(db, 'select key, body from chunks where key between ? and ? order by key desc limit 1')
      const rows = new Rows()
      for (const { id } of sql(db, 'select id from runs order by age, id').all()) {
        const first = Number(id) * SERIES_LIMIT
        const blocks = new Map<unknown, Uint8Array>()
        for (const one of series) {
          const row = find.get(first, first + one)
          if (row !== undefined) blocks.set(row['key'], row['body'] as Uint8Array)
        }
        for (const body of blocks.values()) addBlock(body, rows, damaged, series)
      }
      return chunkOf(
        rows,
        Int32Array.from({ length: rows.count }, (_, row) => row),
      )
    },
    'deferred',
  )
}

function encodeBlock(rows: Rows, order: Int32Array): Uint8Array {
  const count = order.length
  const { shapes, places, values } = shapesOf(rows, order)
  const text = JSON.stringify(shapes.map(({ names, booleans }) => [names, booleans.map(Number)]))
  const textBytes = Math.ceil(Buffer.byteLength(text) / 8) * 8
  const bytes = HEAD_BYTES + textBytes + 16 * count + 8 * values
  if (scratch.byteLength < bytes) scratch = new ArrayBuffer(bytes * 2)
  const buffer = Buffer.from(scratch, 0, bytes)
  const into = columnsIn(scratch, HEAD_BYTES + textBytes, count, values)
  let at = 0
  for (let n = 0; n < count; n += 1) {
    const row = order[n] ?? 0
    const shape = rows.shape[row] ?? 0
    const start = rows.start[row] ?? 0
    into.at[n] = rows.at[row] ?? 0
    into.owner[n] = rows.owner[row] ?? 0
    into.shape[n] = places[shape] ?? 0
    const width = rows.shapes[shape]?.names.length ?? 0
    for (let value = 0; value < width; value += 1) into.values[at++] = rows.values[start + value] ?? 0
  }
  buffer.fill(' ', HEAD_BYTES, HEAD_BYTES + textBytes)
  buffer.write(text, HEAD_BYTES)
  buffer.writeUInt32LE(FORM, 0)
  buffer.writeUInt32LE(count, 8)
  buffer.writeUInt32LE(textBytes, 12)
  buffer.writeUInt32LE(crc32(buffer.subarray(8)), 4)
  return buffer
}

/** The shapes of these rows, the place of each among them, and how many values the rows have together. */
function shapesOf(
  rows: Rows,
  order: Int32Array,
): { shapes: Shape[]; places: readonly number[]; values: number } {
  const shapes: Shape[] = []
  const places: number[] = []
  let values = 0
  for (const row of order) {
    const shape = rows.shapeOf(row)
    places[rows.shape[row] ?? 0] ??= shapes.push(shape) - 1
    values += shape.names.length
  }
  return { shapes, places, values }
}

function addBlock(
  body: Uint8Array,
  into: Rows,
  damaged: (error: unknown) => void,
  wanted?: readonly number[],
): void {
  try {
    const block = frameOf(body)
    const { at, values, owner, shape } = block.columns
    if (wanted?.some((series) => owner.includes(series)) === false) return
    const shapes = shapesIn(block)
    let from = 0
    for (let n = 0; n < owner.length; n += 1) {
      const like = shapes[shape[n] ?? 0]
      if (like === undefined) throw new ChunkDamaged('a row has no shape')
      const end = from + like.names.length
      const series = owner[n] ?? 0
      if (wanted?.includes(series) !== false) {
        const to = into.add(series, at[n] ?? 0, like)
        into.values.set(values.subarray(from, end), to)
      }
      from = end
    }
  } catch (error) {
    damaged(error)
  }
}

/** A block that was not looked into yet. */
interface Frame {
  readonly bytes: Buffer
  readonly columnsFrom: number
  readonly columns: Columns
}

/** @throws when these bytes are cut off or of another form */
function frameOf(body: Uint8Array): Frame {
  const bytes = Buffer.from(new Uint8Array(body).buffer)
  if (bytes.length < HEAD_BYTES) throw new ChunkDamaged('its block is cut off')
  if (bytes.readUInt32LE(0) !== FORM) throw new ChunkDamaged('its block has an unknown form')
  const count = bytes.readUInt32LE(8)
  const columnsFrom = HEAD_BYTES + bytes.readUInt32LE(12)
  const values = (bytes.length - columnsFrom) / 8 - 2 * count
  return { bytes, columnsFrom, columns: columnsIn(bytes.buffer, columnsFrom, count, values) }
}

/** @throws ChunkDamaged when any bit of the block is not as it was written */
function shapesIn({ bytes, columnsFrom }: Frame): Shape[] {
  if (crc32(bytes.subarray(8)) !== bytes.readUInt32LE(4))
    throw new ChunkDamaged('its block is not as written')
  const text = bytes.toString('utf8', HEAD_BYTES, columnsFrom)
  return (JSON.parse(text) as [string[], number[]][]).map(([names, booleans]) => ({
    names,
    booleans: booleans.map(Boolean),
  }))
}

type Columns = Record<'at' | 'values', Float64Array> & Record<'owner' | 'shape', Int32Array>

function columnsIn(buffer: ArrayBuffer, start: number, count: number, values: number): Columns {
  const series = start + 8 * (count + values)
  return {
    at: new Float64Array(buffer, start, count),
    values: new Float64Array(buffer, start + 8 * count, values),
    owner: new Int32Array(buffer, series, count),
    shape: new Int32Array(buffer, series + 4 * count, count),
  }
}

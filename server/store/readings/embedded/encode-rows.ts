import { DAY } from '../../../domain/instant.ts'
import type { Rows } from '../../../domain/telemetry/rows.ts'
import { ByteWriter } from './bytes.ts'
import { dayOf } from './layout.ts'
import { compress } from './compress.ts'
import { chunkOf, splitChunk, type LeaveOut } from './chunk.ts'
import { encodeChunk, scratchOf, writeBooleans, writeHead, writeNumbers } from './chunk-format.ts'

const out = new ByteWriter()
let instants = new Float64Array(1024)

/** The rows [from, to) by the series that own them, those of one series as they came. */
export function inSeries({ owner }: Rows, from: number, to: number): Int32Array {
  let most = 0
  for (let row = from; row < to; row += 1) most = Math.max(most, owner[row] ?? 0)
  // Of each series first how many there are, one place later; then where its next one goes.
  const next = new Int32Array(most + 2)
  for (let row = from; row < to; row += 1) {
    const after = (owner[row] ?? 0) + 1
    next[after] = (next[after] ?? 0) + 1
  }
  for (let series = 1; series <= most; series += 1) {
    next[series] = (next[series] ?? 0) + (next[series - 1] ?? 0)
  }
  const order = new Int32Array(to - from)
  for (let row = from; row < to; row += 1) {
    const series = owner[row] ?? 0
    const place = next[series] ?? 0
    order[place] = row
    next[series] = place + 1
  }
  return order
}

/** Rows of one series as an encoded chunk for each day. */
export function* encodeByDay(
  rows: Rows,
  order: Int32Array,
  leaveOut: LeaveOut,
): Generator<[day: number, body: Uint8Array]> {
  if (isUniform(rows, order)) {
    yield [dayOf(rows.at[order[0] ?? 0] ?? 0), encodeUniform(rows, order)]
    return
  }
  for (const [day, chunk] of splitChunk(chunkOf(rows, order, leaveOut), DAY)) yield [day, encodeChunk(chunk)]
}

/** As nearly always: the same signals in every row, one after the other and all of one day. */
function isUniform(rows: Rows, order: Int32Array): boolean {
  const first = order[0] ?? 0
  const shape = rows.shape[first]
  let last = -Infinity
  for (const row of order) {
    const at = rows.at[row] ?? 0
    if (rows.shape[row] !== shape || at <= last) return false
    last = at
  }
  return dayOf(rows.at[first] ?? 0) === dayOf(last)
}

function encodeUniform(rows: Rows, order: Int32Array): Uint8Array {
  const count = order.length
  const { names, booleans } = rows.shapeOf(order[0] ?? 0)
  if (instants.length < count) instants = new Float64Array(count * 2)
  for (let n = 0; n < count; n += 1) instants[n] = rows.at[order[n] ?? 0] ?? 0
  out.clear()
  writeHead(out, instants, names.length, count)
  const column = scratchOf(count)
  for (let signal = 0; signal < names.length; signal += 1) {
    for (let n = 0; n < count; n += 1) column[n] = rows.values[(rows.start[order[n] ?? 0] ?? 0) + signal] ?? 0
    out.text(names[signal] ?? '')
    if (booleans[signal] === true) writeBooleans(out, column, count)
    else writeNumbers(out, column, count)
  }
  return Buffer.from(compress(out.written()))
}

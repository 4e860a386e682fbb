import type { Instant } from '../../domain/instant.ts'
import type { Row } from './row.ts'

/** Rows sorted at once: about 40 bytes each. */
export const MAX_SORTED = 1 << 22
/** Bits of a sort key that count the rows; the bits above hold ms since the stretch began. */
const ROW_BITS = 23
const FIRST_ROOM = 1 << 16

export interface RowSorter {
  add(row: Row): void
  /** All rows by arrival; equal ones in the order that they were added in. */
  each(visit: (row: Row) => void): void
}

/** Keeps rows in columns of bytes, where a million of them take 35 MB, and sorts 64-bit keys. */
export function createRowSorter(from: Instant): RowSorter {
  let room = FIRST_ROOM
  let count = 0
  let columns = makeColumns(room)
  const [devices, signals] = [createNumbering(), createNumbering()]

  function grow(): void {
    const bigger = makeColumns((room *= 2))
    bigger.keys.set(columns.keys)
    bigger.ts.set(columns.ts)
    bigger.received.set(columns.received)
    bigger.value.set(columns.value)
    bigger.kind.set(columns.kind)
    bigger.device.set(columns.device)
    bigger.signal.set(columns.signal)
    columns = bigger
  }

  return {
    add({ ts, received, device, signal, value }) {
      if (count === 1 << ROW_BITS) throw new Error('more rows at once than can be sorted')
      if (count === room) grow()
      const sinceMs = received - from
      // Low word first, as x64 and arm64 have it: the key is sinceMs · 2^23 + row.
      columns.keys[2 * count] = (((sinceMs % 512) << ROW_BITS) | count) >>> 0
      columns.keys[2 * count + 1] = Math.floor(sinceMs / 512)
      columns.ts[count] = ts
      columns.received[count] = received
      columns.value[count] = Number(value)
      columns.kind[count] = typeof value === 'boolean' ? 1 : 0
      columns.device[count] = devices.numberOf(device)
      columns.signal[count] = signals.numberOf(signal)
      count += 1
    },
    each(visit) {
      const { keys, ts, received, value, kind, device, signal } = columns
      new BigUint64Array(keys.buffer, 0, count).sort()
      const mask = (1 << ROW_BITS) - 1
      const row: Row = { ts: 0, received: 0, device: '', signal: '', value: 0 }
      for (let place = 0; place < count; place += 1) {
        const index = (keys[2 * place] ?? 0) & mask
        row.ts = ts[index] ?? 0
        row.received = received[index] ?? 0
        row.device = devices.nameOf(device[index] ?? 0)
        row.signal = signals.nameOf(signal[index] ?? 0)
        row.value = kind[index] === 1 ? value[index] === 1 : (value[index] ?? 0)
        visit(row)
      }
    },
  }
}

function makeColumns(room: number) {
  return {
    keys: new Uint32Array(2 * room),
    ts: new Float64Array(room),
    received: new Float64Array(room),
    value: new Float64Array(room),
    kind: new Uint8Array(room),
    device: new Uint32Array(room),
    signal: new Uint32Array(room),
  }
}

function createNumbering() {
  const numbers = new Map<string, number>()
  const names: string[] = []
  return {
    nameOf: (number: number): string => names[number] ?? '',
    numberOf(name: string): number {
      const known = numbers.get(name)
      if (known !== undefined) return known
      numbers.set(name, names.length)
      return names.push(name) - 1
    },
  }
}

import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import type { AppendDone, Cursor } from '../flows/ports.ts'
import { writeRecord } from './record.ts'

/** Records that will be committed together, encoded as they come. */
export interface Batch {
  count(): number
  bytes(): number
  fits(bytes: number): boolean
  add(message: DeviceMessage, salt: number, done: AppendDone): void
  /** Where record `index` ends. */
  endOf(index: number): number
  slice(from: number, to: number): Uint8Array
  /** Calls back records `from` to before `to`, which lie `origin` further in the journal than here. */
  settle(from: number, to: number, origin: Cursor): void
  refuse(from: number, error: Error): void
  clear(): void
}

export function createBatch(maxBytes: number): Batch {
  const buffer = Buffer.allocUnsafe(maxBytes)
  const ends: number[] = []
  const dones: AppendDone[] = []
  let length = 0
  return {
    count: () => ends.length,
    bytes: () => length,
    fits: (bytes) => length + bytes <= maxBytes,
    add(message, salt, done) {
      length = writeRecord(buffer, length, message, salt)
      ends.push(length)
      dones.push(done)
    },
    endOf: (index) => ends[index] ?? 0,
    slice: (from, to) => buffer.subarray(from, to),
    settle(from, to, origin) {
      let start = origin + (ends[from - 1] ?? 0)
      for (let index = from; index < to; index += 1) {
        const end = origin + (ends[index] ?? 0)
        callBack(dones[index], undefined, start, end)
        start = end
      }
    },
    refuse(from, error) {
      for (const done of dones.slice(from)) callBack(done, error, 0, 0)
    },
    clear() {
      ends.length = 0
      dones.length = 0
      length = 0
    },
  }
}

/** One caller's mistake must not cost the others their answer; it still comes to light. */
function callBack(
  done: AppendDone | undefined,
  error: Error | undefined,
  cursor: Cursor,
  next: Cursor,
): void {
  try {
    done?.(error, cursor, next)
  } catch (mistake) {
    queueMicrotask(() => {
      throw mistake
    })
  }
}

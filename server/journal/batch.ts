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
  /** Tells the callers of records `from` to before `to` that they are on disk, `origin` bytes further than in this buffer. */
  acknowledge(from: number, to: number, origin: Cursor): void
  reject(from: number, error: Error): void
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
    acknowledge(from, to, origin) {
      let start = origin + (ends[from - 1] ?? 0)
      for (let index = from; index < to; index += 1) {
        const end = origin + (ends[index] ?? 0)
        callBack(dones[index], undefined, start, end)
        start = end
      }
    },
    reject(from, error) {
      for (const done of dones.slice(from)) callBack(done, error, 0, 0)
    },
    clear() {
      ends.length = 0
      dones.length = 0
      length = 0
    },
  }
}

/** An exception in one callback must not keep the other callers from their answer; it is thrown afterwards. */
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

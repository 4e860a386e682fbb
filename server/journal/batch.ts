import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import { writeRecord } from './record.ts'

export type Done = (error?: Error) => void

/** Records that will be committed together, encoded as they come. */
export interface Batch {
  count(): number
  bytes(): number
  fits(bytes: number): boolean
  add(message: DeviceMessage, salt: number, done: Done): void
  /** Where record `index` ends. */
  endOf(index: number): number
  slice(from: number, to: number): Uint8Array
  /** Calls back records `from` to before `to`. */
  settle(from: number, to: number, error?: Error): void
  clear(): void
}

export function createBatch(maxBytes: number): Batch {
  const buffer = Buffer.allocUnsafe(maxBytes)
  const ends: number[] = []
  const dones: Done[] = []
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
    settle(from, to, error) {
      for (const done of dones.slice(from, to)) callBack(done, error)
    },
    clear() {
      ends.length = 0
      dones.length = 0
      length = 0
    },
  }
}

/** One caller's mistake must not cost the others their answer; it still comes to light. */
function callBack(done: Done, error: Error | undefined): void {
  try {
    done(error)
  } catch (mistake) {
    queueMicrotask(() => {
      throw mistake
    })
  }
}

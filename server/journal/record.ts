import { crc32 } from 'node:zlib'
import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { CHANNELS, type Channel } from '#contract/topics.ts'
import type { Instant } from '../domain/instant.ts'
import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import type { Cursor, JournalRecord } from '../flows/ports.ts'

/**
 * A record: length u32 (of what follows the check), crc32 u32, received f64, channel u8, length of the
 * device id u8, device id, body; little endian. The check is seeded with the segment's salt, so that
 * neither an older file's record nor one that a device sends as its body passes for ours.
 * The channel is its place in CHANNELS: that list may grow at its end, never change.
 */
const PREFIX = 8
const FIXED = 10
const MAX_ID_BYTES = 255
const MIN_RECORD_BYTES = PREFIX + FIXED
export const MAX_RECORD_BYTES = PREFIX + FIXED + MAX_ID_BYTES + MAX_BODY_BYTES

/** Bytes that the message takes; undefined when no record can hold it. */
export function recordBytes(message: DeviceMessage): number | undefined {
  const idBytes = Buffer.byteLength(message.deviceId)
  if (idBytes > MAX_ID_BYTES || message.body.length > MAX_BODY_BYTES) return undefined
  return PREFIX + FIXED + idBytes + message.body.length
}

/** Writes the record at `at` of a buffer that has room for it; returns where the next one begins. */
export function writeRecord(into: Buffer, at: number, message: DeviceMessage, salt: number): number {
  const start = at + PREFIX
  into.writeDoubleLE(message.receivedAt, start)
  into[start + 8] = CHANNELS.indexOf(message.channel)
  const idBytes = into.write(message.deviceId, start + FIXED)
  into[start + 9] = idBytes
  into.set(message.body, start + FIXED + idBytes)
  const end = start + FIXED + idBytes + message.body.length
  into.writeUInt32LE(end - start, at)
  into.writeUInt32LE(crc32(into.subarray(start, end), salt), at + 4)
  return end
}

/** Where the record at `at` ends; undefined when there is none, or not all of it is in the buffer. */
export function recordEnd(buffer: Buffer, at: number, salt: number): number | undefined {
  const start = at + PREFIX
  if (start > buffer.length) return undefined
  const length = buffer.readUInt32LE(at)
  const end = start + length
  if (length < FIXED || length > MAX_RECORD_BYTES - PREFIX || end > buffer.length) return undefined
  const content = new Uint8Array(buffer.buffer, buffer.byteOffset + start, length)
  if (crc32(content, salt) !== buffer.readUInt32LE(at + 4)) return undefined
  if ((content[8] ?? 0) >= CHANNELS.length || FIXED + (content[9] ?? 0) > length) return undefined
  return end
}

/** A record that is there, at `at` of the buffer. */
export class RecordView implements JournalRecord {
  bytes: Buffer = Buffer.alloc(0)
  cursor = 0
  next = 0
  id = 0
  body = 0
  end = 0

  /** Looks at the record at `at`, which ends at `end` and whose cursor is this. */
  look(bytes: Buffer, at: number, end: number, cursor: Cursor): this {
    this.bytes = bytes
    this.cursor = cursor
    this.next = cursor + end - at
    this.id = at + PREFIX + FIXED
    this.body = this.id + (bytes[this.id - 1] ?? 0)
    this.end = end
    return this
  }

  get channel(): Channel {
    return CHANNELS[this.bytes[this.id - 2] ?? 0] ?? 'telemetry'
  }

  get receivedAt(): Instant {
    return this.bytes.readDoubleLE(this.id - FIXED)
  }

  get deviceId(): string {
    return this.bytes.toString('utf8', this.id, this.body)
  }

  /** On its own, though its body lies where the record lies. */
  message(): DeviceMessage {
    const { deviceId, channel, receivedAt } = this
    return { deviceId, channel, receivedAt, body: this.bytes.subarray(this.body, this.end) }
  }
}

/** Where the next whole record begins after a bad stretch; the buffer's end when there is none. */
export function findRecord(buffer: Buffer, from: number, salt: number): number {
  for (let at = from; at + MIN_RECORD_BYTES <= buffer.length; at += 1) {
    if (recordEnd(buffer, at, salt) !== undefined) return at
  }
  return buffer.length
}

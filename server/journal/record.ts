import { crc32 } from 'node:zlib'
import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { CHANNELS } from '#contract/topics.ts'
import type { DeviceMessage } from '../domain/telemetry/reading.ts'

/**
 * A record: length u32 (of what follows the check), crc32 u32, received f64, channel u8, length of the
 * device id u8, device id, body; little endian. The check is seeded with the segment's salt, so that
 * neither an older file's record nor one that a device sends as its body passes for ours.
 * The channel is its place in CHANNELS: that list may grow at its end, never change.
 */
const PREFIX = 8
const FIXED = 10
const MAX_ID_BYTES = 255
export const MIN_RECORD_BYTES = PREFIX + FIXED
export const MAX_RECORD_BYTES = PREFIX + FIXED + MAX_ID_BYTES + MAX_BODY_BYTES

export interface FoundRecord {
  readonly message: DeviceMessage
  readonly bytes: number
}

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

/** The record at `at`; `cut` when its length reaches beyond the buffer, `bad` when it is none. */
export function readRecord(buffer: Buffer, at: number, salt: number): FoundRecord | 'cut' | 'bad' {
  if (at + PREFIX > buffer.length) return 'cut'
  const length = buffer.readUInt32LE(at)
  if (length < FIXED || length > MAX_RECORD_BYTES - PREFIX) return 'bad'
  const start = at + PREFIX
  const end = start + length
  if (end > buffer.length) return 'cut'
  if (crc32(buffer.subarray(start, end), salt) !== buffer.readUInt32LE(at + 4)) return 'bad'
  const channel = CHANNELS[buffer.readUInt8(start + 8)]
  const bodyStart = start + FIXED + buffer.readUInt8(start + 9)
  if (channel === undefined || bodyStart > end) return 'bad'
  const message = {
    deviceId: buffer.toString('utf8', start + FIXED, bodyStart),
    channel,
    receivedAt: buffer.readDoubleLE(start),
    body: buffer.subarray(bodyStart, end),
  }
  return { message, bytes: PREFIX + length }
}

/** Where the next whole record begins after a bad stretch; the buffer's end when there is none. */
export function findRecord(buffer: Buffer, from: number, salt: number): number {
  for (let at = from; at + MIN_RECORD_BYTES <= buffer.length; at += 1) {
    if (typeof readRecord(buffer, at, salt) === 'object') return at
  }
  return buffer.length
}

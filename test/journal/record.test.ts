import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANNELS } from '#contract/topics.ts'
import { findRecord, recordBytes, recordEnd, RecordView, writeRecord } from '../../server/journal/record.ts'
import { aMessage } from './support.ts'

const anyMessage = fc.record({
  deviceId: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
  channel: fc.constantFrom(...CHANNELS),
  receivedAt: fc.integer({ min: 0, max: 4e12 }),
  body: fc.uint8Array({ maxLength: 500 }),
})
const anySalt = fc.integer({ min: 1, max: 2 ** 32 - 1 })

function encoded(message: Parameters<typeof recordBytes>[0], salt: number): Buffer {
  const buffer = Buffer.alloc(recordBytes(message) ?? 0)
  writeRecord(buffer, 0, message, salt)
  return buffer
}

describe('a record', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(anyMessage, anySalt, (message, salt) => {
        const buffer = encoded(message, salt)
        expect(recordEnd(buffer, 0, salt)).toBe(buffer.length)
        const record = new RecordView().look(buffer, 0, buffer.length, 70)
        const found = record.message()
        expect({ ...found, body: new Uint8Array(found.body) }).toEqual(message)
        expect([record.cursor, record.next]).toEqual([70, 70 + buffer.length])
      }),
    )
  })

  it('with any one bit flipped is none', () => {
    fc.assert(
      fc.property(anyMessage, anySalt, fc.nat(), (message, salt, bit) => {
        const buffer = encoded(message, salt)
        const at = Math.floor(bit / 8) % buffer.length
        buffer.writeUInt8(buffer.readUInt8(at) ^ (1 << (bit % 8)), at)
        expect(recordEnd(buffer, 0, salt)).toBeUndefined()
      }),
    )
  })

  it('of another segment’s salt is none, nor is one that a device sends as its body', () => {
    const inner = encoded(aMessage(1), 5)
    expect(recordEnd(inner, 0, 6)).toBeUndefined()
    const outer = encoded({ ...aMessage(2), body: inner }, 6)
    outer.writeUInt8(outer.readUInt8(9) ^ 1, 9)
    expect(findRecord(outer, 0, 6)).toBe(outer.length)
  })

  it('larger than a body may be has no place', () => {
    expect(recordBytes({ ...aMessage(1), body: new Uint8Array(64 * 1024) })).toBeDefined()
    expect(recordBytes({ ...aMessage(1), body: new Uint8Array(64 * 1024 + 1) })).toBeUndefined()
    expect(recordBytes({ ...aMessage(1), deviceId: 'x'.repeat(256) })).toBeUndefined()
  })
})

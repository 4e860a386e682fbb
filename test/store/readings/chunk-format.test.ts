import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zstdCompressSync } from 'node:zlib'
import { ByteWriter } from '../../../server/store/readings/embedded/bytes.ts'
import type { Column, Chunk } from '../../../server/store/readings/embedded/chunk.ts'
import {
  decodeChunk,
  encodeChunk,
  ChunkDamaged,
} from '../../../server/store/readings/embedded/chunk-format.ts'

const gap = fc.constant(null)
const decimals = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9 }))
  .map(([whole, places]) => whole / 10 ** places)
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true })
const kinds = [
  fc.oneof(decimals, gap),
  decimals,
  fc.oneof(doubles, gap),
  fc.oneof(decimals, doubles),
  fc.boolean(),
  fc.oneof(fc.boolean(), gap),
  fc.oneof(fc.boolean(), decimals, gap),
  fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 50, 1e300, 5e-324, 0.1 + 0.2, 1 / 3, -0.5),
]

const chunks: fc.Arbitrary<Chunk> = fc
  .uniqueArray(fc.nat(2 ** 42), { minLength: 1, maxLength: 40 })
  .map((at) => at.sort((a, b) => a - b))
  .chain((at) => {
    const column = fc.oneof(
      ...kinds.map((kind) => fc.array<Column[number]>(kind, { minLength: at.length, maxLength: at.length })),
    )
    return fc
      .dictionary(fc.string({ minLength: 1, maxLength: 12 }), column, { maxKeys: 5 })
      .map((columns) => ({ at, signals: new Map(Object.entries(columns)) }))
  })

/** Minus zero is zero for a sensor. */
const plain = ({ at, signals }: Chunk) => ({
  at,
  signals: new Map(
    [...signals].map(([name, values]) => [name, values.map((value) => (value === 0 ? 0 : value))]),
  ),
})

describe('a chunk in bytes', () => {
  it('comes back as it was, whatever its values', () => {
    fc.assert(
      fc.property(chunks, (chunk) => {
        expect(plain(decodeChunk(encodeChunk(chunk)))).toEqual(plain(chunk))
      }),
      { numRuns: 500 },
    )
  })

  it('takes a value of a slow sensor in little more than a byte', () => {
    const rows = Array.from({ length: 800 }, (_, n) => n)
    const at = rows.map((n) => 1_768_488_600_000 + n * 10_000)
    const signals = new Map([['pressure_mpa', rows.map((n) => (6100 + (n % 7)) / 10_000)]])
    expect(encodeChunk({ at, signals }).length).toBeLessThan(800)
  })

  it.each([
    ['plain', (json: Buffer) => json],
    ['compressed', zstdCompressSync],
  ])('is still read in its earlier form, %s', (_how, form) => {
    const json = Buffer.from('[[1000,5],["pressure_mpa",[0.5,null]],["cover_open",[null,true]]]')
    expect(decodeChunk(form(json))).toEqual({
      at: [1000, 1005],
      signals: new Map<string, Column>([
        ['pressure_mpa', [0.5, null]],
        ['cover_open', [null, true]],
      ]),
    })
  })

  it('of an unknown form is refused, not guessed at', () => {
    expect(() => decodeChunk(Buffer.from([9, 1, 1]))).toThrow('unknown form 9')
    expect(() => decodeChunk(Buffer.from([1, 1, 1, 0, 1, 0x78, 50]))).toThrow('unknown form 50')
  })

  it.each([
    ['rows', 5_000_000, 1],
    ['columns', 1, 5_000_000],
    ['of both', 40, 40],
  ])('that says it has more %s than it can is refused before it takes the memory', (_what, rows, columns) => {
    const out = new ByteWriter()
    out.byte(1)
    out.whole(rows)
    out.whole(columns)
    for (let n = 0; n < 50; n += 1) out.byte(1)
    expect(() => decodeChunk(out.written())).toThrow(ChunkDamaged)
  })

  it('with any bit flipped is read or refused, and is never larger than its bytes allow', () => {
    fc.assert(
      fc.property(chunks, fc.nat(), fc.nat(7), (chunk, place, bit) => {
        const bytes = Buffer.from(encodeChunk(chunk))
        const at = place % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        try {
          const read = decodeChunk(bytes)
          const values = [...read.signals.values()].reduce(
            (sum, column) => sum + column.length,
            read.at.length,
          )
          expect(values).toBeLessThan(100_000)
        } catch (error) {
          expect(error).toBeInstanceOf(ChunkDamaged)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('cut off anywhere, or with more behind it, is refused', () => {
    const at = [1000, 1010, 1020]
    const signals = new Map<string, Column>([
      ['pressure_mpa', [0.5, null, 0.7]],
      ['cover_open', [true, false, true]],
    ])
    const bytes = Buffer.from(encodeChunk({ at, signals }))
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeChunk(bytes.subarray(0, length))).toThrow(ChunkDamaged)
    }
    expect(() => decodeChunk(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(ChunkDamaged)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinEncoded } from '../../../server/store/readings/embedded/join-chunks.ts'
import { mergeChunks, type Column, type Chunk } from '../../../server/store/readings/embedded/chunk.ts'
import { decodeChunk, encodeChunk } from '../../../server/store/readings/embedded/chunk-format.ts'

const cents = fc.integer({ min: -1e6, max: 1e6 }).map((whole) => whole / 100)
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true })
/** What the columns of a device hold, each always the same. */
const kinds = [cents, fc.integer(), fc.boolean(), doubles] as const

const chunk = fc
  .integer({ min: 1, max: 30 })
  .chain((rows) =>
    fc.record({
      gaps: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: rows, maxLength: rows }),
      columns: fc.tuple(
        ...kinds.map((kind) =>
          fc.array(kind as fc.Arbitrary<number | boolean>, { minLength: rows, maxLength: rows }),
        ),
      ),
    }),
  )

/** One after the other, from some day on. */
function inTime(parts: readonly { gaps: readonly number[]; columns: readonly Column[] }[]): Chunk[] {
  let at = Date.UTC(2026, 0, 15)
  return parts.map(({ gaps, columns }) => ({
    at: gaps.map((gap) => (at += gap)),
    signals: new Map(columns.map((column, n) => [`signal_${String(n)}`, column])),
  }))
}
const encoded = (chunks: readonly Chunk[]) => chunks.map((one) => encodeChunk(one))

describe('joining encoded chunks', () => {
  it('comes to the same bytes as merging what is in them, unless it is left to that', () => {
    let joined = 0
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 2, maxLength: 16 }), (parts) => {
        const chunks = inTime(parts)
        const found = joinEncoded(encoded(chunks))
        if (found === undefined) return
        joined += 1
        const merged = mergeChunks(chunks)
        expect(decodeChunk(found)).toEqual(merged)
        expect(Buffer.from(found).equals(encodeChunk(merged))).toBe(true)
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(joined).toBeGreaterThan(150)
  })

  it.each<[string, (first: Chunk, second: Chunk) => Chunk]>([
    ['other signals', ({ at }) => ({ at, signals: new Map([['other', at.map(() => 1)]]) })],
    ['fewer signals', ({ at, signals }) => ({ at, signals: new Map([...signals].slice(1)) })],
    [
      'gaps',
      ({ at, signals }) => ({
        at,
        signals: new Map([...signals].map(([name, all]) => [name, [null, ...all.slice(1)]])),
      }),
    ],
    ['times that overlap', ({ signals }, first) => ({ at: first.at, signals })],
  ])('leaves %s', (_what, changed) => {
    const [first, second] = inTime([
      {
        gaps: [5, 5],
        columns: [
          [1, 2],
          [true, false],
        ],
      },
      {
        gaps: [5, 5],
        columns: [
          [3, 4],
          [true, false],
        ],
      },
    ])
    if (first === undefined || second === undefined) throw new Error('there are two')
    expect(joinEncoded(encoded([first, second]))).toBeDefined()
    expect(joinEncoded(encoded([first, changed(second, first)]))).toBeUndefined()
  })

  it('leaves what is damaged or in the form of JSON', () => {
    const [good] = encoded(inTime([{ gaps: [5, 5], columns: [[1, 2]] }]))
    if (good === undefined) throw new Error('there is one')
    for (const bad of [
      Buffer.alloc(0),
      good.subarray(0, good.length - 1),
      Buffer.concat([good, Buffer.from([0])]),
      Buffer.from([1, 0xff, 0xff, 0xff, 0x01, 1, 1, 1]),
      Buffer.from([0x28, 1, 2, 3]),
      Buffer.from('[[5,5],["a",[1,2]]]'),
    ]) {
      expect(joinEncoded([bad, good])).toBeUndefined()
    }
  })

  it('does not look for the very many columns that damaged ones say they have', () => {
    const saying = (at: number) => Buffer.from([1, 1, 0xff, 0xff, 0xff, 0xff, 0x7f, at])
    expect(joinEncoded([saying(2), saying(4)])).toBeUndefined()
  })
})

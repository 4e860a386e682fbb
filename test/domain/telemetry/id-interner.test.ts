import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdInterner } from '../../../server/domain/telemetry/id-interner.ts'

const id = fc.oneof(
  fc.stringMatching(/^[a-z0-9_-]{0,12}$/),
  fc.nat(3000).map((n) => `d-${String(n)}`),
)

it('ids get numbers from 0 on, the same one again whenever they come again', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), fc.nat(20), (all, from) => {
      const ids = new IdInterner()
      const expected = new Map<string, number>()
      for (const text of all) {
        if (!expected.has(text)) expected.set(text, expected.size)
        const bytes = Buffer.concat([Buffer.alloc(from, 0x61), Buffer.from(text), Buffer.from('z')])
        expect(ids.numberOf(bytes, from, bytes.length - 1)).toBe(expected.get(text))
      }
      for (const [text, number] of expected) expect(ids.textOf(number)).toBe(text)
    }),
  )
})

it('ids are found among ten thousand', () => {
  const ids = new IdInterner()
  for (const round of [0, 1]) {
    for (let n = 0; n < 10_000; n += 1) {
      const bytes = Buffer.from(`station-${String(n)}`)
      expect(ids.numberOf(bytes, 0, bytes.length), String(round)).toBe(n)
    }
  }
  expect(ids.textOf(9999)).toBe('station-9999')
})

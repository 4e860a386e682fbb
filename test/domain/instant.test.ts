import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantText, parseInstant } from '../../server/domain/instant.ts'

test('an instant is written as the calendar has it, in any year and to the millisecond', () => {
  const asDate = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, -1)
  const span = { min: -2_000_000_000_000, max: 4_000_000_000_000 }
  fc.assert(
    fc.property(fc.integer(span), (at) => {
      const text = instantText(at)
      expect(text).toBe(`${asDate(at).replace(/\.000$/, '')}+08:00`)
      expect(parseInstant(text)).toBe(at)
    }),
  )
  expect(instantText(Date.parse('2028-02-29T23:59:59+08:00'))).toBe('2028-02-29T23:59:59+08:00')
  expect(instantText(Date.parse('2028-02-29T23:59:59.5Z') + 0.5)).toBe('2028-03-01T07:59:59.500+08:00')
})

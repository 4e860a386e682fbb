import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  instantText,
  isCalendarDay,
  parseInstant,
  parseInstantOfAnyYear,
} from '../../server/domain/instant.ts'

test('an instant is written as the calendar has it, in any year and to the millisecond', () => {
  const asDate = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, -1)
  const span = { min: -2_000_000_000_000, max: 4_000_000_000_000 }
  fc.assert(
    fc.property(fc.integer(span), (at) => {
      const text = instantText(at)
      expect(text).toBe(`${asDate(at).replace(/\.000$/, '')}+08:00`)
      expect(parseInstantOfAnyYear(text)).toBe(at)
    }),
  )
  expect(instantText(Date.parse('2028-02-29T23:59:59+08:00'))).toBe('2028-02-29T23:59:59+08:00')
  expect(instantText(Date.parse('2028-02-29T23:59:59.5Z') + 0.5)).toBe('2028-03-01T07:59:59.500+08:00')
})

test.each([
  ['2000-01-01T00:00:00+08:00', true],
  ['2100-12-31T23:59:59+08:00', true],
  ['1999-12-31T23:59:59+08:00', false],
  ['2101-01-01T00:00:00+08:00', false],
  ['0000-01-01T00:00:00Z', false],
  ['9999-12-31T23:59:59-23:59', false],
  ['2028-02-29T00:00:00+08:00', true],
  ['2026-02-29T00:00:00+08:00', false],
  ['2026-04-31T00:00:00+08:00', false],
  ['2026-13-01T00:00:00+08:00', false],
  ['2026-01-15T00:00:00', false],
])('%s is an instant of ours: %s', (text, isOurs) => {
  expect(parseInstant(text) !== undefined).toBe(isOurs)
})

test.each(['2026-02-30', '2026-00-10', '2026-1-1', '', 'zzz', '+2026-01-01'])(
  '%o is no day of the calendar',
  (text) => {
    expect(isCalendarDay(text)).toBe(false)
  },
)

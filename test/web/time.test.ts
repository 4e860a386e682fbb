import { describe, expect, it } from 'vitest'
import {
  dayText,
  ageText,
  durationText,
  inputText,
  instantText,
  isoText,
  parseAfter,
  parseLocal,
  shortDuration,
} from '../../web/src/base/i18n/time.ts'

const at = (text: string): number => Date.parse(text)
const NOW = at('2026-01-15T23:06:24+08:00')
const MINUTE = 60_000

describe('durations', () => {
  it.each([
    [9_999, '9秒', '9\u00a0s'],
    [6 * MINUTE + 46_000, '6分46秒', '6\u00a0min 46\u00a0s'],
    [65_000, '1分05秒', '1\u00a0min 05\u00a0s'],
    [103 * MINUTE, '1时43分', '1\u00a0h 43\u00a0min'],
    [44 * 60 * MINUTE + 19 * MINUTE, '44时19分', '44\u00a0h 19\u00a0min'],
    [11 * 24 * 60 * MINUTE, '11天00时', '11\u00a0d 00\u00a0h'],
  ])('of %i ms carry their units', (ms, zh, en) => {
    expect(durationText(ms, 'zh')).toBe(zh)
    expect(durationText(ms, 'en')).toBe(en)
  })

  it('count up with the same words once overdue', () => {
    expect(durationText(-25 * MINUTE - 14_000, 'zh')).toBe('25分14秒')
  })

  it('fit into a donut with their larger unit alone', () => {
    expect(shortDuration(53 * MINUTE + 35_000, 'zh')).toBe('53分')
    expect(shortDuration(53 * MINUTE + 35_000, 'en', '')).toBe('53min')
  })

  it('as an age is never less than nothing, and its figure stays with its unit', () => {
    expect(ageText(NOW - 3 * MINUTE, NOW, 'zh')).toBe('3分')
    expect(ageText(NOW - 3 * MINUTE, NOW, 'en')).toBe('3\u00a0min')
    expect(ageText(NOW + MINUTE, NOW, 'en')).toBe('0\u00a0s')
  })
})

describe('instants', () => {
  it.each([
    ['2026-01-15T23:13:10+08:00', '23:13:10'],
    ['2026-01-16T02:50:00+08:00', '次日02:50'],
    ['2026-01-14T22:41:10+08:00', '昨日22:41'],
    ['2026-01-17T06:08:00+08:00', '1月17日06:08'],
    // The same instant as half past midnight in Shanghai, still the day before in UTC.
    ['2026-01-15T16:30:00Z', '次日00:30'],
  ])('of %s are read from now', (text, shown) => {
    expect(instantText(at(text), NOW, 'zh')).toBe(shown)
  })

  it('go to the server with the offset of Asia/Shanghai', () => {
    expect(isoText(NOW)).toBe('2026-01-15T23:06:24+08:00')
  })
})

describe('a time as an operator types it', () => {
  it.each([
    ['22:50', '2026-01-15T22:50:00+08:00'],
    ['22:50', '2026-01-15T22:50:00+08:00'],
    ['2250', '2026-01-15T22:50:00+08:00'],
    ['23:30', '2026-01-14T23:30:00+08:00'],
    ['2026-01-15T08:05', '2026-01-15T08:05:00+08:00'],
  ])('%s is the latest such time that is not ahead', (typed, meant) => {
    expect(parseLocal(typed, NOW)).toBe(at(meant))
  })

  it('is the first such time ahead where a promise is made', () => {
    expect(parseLocal('08:00', NOW, true)).toBe(at('2026-01-16T08:00:00+08:00'))
    expect(parseLocal('1-18 08:00', NOW, true)).toBe(at('2026-01-18T08:00:00+08:00'))
  })

  it.each(['23:06', '23:00', '22:07'])(
    '%s, less than an hour past, is today’s where a promise is made',
    (typed) => {
      expect(parseLocal(typed, NOW, true)).toBe(at(`2026-01-15T${typed}:00+08:00`))
    },
  )

  it('ends after it began, the next day where it must', () => {
    expect(parseAfter('23:00', NOW)).toBe(at('2026-01-16T23:00:00+08:00'))
    expect(parseAfter('23:30', NOW)).toBe(at('2026-01-15T23:30:00+08:00'))
    expect(parseAfter('1-15 22:00', NOW)).toBe(at('2026-01-15T22:00:00+08:00'))
  })

  it.each([
    ['2026-01-15T23:00:00+08:00', '今天 1月15日 周四 23:00', 'today 15 Jan Thu 23:00'],
    ['2026-01-16T08:35:00+08:00', '明天 1月16日 周五 08:35', 'tomorrow 16 Jan Fri 08:35'],
    ['2026-01-14T08:35:00+08:00', '昨天 1月14日 周三 08:35', 'yesterday 14 Jan Wed 08:35'],
    ['2026-01-19T08:35:00+08:00', '1月19日 周一 08:35', '19 Jan Mon 08:35'],
  ])('%s is repeated with its day', (text, zh, en) => {
    expect([dayText(at(text), NOW, 'zh'), dayText(at(text), NOW, 'en')]).toEqual([zh, en])
  })

  it('is shown in the way in which it is read', () => {
    for (const text of ['2026-01-15T22:50:00+08:00', '2026-01-12T22:50:00+08:00']) {
      expect(parseLocal(inputText(at(text), NOW), NOW)).toBe(at(text))
    }
  })

  it.each(['25:00', '22:61', '昨晚', ''])('%s is not a time', (typed) => {
    expect(parseLocal(typed, NOW)).toBeUndefined()
  })
})

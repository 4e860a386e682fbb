import { describe, expect, it } from 'vitest'
import { TICKET_KINDS } from '#contract/vocabulary.ts'
import { at } from '../../support/desk-world.ts'
import { isWorkingDay, workingDayEnd } from '../../../server/domain/policy/calendar.ts'
import { checkCalendar } from '../../../server/domain/policy/check-calendar.ts'
import { checkPolicy } from '../../../server/domain/policy/check-policy.ts'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { instantText } from '../../../server/domain/instant.ts'

const mistakes = (pack: unknown) => {
  const checked = checkPolicy(pack)
  return 'mistakes' in checked ? checked.mistakes.map(({ path }) => path) : []
}
const changed = (change: (pack: ReturnType<typeof copy>) => void) => {
  const pack = copy()
  change(pack)
  return pack
}
const copy = () => structuredClone(WUDA)

describe('the built-in pack', () => {
  it('is sound, and survives printing and reading', () => {
    expect(checkPolicy(JSON.parse(JSON.stringify(WUDA)))).toEqual({ pack: WUDA, renamed: new Map() })
  })

  it.each([
    ['cover', 'special', 'repair_cover', 240],
    ['well_vent', 'first', 'repair_vent', 1440],
    ['primary_leak', 'first', 'repair_leak', 1440],
    ['hes_secondary', 'first', 'repair_station', 1440],
    ['indoor_leak', 'first', 'close_indoor_leak', 1440],
    ['not_hot', 'third', 'close_not_hot', 4320],
    ['consult', 'third', 'close_consult', 4320],
    ['complaint', 'second', 'close_level', undefined],
    ['help_other', 'second', 'close_level', undefined],
  ] as const)('%s is %s with %s of %s minutes', (kind, level, headline, minutes) => {
    expect(WUDA.kinds[kind]).toMatchObject({ level, headline })
    expect(WUDA.clocks[headline].limitMinutes).toBe(minutes)
  })

  it('says for every kind that its level is inferred (A1, A2)', () => {
    expect(TICKET_KINDS.filter((kind) => WUDA.kinds[kind].inferred === undefined)).toEqual([])
  })
})

describe('a pack with mistakes', () => {
  it('is refused with every one of them at once', () => {
    const pack = changed((each) => {
      Reflect.deleteProperty(each.clocks.repair_cover, 'limitMinutes')
      each.kinds.cover.headline = 'repair_vent'
      each.kinds.not_hot.clocks = ['dispatch', 'accept', 'close_not_hot']
      each.kinds.consult.extension = 'allowed'
    })
    expect(mistakes(pack)).toEqual(
      [
        'clocks.repair_cover.limitMinutes',
        'kinds.cover.headline',
        'kinds.consult.extension',
        'kinds.consult.clocks',
        'kinds.not_hot.clocks',
      ].sort((a, b) => mistakes(pack).indexOf(a) - mistakes(pack).indexOf(b)),
    )
    expect(mistakes(pack)).toHaveLength(5)
  })

  it.each<[string, unknown]>([
    ['flags.arrive_from', changed((each) => Reflect.set(each.flags, 'arrive_from', 'nowhere'))],
    ['kinds.not_hot.level', changed((each) => Reflect.set(each.kinds.not_hot, 'level', 'fourth'))],
    [
      'clocks.repair_cover.limitMinutes',
      changed((each) => Reflect.set(each.clocks.repair_cover, 'limitMinutes', -1)),
    ],
    ['flags.no_such_flag', changed((each) => Reflect.set(each.flags, 'no_such_flag', true))],
  ])('names %s', (path, pack) => {
    expect(mistakes(pack)).toContain(path)
  })

  it('is told of shape and sense alike, however many there are', () => {
    const pack = changed((each) => {
      const set = (on: object, key: string, value: unknown) => Reflect.set(on, key, value)
      set(each.clocks.repair_cover, 'limitMinutes', -4)
      set(each.clocks.repair_vent, 'start', 'whenever')
      set(each.kinds.not_hot, 'level', 'fourth')
      set(each.flags, 'arrive_from', 'later')
      set(each.flags, 'same_day_cutoff', '25:00')
      set(each.settings, 'warnAtPercent', [80, 50])
      set(each.settings, 'colour', 'red')
      set(each.levels.special, 'closeMinutes', '4h')
      set(each.kinds.consult, 'headline', 'repair_cover')
      each.kinds.hes_secondary.clocks = each.kinds.hes_secondary.clocks.filter(
        (key) => key !== 'answer_extension',
      )
      Reflect.deleteProperty(each.kinds.cover, 'headline')
      Reflect.deleteProperty(each.clauses, 'review')
      Reflect.deleteProperty(each.clauses, 'submit')
      Reflect.deleteProperty(each.clocks.call_back, 'workingDays')
      Reflect.deleteProperty(each, 'hotline')
    })
    expect([...mistakes(pack)].sort()).toEqual([
      'clauses.review',
      'clauses.submit',
      'clocks.call_back.workingDays',
      'clocks.repair_cover.limitMinutes',
      'clocks.repair_vent.start',
      'flags.arrive_from',
      'flags.same_day_cutoff',
      'hotline',
      'kinds.consult.headline',
      'kinds.cover.headline',
      'kinds.hes_secondary.clocks',
      'kinds.not_hot.level',
      'levels.special.closeMinutes',
      'settings.colour',
      'settings.warnAtPercent',
    ])
  })

  it.each([[null], [[]], ['{}'], [{}]])('%j is no pack', (pack) => {
    expect(mistakes(pack).length).toBeGreaterThan(0)
  })
})

describe('a calendar', () => {
  it('of the built-in years is sound', () => {
    expect(checkCalendar(CHINA_DAYS)).toEqual({ calendar: CHINA_DAYS })
  })

  it('with mistakes is refused with every one of them', () => {
    const wrong = {
      '2027': { holidays: ['2027-02-30', '2026-01-01', '2027-05-01'], workdays: ['2027-05-01'] },
    }
    expect(checkCalendar(wrong)).toEqual({
      mistakes: [
        { path: '2027.holidays', message: 'there is no 2027-02-30' },
        { path: '2027.holidays', message: '2026-01-01 is not of 2027' },
        { path: '2027', message: '2027-05-01 is both a holiday and a working day' },
      ],
    })
    expect(checkCalendar({ '2027': { holidays: ['1 May'] } })).toMatchObject({
      mistakes: [{ path: '2027.workdays' }, { path: '2027.holidays.0' }],
    })
  })
})

describe('working days', () => {
  it.each([
    ['2026-02-14T12:00:00', true, 'a Saturday made up'],
    ['2026-02-16T12:00:00', false, 'a Monday in the Spring Festival'],
    ['2026-02-24T12:00:00', true, 'the Tuesday after it'],
    ['2026-03-07T12:00:00', false, 'a Saturday'],
    ['2026-03-09T00:00:00', true, 'a Monday at midnight, local time'],
  ])('%s: %s, %s', (when, works) => expect(isWorkingDay(at(when), CHINA_DAYS)).toBe(works))

  it('are plain weekends in a year without data, and say so', () => {
    const { dueAt, missingYears } = workingDayEnd(at('2031-01-02T12:00:00'), 7, CHINA_DAYS)
    expect([instantText(dueAt), missingYears]).toEqual(['2031-01-13T23:59:59+08:00', ['2031']])
  })
})

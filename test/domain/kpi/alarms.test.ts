import { describe, expect, it } from 'vitest'
import { alarmFloods } from '#contract/alarm-flood.ts'
import { alarmFigures, pastAlarmOf, type PastAlarm } from '../../../server/domain/kpi/alarms.ts'
import { at } from '../../support/desk-world.ts'

const MINUTE = 60_000
const FROM = at('2026-01-15T00:00:00')
const DAY = { from: FROM, to: FROM + 24 * 60 * MINUTE }
const alarm = (minute: number, change: Partial<PastAlarm> = {}): PastAlarm => ({
  openedAt: FROM + minute * MINUTE,
  endedAt: FROM + (minute + 30) * MINUTE,
  level: 'first',
  source: String(minute),
  spokeAt: [FROM + minute * MINUTE],
  ...change,
})
const every = (count: number, step: number) => Array.from({ length: count }, (_, i) => alarm(i * step))

describe('the load of alarms', () => {
  it('of a quiet day is a mean, and no flood', () => {
    const figures = alarmFigures(every(72, 20), DAY, DAY.to)
    expect(figures).toMatchObject({
      count: 72,
      perTenMinutes: 0.5,
      mostInTenMinutes: 1,
      floods: 0,
      floodShare: 0,
    })
  })

  it('in a flood is counted by the time that it lasts', () => {
    const figures = alarmFigures(every(20, 0.5), DAY, DAY.to)
    // From the eleventh, in minute 5, until fewer than five are left of the last ten minutes.
    expect(figures).toMatchObject({ mostInTenMinutes: 20, floods: 1 })
    expect((figures.floodShare ?? 0) * 24 * 60).toBeCloseTo(12.5, 5)
  })

  it('is reckoned over what is past of the period alone', () => {
    const figures = alarmFigures([alarm(0), alarm(60 * 5)], DAY, FROM + 10 * MINUTE)
    expect(figures).toMatchObject({ count: 1, perTenMinutes: 1 })
    expect(alarmFigures([], DAY, FROM)).toMatchObject({ perTenMinutes: null, floodShare: null })
  })

  it('counts what still stands, and what has stood for more than a day', () => {
    const open = { endedAt: undefined }
    const figures = alarmFigures([alarm(0, open), alarm(600, open), alarm(700)], DAY, DAY.to + MINUTE)
    expect(figures).toMatchObject({ standing: 2, stale: 1 })
  })

  it('counts a source that spoke three times in an hour as chattering, and no other', () => {
    const spokeAt = (...minutes: number[]) => ({ spokeAt: minutes.map((minute) => FROM + minute * MINUTE) })
    const figures = (one: PastAlarm) => alarmFigures([one], DAY, DAY.to).chattering
    expect(figures(alarm(0, spokeAt(0, 30, 60)))).toBe(1)
    expect(figures(alarm(0, spokeAt(0, 30, 61)))).toBe(0)
  })

  it('is split by level', () => {
    const figures = alarmFigures([alarm(0), alarm(1, { level: 'special' })], DAY, DAY.to)
    expect(figures.byLevel).toEqual({ special: 1, first: 1, second: 0, third: 0 })
  })
})

describe('an incident of the past', () => {
  const member = {
    id: 'f',
    type: 'finding',
    kind: 'cover',
    joinedAt: FROM,
    why: { zh: '', en: '' },
    logOdds: 5,
  } as const
  const incident = {
    id: 'i',
    version: 1,
    kind: 'cover',
    state: 'confirmed',
    confidence: 5,
    openedAt: FROM,
    eventAt: FROM,
    assetIds: ['W1'],
    located: true,
    candidates: [],
    members: [member],
    exercise: false,
  } as const

  it('stands until its sensors have cleared', () => {
    expect(pastAlarmOf(incident, 'special')).toMatchObject({
      endedAt: undefined,
      source: 'cover W1',
      spokeAt: [FROM],
    })
    const cleared = {
      ...incident,
      state: 'cleared',
      members: [{ ...member, clearedAt: FROM + MINUTE }],
    } as const
    expect(pastAlarmOf(cleared, 'special').endedAt).toBe(FROM + MINUTE)
  })
})

describe('floods', () => {
  it('are told one by one, the last without an end while it lasts', () => {
    const burst = (minute: number) => Array.from({ length: 12 }, () => FROM + minute * MINUTE)
    const floods = alarmFloods([...burst(60), ...burst(0)], FROM + 65 * MINUTE)
    expect(floods).toEqual([
      { from: FROM, to: FROM + 10 * MINUTE },
      { from: FROM + 60 * MINUTE, to: undefined },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { alarmFigures } from '../../../server/domain/kpi/alarms.ts'
import { cellText } from '../../../server/domain/csv.ts'
import { figuresCsv } from '../../../server/domain/kpi/csv.ts'
import { factOf } from '../../../server/domain/kpi/fact.ts'
import { asTogether, measuredOf } from '../../../server/domain/kpi/measured.ts'
import { figuresOf } from '../../../server/domain/kpi/tally.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { breachCause } from '../../../server/domain/ticket/cause.ts'
import {
  aSensorTicket,
  aTicket,
  at,
  DISPATCHER,
  OPS,
  rulesWith,
  SCENE,
  SERVICE,
  type History,
} from '../ticket/history.ts'

const fact = (history: History, when: string) => factOf(assess(history.ticket(), rulesWith(), at(when)))
const figures = (when: string, ...histories: History[]) =>
  figuresOf(
    histories.map((history) => ({
      fact: fact(history, when),
      times: 1,
      measured: asTogether(measuredOf(history.ticket())),
    })),
    [],
    WUDA,
  )
const clock = (sums: ReturnType<typeof figuresOf>, key: string) =>
  sums.clocks.find((each) => each.key === key)

/** A cover that was repaired and reported at these times. */
const cover = (arrived = '08:20:00', repaired = '10:00:00') =>
  aTicket('cover', '08:00:00')
    .dispatched('08:00:05')
    .then('accept', '08:05:00', {})
    .then('assign', '08:06:00', { crewIds: ['crew-network-ops'] })
    .then('arrive', arrived, SCENE)
    .then('safety', '11:00:00', { measures: ['警示标识'] })
    .then('repair', repaired, { text: '复位' })

describe('the on-time share of a clock', () => {
  it('is what stopped in time over what stopped or is open and overdue', () => {
    const late = cover('08:20:00', '2026-01-15T12:00:01')
    const overdue = aTicket('cover', '08:00:00').dispatched('08:00:05')
    const running = aTicket('cover', '12:30:00').dispatched('12:30:00')
    const sums = figures('13:00:00', cover(), late, overdue, running)
    expect(clock(sums, 'repair_cover')).toMatchObject({ onTime: 1, late: 1, overdue: 1, share: 1 / 3 })
    expect(sums).toMatchObject({ tickets: 4, open: 4 })
  })

  it('counts exactly the due instant as on time', () => {
    expect(clock(figures('13:00:00', cover('08:20:00', '12:00:00')), 'repair_cover')).toMatchObject({
      share: 1,
    })
  })

  it('is nothing, not zero, where nothing was to be stopped', () => {
    expect(clock(figures('13:00:00', cover()), 'repair_leak')).toMatchObject({ onTime: 0, share: null })
  })

  it('leaves out what is only measured, and what was cancelled', () => {
    const sums = figures('13:00:00', cover())
    expect(clock(sums, 'contact_promptly')).toBeUndefined()
    const rejected = aTicket('cover', '08:00:00')
      .dispatched('08:00:05')
      .then('reject', '08:03:00', { reason: '不属本部门' })
      .dispatched('08:04:00')
      .then('accept', '08:05:00', {})
    expect(clock(figures('08:10:00', rejected), 'accept')).toMatchObject({ onTime: 1, late: 0, overdue: 0 })
  })

  it('counts an unfounded report as arrived, and its repair neither met nor missed (Ex 13)', () => {
    const nothing = aSensorTicket('cover', '08:00:00')
      .dispatched('08:00:05')
      .then('accept', '08:01:00', {})
      .then('arrive', '08:25:00', SCENE)
      .then('unfounded', '08:40:00', { surveyAt: at('08:30:00'), evidenceIds: ['a1'], informed: '调度' })
      .passed('09:00:00')
    const sums = figures('20:00:00', nothing)
    expect(clock(sums, 'arrive')).toMatchObject({ onTime: 1, share: 1 })
    expect(clock(sums, 'repair_cover')).toMatchObject({ onTime: 0, share: null })
    expect(sums.unfoundedSensor).toEqual({ count: 1, of: 1, share: 1 })
    expect(sums.unfoundedCall).toEqual({ count: 0, of: 0, share: null })
  })
})

describe('the first arrival', () => {
  it('counts 30 minutes from dispatch, also when nobody has come', () => {
    const nobody = aTicket('cover', '08:00:00').dispatched('08:00:05')
    const sums = figures('08:30:06', cover('08:30:05'), cover('08:30:06'), nobody)
    expect(sums.firstArrival).toEqual({ count: 1, of: 3, share: 1 / 3 })
  })

  it('does not ask it of a facility that somebody else runs (A7)', () => {
    const theirs = aTicket('hes_secondary', '08:00:00', { managedBy: '锦绣物业' }).dispatched('08:00:05')
    expect(figures('10:00:00', theirs).firstArrival.of).toBe(0)
    expect(clock(figures('10:00:00', theirs), 'arrive')).toMatchObject({ overdue: 0 })
  })
})

describe('why a clock ran out', () => {
  const causes = (when: string, history: History) => figures(when, history).breachCauses

  it('an extension was pending (Ex 3b)', () => {
    const waiting = aTicket('not_hot', '2026-01-01T23:30:00')
      .dispatched('2026-01-01T23:35:00')
      .then('accept', '2026-01-01T23:40:00', {})
      .then('contact', '2026-01-01T23:50:00', { reached: true, note: '已联系' })
      .then('assign', '2026-01-01T23:41:00', { crewIds: ['c'] })
      .then('request_extension', '2026-01-04T21:40:00', {
        extensionId: 'x1',
        reason: '待配件',
        dueAt: at('2026-01-06T23:40:00'),
        remainingMs: 7_200_000,
      })
      .then(
        'answer_extension',
        '2026-01-05T07:40:00',
        { extensionId: 'x1', approve: true, confirms: true },
        { actor: DISPATCHER },
      )
    expect(causes('2026-01-05T08:00:00', waiting)).toMatchObject({ extension_pending: 1, other: 0 })
    const sums = figures('2026-01-05T08:00:00', waiting)
    expect(sums.extensions).toEqual({
      requested: 1,
      answered: 1,
      approved: 1,
      answeredInTime: { count: 1, of: 1, share: 1 },
    })
  })

  it('it was at the wrong department, and would have been on time without that', () => {
    const lost = (repaired: string) =>
      aTicket('cover', '08:00:00')
        .dispatched('08:00:00')
        .then('reject', '08:10:00', { reason: '不属本部门' })
        .then('dispatch', '08:30:00', {
          departmentId: 'area-1',
          departmentName: '运营部一区',
          rule: 'override',
          why: 'x',
          channel: 'system',
        })
        .then('accept', '08:31:00', {})
        .then('assign', '08:32:00', { crewIds: ['c'] })
        .then('arrive', '08:50:00', SCENE)
        .then('repair', repaired, { text: '复位' })
    const causeOf = (history: History) =>
      breachCause(history.clock('repair_cover', '13:00:00'), history.ticket(), rulesWith(), at('13:00:00'))
    expect(causeOf(lost('12:30:00'))).toBe('mis_dispatch')
    expect(causeOf(lost('12:30:01'))).toBe('other')
  })

  it('nobody confirmed a plan (A12)', () => {
    const leak = (plan?: string) => {
      const history = aTicket('primary_leak', '08:00:00')
        .dispatched('08:01:00')
        .then('accept', '08:02:00', {})
        .then('assign', '08:03:00', { crewIds: ['c'] })
        .then('arrive', '08:20:00', SCENE)
      return plan === undefined ? history : history.then('plan', plan, { text: '开挖', confirmedBy: '部长' })
    }
    const causeOf = (history: History) => {
      const when = '2026-01-17T12:00:00'
      return breachCause(history.clock('repair_leak', when), history.ticket(), rulesWith(), at(when))
    }
    expect(causeOf(leak())).toBe('plan_missing')
    expect(causeOf(leak('10:30:00'))).toBe('plan_missing')
    expect(causeOf(leak('09:00:00'))).toBe('other')
  })
})

describe('returns, call-backs and direct answers', () => {
  const closed = () => cover().submitted('10:30:00')

  it('are told by their reasons', () => {
    const returned = closed()
      .then('review', '11:00:00', { pass: false, reason: 'not_in_norm' }, { actor: DISPATCHER })
      .submitted('11:30:00')
      .then('review', '12:00:00', { pass: false, reason: 'wrong_category' }, { actor: DISPATCHER })
      .submitted('12:30:00')
      .passed('13:00:00')
    const sums = figures('13:30:00', returned, closed().passed('11:00:00'))
    expect(sums.returned).toEqual({ count: 1, of: 2, share: 0.5 })
    expect(sums.returnReasons).toEqual({ not_detailed: 0, not_in_norm: 1, wrong_category: 1, other: 0 })
  })

  it('call-backs count by their 7 working days and by who was satisfied', () => {
    const called = (when: string, satisfied: boolean) =>
      closed()
        .passed('11:00:00')
        .then(
          'callback',
          when,
          { callId: 'call-1', reached: true, satisfied, done: true },
          { actor: SERVICE },
        )
    const sums = figures(
      '2026-02-02T00:00:00',
      called('2026-01-26T23:59:59', true),
      called('2026-01-27T00:00:00', false),
    )
    expect(sums.callbacksInTime).toEqual({ count: 1, of: 2, share: 0.5 })
    expect(sums.satisfied).toEqual({ count: 1, of: 2, share: 0.5 })
  })

  it('one who could not be reached is counted as such, not as dissatisfied', () => {
    const miss = (history: History, when: string, done: boolean) =>
      history.then('callback', when, { callId: 'call-1', reached: false, done }, { actor: SERVICE })
    const tried = miss(
      miss(miss(closed().passed('11:00:00'), '12:00:00', false), '13:00:00', false),
      '2026-01-16T09:00:00',
      true,
    )
    const sums = figures('2026-01-17T00:00:00', tried)
    expect([sums.unreached, sums.satisfied.of, sums.callbacksInTime.count]).toEqual([1, 0, 1])
  })

  it('direct answers are a share of what was called in', () => {
    const answered = aTicket('consult', '08:00:00').then('answer', '08:05:00', { text: '已说明' })
    const sums = figures(
      '09:00:00',
      answered,
      aTicket('consult', '08:00:00'),
      aSensorTicket('cover', '08:00:00'),
    )
    expect(sums.answeredDirectly).toEqual({ count: 1, of: 2, share: 0.5 })
    expect(clock(sums, 'dispatch')).toMatchObject({ onTime: 1, overdue: 2 })
  })
})

describe('what is measured and not limited (R-65)', () => {
  it('runs from the opening to the order, from the order to the plan, from the plan to the repair', () => {
    const leak = aTicket('primary_leak', '08:00:00')
      .dispatched('08:02:00')
      .then('accept', '08:05:00', {})
      .then('assign', '08:06:00', { crewIds: ['crew-network-ops'] })
      .then('arrive', '08:20:00', SCENE)
      .then('plan', '08:32:00', { text: '换管', confirmedBy: '值班长' })
    const repaired = aTicket('primary_leak', '08:00:00')
      .dispatched('08:04:00')
      .then('accept', '08:05:00', {})
      .then('assign', '08:06:00', { crewIds: ['crew-network-ops'] })
      .then('arrive', '08:20:00', SCENE)
      .then('safety', '08:21:00', { measures: ['警示标识'], barrier: true, cordon: true })
      .then('plan', '08:24:00', { text: '换管', confirmedBy: '值班长' })
      .then('repair', '12:24:00', { text: '已换' })
    const { pace } = figures('13:00:00', leak, repaired)
    expect(pace.notified).toEqual({ count: 2, meanMinutes: 3, medianMinutes: 3, mostMinutes: 4 })
    expect(pace.planned).toEqual({ count: 2, meanMinutes: 25, medianMinutes: 25, mostMinutes: 30 })
    expect(pace.repaired).toEqual({ count: 1, meanMinutes: 240, medianMinutes: 240, mostMinutes: 240 })
  })
})

describe('what a sensor knew', () => {
  it('is hidden from the first bad sample to the alarm', () => {
    const hidden = (eventAt: string) => aSensorTicket('cover', '09:00:00', { eventAt: at(eventAt) })
    const sums = figures('09:01:00', hidden('03:00:00'), hidden('08:58:00'), hidden('08:00:00'))
    expect(sums.hidden).toEqual({ count: 3, meanMinutes: 140.7, medianMinutes: 60, mostMinutes: 360 })
  })

  it('leads the first caller, or lags behind', () => {
    const sums = figuresOf(
      [],
      [
        { findingAt: at('08:00:00'), callAt: at('08:30:00') },
        { findingAt: at('09:00:00'), callAt: at('08:50:00') },
      ],
      WUDA,
    )
    expect(sums.sensorLead).toEqual({ count: 2, meanMinutes: 10, medianMinutes: 10, mostMinutes: 30 })
    expect(sums.sensorFirst).toEqual({ count: 1, of: 2, share: 0.5 })
  })
})

describe('a cell of the table', () => {
  it.each<[string | number | null, string]>([
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\tx', `"'\tx"`],
    ['\rx', `"'\rx"`],
    ['管网运行部', '管网运行部'],
    ['a,b', '"a,b"'],
    [-4.5, '-4.5'],
    [null, ''],
  ])('%j is written %s', (cell, text) => {
    expect(cellText(cell)).toBe(text)
  })
})

it('a department keeps the ticket that it closed, whoever had it before', () => {
  expect(fact(cover(), '12:00:00')).toMatchObject({ departmentId: OPS.departmentId, outcome: 'open' })
})

it('tickets of which the same is to be said count as many', () => {
  const once = fact(cover(), '13:00:00')
  const sums = figuresOf([{ fact: once, times: 7, measured: {} }], [], WUDA)
  expect(sums).toMatchObject({ tickets: 7, open: 7, firstArrival: { count: 7, of: 7, share: 1 } })
  expect(clock(sums, 'repair_cover')).toMatchObject({ onTime: 7, share: 1 })
  expect(sums.breachCauses.other).toBe(once.causes.length * 7)
})

describe('the figures as a table for a spreadsheet', () => {
  it('has a clause, a word for what is inferred, or nothing, and never a code of the register', () => {
    const noShare = { count: 0, of: 0, share: null }
    const total = figures('13:00:00', cover())
    const period = { from: '2026-01-01', to: '2026-02-01', at: '2026-02-01' }
    const alarms = alarmFigures([], { from: 0, to: 1 }, 1)
    const lines = figuresCsv({ ...period, total, notices: noShare, alarms }, WUDA.clauses)
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[3] ?? '')
    expect(lines).toContain('推定')
    expect(lines.filter((clause) => /^[A-Z]-?\d/.test(clause))).toEqual([])
  })
})

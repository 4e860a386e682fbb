import { describe, expect, it } from 'vitest'
import { axisSpan } from '../../web/src/features/ticket/axis-span.ts'
import { breachesOf, clockBars, headlineClock } from '../../web/src/features/ticket/clock-bars.ts'
import { labelRows } from '../../web/src/features/ticket/label-rows.ts'
import { timeAxis } from '../../web/src/features/ticket/time-axis.ts'
import { aClock, aTicket, anIncident } from './samples.ts'

const day = (text: string, date = 14): number => Date.parse(`2026-01-${date}T${text}+08:00`)
const leak = { begins: day('07:52:00'), arrives: day('08:33:00'), ends: day('10:15:00', 15) }

describe('the time axis of a ticket', () => {
  const axis = timeAxis(leak)

  it('begins before the event on a round minute and ends after the last limit on a round hour', () => {
    expect(axis.from).toBe(day('07:30:00'))
    expect(axis.to).toBeGreaterThan(leak.ends)
    expect(axis.to % 3_600_000).toBe(0)
  })

  it('tells minutes apart up to the arrival and hours after it', () => {
    expect(axis.fineCellMs).toBe(10 * 60_000)
    expect(axis.coarseCellMs).toBe(4 * 3_600_000)
    expect(axis.x(leak.arrives)).toBeLessThan(axis.kneeX)
    expect(axis.x(leak.ends)).toBeGreaterThan(axis.kneeX)
  })

  it('never runs backwards and keeps what lies outside on its edge', () => {
    const xs = Array.from({ length: 200 }, (_, index) =>
      axis.x(axis.from + ((axis.to - axis.from) * index) / 199),
    )
    expect(xs).toEqual([...xs].sort((a, b) => a - b))
    expect([axis.x(axis.from - 1), axis.x(axis.to + 1)]).toEqual([0, 1])
  })

  it('marks the local midnight', () => {
    expect(axis.midnights.map(({ at }) => at)).toEqual([day('00:00:00', 15)])
  })

  it('holds minutes of a ticket that is a minute old', () => {
    const young = timeAxis({ begins: day('22:43:00'), arrives: day('23:23:00'), ends: day('23:23:00') })
    expect(young.to).toBeGreaterThan(young.knee)
    expect(young.ticks.length).toBeGreaterThan(5)
  })
})

describe('what the axis must hold', () => {
  it('is the event, the short limits, the repair and what happened, but no limit of days', () => {
    const ticket = aTicket({
      openedAt: '2026-01-14T08:00:00+08:00',
      clocks: [
        aClock({
          startAt: '2026-01-14T08:01:00+08:00',
          dueAt: '2026-01-14T08:31:00+08:00',
          stoppedAt: '2026-01-14T08:33:00+08:00',
        }),
        aClock({ key: 'repair_leak', limitMinutes: 1440, dueAt: '2026-01-15T10:15:00+08:00' }),
        aClock({ key: 'call_back', limitMinutes: 17_000, dueAt: '2026-01-26T23:59:59+08:00' }),
      ],
    })
    const incident = anIncident({ eventAt: '2026-01-14T07:52:00+08:00' })
    expect(axisSpan(ticket, incident, day('09:00:00'))).toEqual({
      begins: day('07:52:00'),
      arrives: day('08:40:00'),
      ends: day('10:15:00', 15),
    })
  })
})

describe('a clock on the axis', () => {
  const axis = timeAxis(leak)
  const late = aClock({
    startAt: '2026-01-14T08:01:00+08:00',
    dueAt: '2026-01-14T08:31:00+08:00',
    stoppedAt: '2026-01-14T08:33:00+08:00',
    breachedAt: '2026-01-14T08:31:00+08:00',
    state: 'breached',
  })

  it('shows its breach from the due instant to the stop', () => {
    const [bar] = clockBars([late], axis, day('12:00:00'))
    expect(bar?.over).toEqual([axis.x(day('08:31:00')), axis.x(day('08:33:00'))])
    expect(breachesOf({ clocks: [late] })).toEqual([late])
  })

  it('goes on to now while it runs, and has no bar before it starts', () => {
    const running = aClock({ startAt: '2026-01-14T08:01:00+08:00', dueAt: '2026-01-14T08:31:00+08:00' })
    const [bar] = clockBars([running], axis, day('08:11:00'))
    expect(bar?.end).toBe(axis.x(day('08:11:00')))
    const [ahead] = clockBars([aClock({ state: 'pending' })], axis, day('08:11:00'))
    expect(ahead?.start).toBeUndefined()
  })

  it('says that its limit lies beyond the drawing', () => {
    const far = aClock({ key: 'call_back', dueAt: '2026-01-26T23:59:59+08:00' })
    expect(clockBars([far], axis, day('12:00:00'))[0]?.beyond).toBe(true)
  })

  it('leads the ticket when it is the repair', () => {
    const repair = aClock({ key: 'repair_leak', dueAt: '2026-01-15T10:15:00+08:00' })
    expect(headlineClock({ clocks: [late, repair], dueAt: '2026-01-15T10:15:00+08:00' })).toBe(repair)
  })
})

describe('words on a lane', () => {
  it('go to the next row when they would lie on others, and left of their mark at the edge', () => {
    const item = (x: number) => ({ item: x, x, width: 50 })
    const placed = labelRows([item(0), item(20), item(60), item(480)], 2, 500)
    expect(placed.map(({ row }) => row)).toEqual([0, 1, 0, 0])
    expect(placed.map(({ left }) => left)).toEqual([false, false, false, true])
  })
})

import type { DutyShift } from '#contract/duty.ts'
import { DAY, HOUR, SHANGHAI_OFFSET_MS, type Instant } from '../instant.ts'
import { dayStart, isWorkingDay, timeOnDay, type WorkCalendar } from '../policy/calendar.ts'
import { startOfDate } from './season.ts'

/** One stretch of a shift: `[from, to)` and its people. */
export interface Turn {
  readonly from: Instant
  readonly to: Instant
  readonly memberIds: readonly string[]
}

type Rotation = Extract<DutyShift, { kind: 'rotation' }>
type FixedShift = Extract<DutyShift, { kind: 'fixed' }>

/** The turn of a shift that holds at `at`; a turn begins on `firstDay … lastDay`, and may end later. */
export function turnAt(shift: DutyShift, at: Instant, calendar: WorkCalendar): Turn | undefined {
  const turn = shift.kind === 'rotation' ? rotationTurn(shift, at) : fixedTurn(shift, at, calendar)
  if (turn === undefined) return undefined
  return shift.lastDay !== undefined && turn.from >= startOfDate(shift.lastDay) + DAY ? undefined : turn
}

/** Instants after `at` at which a turn of this shift may begin or end; later ones come later. */
export function turnEdges(shift: DutyShift, at: Instant): readonly Instant[] {
  if (shift.kind === 'fixed') {
    const times = [timeOnDay(at, shift.from), timeOnDay(at, shift.to)]
    return [...times, ...times.map((time) => time + DAY)].filter((edge) => edge > at)
  }
  const { start, length } = rhythm(shift)
  return [at < start ? start : start + (Math.floor((at - start) / length) + 1) * length]
}

function rhythm({ firstDay, handoverAt, turnHours }: Rotation) {
  return { start: timeOnDay(startOfDate(firstDay), handoverAt), length: turnHours * HOUR }
}

function rotationTurn(shift: Rotation, at: Instant): Turn | undefined {
  const { start, length } = rhythm(shift)
  if (at < start) return undefined
  const turn = Math.floor((at - start) / length)
  const from = start + turn * length
  return { from, to: from + length, memberIds: shift.teams[turn % shift.teams.length] ?? [] }
}

/** Today's turn, or yesterday's that runs past midnight. */
function fixedTurn(shift: FixedShift, at: Instant, calendar: WorkCalendar): Turn | undefined {
  for (const day of [dayStart(at), dayStart(at) - DAY]) {
    const from = timeOnDay(day, shift.from)
    const to = timeOnDay(day, shift.to) + (shift.to <= shift.from ? DAY : 0)
    const begun = shift.firstDay === undefined || from >= startOfDate(shift.firstDay)
    if (begun && from <= at && at < to && isDayOf(shift, day, calendar)) {
      return { from, to, memberIds: shift.memberIds }
    }
  }
  return undefined
}

function isDayOf({ days }: FixedShift, day: Instant, calendar: WorkCalendar): boolean {
  if (days === 'all') return true
  if (days === 'working') return isWorkingDay(day, calendar)
  if (days === 'off') return !isWorkingDay(day, calendar)
  const weekday = new Date(day + SHANGHAI_OFFSET_MS).getUTCDay()
  return days.includes(weekday === 0 ? 7 : weekday)
}

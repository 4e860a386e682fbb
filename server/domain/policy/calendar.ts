import Type from 'typebox'
import { DAY, HOUR, MINUTE, SECOND, SHANGHAI_OFFSET_MS, type Instant } from '../instant.ts'

const Dates = Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 366 })
/** Holidays and make-up working days (调休) by year, as the State Council announces them. */
export const WorkCalendar = Type.Record(
  Type.String({ pattern: '^\\d{4}$' }),
  Type.Object({ holidays: Dates, workdays: Dates }, { additionalProperties: false }),
)
export type WorkCalendar = Type.Static<typeof WorkCalendar>

/** Local midnight (Asia/Shanghai) of the day that holds `at`. */
export function dayStart(at: Instant): Instant {
  return Math.floor((at + SHANGHAI_OFFSET_MS) / DAY) * DAY - SHANGHAI_OFFSET_MS
}

/** 23:59:59 local time of the day that holds `at`: the last second on which a same-day act is on time. */
export function dayEnd(at: Instant): Instant {
  return dayStart(at) + DAY - SECOND
}

/** Local date, `2026-01-15`. */
export function localDate(at: Instant): string {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
}

/** Local time of day, `HH:MM` text, on the day that holds `at`. */
export function timeOnDay(at: Instant, clock: string): Instant {
  const [hours, minutes] = clock.split(':').map(Number)
  return dayStart(at) + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE
}

/** A make-up day works, a holiday does not, else Monday to Friday do. */
export function isWorkingDay(at: Instant, calendar: WorkCalendar): boolean {
  const date = localDate(at)
  const year = calendar[date.slice(0, 4)]
  if (year?.workdays.includes(date) === true) return true
  if (year?.holidays.includes(date) === true) return false
  const weekday = new Date(at + SHANGHAI_OFFSET_MS).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * End (23:59:59 local) of the n-th working day after the day of `start`; day 1 is the next working day
 * (第三条7). `missingYears`: years crossed without data, taken as plain weekends.
 */
export function workingDayEnd(
  start: Instant,
  days: number,
  calendar: WorkCalendar,
): { readonly dueAt: Instant; readonly missingYears: readonly string[] } {
  const missing = new Set<string>()
  let day = dayStart(start)
  for (let left = days; left > 0;) {
    day += DAY
    const year = localDate(day).slice(0, 4)
    if (!Object.hasOwn(calendar, year)) missing.add(year)
    if (isWorkingDay(day, calendar)) left -= 1
  }
  return { dueAt: dayEnd(day), missingYears: [...missing] }
}

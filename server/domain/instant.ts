/** Milliseconds since 1970-01-01T00:00:00Z. Time always arrives as an argument; nothing here reads a clock. */
export type Instant = number

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Asia/Shanghai has been UTC+8 without daylight saving since 1991. */
export const SHANGHAI_OFFSET_MS = 8 * HOUR

/** ISO 8601 with the offset of Asia/Shanghai, to the millisecond only where there are any. */
export function instantText(at: Instant): string {
  const local = Math.floor(at + SHANGHAI_OFFSET_MS)
  const day = Math.floor(local / DAY)
  const ms = local - day * DAY
  const two = (unit: Instant, of: number): string => String(Math.floor(ms / unit) % of).padStart(2, '0')
  const rest = ms % SECOND === 0 ? '' : `.${String(ms % SECOND).padStart(3, '0')}`
  return `${dateText(day)}T${two(HOUR, 24)}:${two(MINUTE, 60)}:${two(SECOND, 60)}${rest}+08:00`
}

/** Dates by day; a board writes some ten thousand instants of a handful of days. */
const dates = new Map<number, string>()
const MAX_DATES = 1000

function dateText(day: number): string {
  const known = dates.get(day)
  if (known !== undefined) return known
  const [date = ''] = new Date(day * DAY).toISOString().split('T')
  if (dates.size >= MAX_DATES) dates.clear()
  dates.set(day, date)
  return date
}

/** Whatever happens here happens in these years, `[MIN_INSTANT, MAX_INSTANT)`; other dates are slips of a pen or attacks. */
const MIN_INSTANT: Instant = Date.parse('2000-01-01T00:00:00+08:00')
const MAX_INSTANT: Instant = Date.parse('2101-01-01T00:00:00+08:00')

/** Does this lie in `[MIN_INSTANT, MAX_INSTANT)`, ms? */
export function isOfCalendar(at: unknown): at is Instant {
  return typeof at === 'number' && at >= MIN_INSTANT && at < MAX_INSTANT
}

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Reads ISO 8601 with offset; undefined when it is not one, or not within `[MIN_INSTANT, MAX_INSTANT)`. */
export function parseInstant(text: string): Instant | undefined {
  const at = parseInstantOfAnyYear(text)
  return isOfCalendar(at) ? at : undefined
}

/** The same of any year from 0 to 9999: pipes are older than anything that is measured in them. */
export function parseInstantOfAnyYear(text: string): Instant | undefined {
  if (!WITH_OFFSET.test(text)) return undefined
  // Every month has 28 days; only what lies beyond costs a second look.
  if (Number(text.slice(8, 10)) > 28 && !isCalendarDay(text.slice(0, 10))) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** Is this `YYYY-MM-DD` a day of the calendar? `Date.parse` takes 30 February for 2 March. */
export function isCalendarDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).getUTCDate() === Number(text.slice(8))
}

/** Has the limit passed? In time includes the whole of the due second: instants of limits are compared in seconds. */
export function isPast(dueAt: Instant, at: Instant): boolean {
  return Math.floor(at / SECOND) > Math.floor(dueAt / SECOND)
}

/** The first instant at which that limit has passed. */
export function firstPast(dueAt: Instant): Instant {
  return (Math.floor(dueAt / SECOND) + 1) * SECOND
}

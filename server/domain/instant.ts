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
const MOST_DATES = 1000

function dateText(day: number): string {
  const known = dates.get(day)
  if (known !== undefined) return known
  const [date = ''] = new Date(day * DAY).toISOString().split('T')
  if (dates.size >= MOST_DATES) dates.clear()
  dates.set(day, date)
  return date
}

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Reads ISO 8601 with offset; undefined when it is not one. */
export function parseInstant(text: string): Instant | undefined {
  if (!WITH_OFFSET.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

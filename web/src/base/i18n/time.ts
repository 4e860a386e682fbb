import type { Language } from './dictionary.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Asia/Shanghai: UTC+8 all year, so plain arithmetic is exact. */
const OFFSET = 8 * HOUR

export interface DurationPart {
  readonly figure: string
  readonly unit: string
}

const UNITS = {
  zh: { day: '天', hour: '时', minute: '分', second: '秒' },
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
} as const

/** A length of time in its two largest units; seconds only below an hour. The sign is the caller's. */
export function durationParts(ms: number, language: Language): readonly DurationPart[] {
  const unit = UNITS[language]
  const total = Math.floor(Math.abs(ms) / SECOND)
  const [days, hours] = [Math.floor(total / 86_400), Math.floor((total % 86_400) / 3600)]
  const [minutes, seconds] = [Math.floor((total % 3600) / 60), total % 60]
  if (total >= 100 * 3600) return parts(days, unit.day, hours, unit.hour)
  if (total >= 3600) return parts(days * 24 + hours, unit.hour, minutes, unit.minute)
  if (total >= 60) return parts(minutes, unit.minute, seconds, unit.second)
  return [{ figure: String(seconds), unit: unit.second }]
}

function parts(large: number, largeUnit: string, small: number, smallUnit: string): readonly DurationPart[] {
  return [
    { figure: String(large), unit: largeUnit },
    { figure: String(small).padStart(2, '0'), unit: smallUnit },
  ]
}

/** What stands between a figure and its unit; a line never breaks there. */
function unitSpace(language: Language): string {
  return language === 'zh' ? '' : '\u00a0'
}

/** The same as plain text, for labels that are read aloud. */
export function durationText(ms: number, language: Language): string {
  return durationParts(ms, language)
    .map((part) => `${part.figure}${unitSpace(language)}${part.unit}`)
    .join(language === 'zh' ? '' : ' ')
}

/** How long ago, never less than nothing: of two clocks one is always a little ahead. */
export function sinceMs(at: number, now: number): number {
  return Math.max(0, now - at)
}

/** The larger unit only. */
export function shortDuration(ms: number, language: Language, space = unitSpace(language)): string {
  const [first] = durationParts(ms, language)
  return first === undefined ? '' : `${first.figure}${space}${first.unit}`
}

/** How long ago in one unit, which does not part from its figure. */
export function ageText(at: number, now: number, language: Language): string {
  return shortDuration(sinceMs(at, now), language)
}

function local(at: number): Date {
  return new Date(at + OFFSET)
}

/** `23:06:24` */
export function clockText(at: number): string {
  return local(at).toISOString().slice(11, 19)
}

/** `23:06` */
export function minuteText(at: number): string {
  return local(at).toISOString().slice(11, 16)
}

/** Days since the epoch in Asia/Shanghai. */
function localDay(at: number): number {
  return Math.floor((at + OFFSET) / DAY)
}

/** The midnight before an instant, or days after it. */
export function midnight(at: number, days = 0): number {
  return (localDay(at) + days) * DAY - OFFSET
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const

export function dateText(at: number, language: Language): string {
  const date = local(at)
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()]
  return language === 'zh' ? `${month + 1}月${day}日` : `${day} ${MONTHS[month]}`
}

export function monthText(at: number, language: Language): string {
  const month = local(at).getUTCMonth()
  return language === 'zh' ? `${month + 1}月` : (MONTHS[month] ?? '')
}

/** 1 … 31 */
export function dayOfMonth(at: number): number {
  return local(at).getUTCDate()
}

export function weekdayText(at: number, language: Language): string {
  return WEEKDAYS[language][local(at).getUTCDay()] ?? ''
}

/** An instant as seen from `now`: the clock today, the neighbouring day by its word, else the date. */
export function instantText(at: number, now: number, language: Language): string {
  const days = localDay(at) - localDay(now)
  if (days === 0) return clockText(at)
  const space = language === 'zh' ? '' : ' '
  if (days === 1) return `${language === 'zh' ? '次日' : 'tomorrow'}${space}${minuteText(at)}`
  if (days === -1) return `${language === 'zh' ? '昨日' : 'yesterday'}${space}${minuteText(at)}`
  return `${dateText(at, language)}${space}${minuteText(at)}`
}

/** The same to the minute, for shifts and appointments. */
export function momentText(at: number, now: number, language: Language): string {
  return localDay(at) === localDay(now) ? minuteText(at) : instantText(at, now, language)
}

/**
 * Reads `HH:mm`, `MM-DD HH:mm` or `YYYY-MM-DD HH:mm` as Asia/Shanghai. A bare time is the latest such
 * that is not ahead of `now`, or with `ahead` the first that is; one that is less than an hour past is
 * today's all the same, since who types it means the minute that has just gone.
 */
export function parseLocal(text: string, now: number, ahead = false): number | undefined {
  return read(text, now, (today) =>
    ahead ? (today > now - HOUR ? today : today + DAY) : today <= now ? today : today - DAY,
  )
}

/** The same for an end: a bare time is the first such after `begin`. */
export function parseAfter(text: string, begin: number): number | undefined {
  return read(text, begin, (today) => (today > begin ? today : today + DAY))
}

function read(text: string, now: number, dayOf: (today: number) => number): number | undefined {
  const typed = text.trim().replaceAll(':', ':')
  const dated = /^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})$/.exec(typed)
  if (dated !== null) {
    const [, year = String(local(now).getUTCFullYear()), month, day, hour, minute] = dated
    const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')
    const at = Date.parse(`${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:00+08:00`)
    return Number.isNaN(at) ? undefined : at
  }
  const bare = /^(\d{1,2}):?(\d{2})$/.exec(typed)
  if (bare === null) return undefined
  const [hour, minute] = [Number(bare[1]), Number(bare[2])]
  if (hour > 23 || minute > 59) return undefined
  return dayOf(midnight(now) + hour * HOUR + minute * MINUTE)
}

/** An instant with its day, as it is said beside a field: `今天 12月3日 周四 08:35`. */
export function dayText(at: number, now: number, language: Language): string {
  const day = DAYS[language][localDay(at) - localDay(now) + 1]
  return [day, dateText(at, language), weekdayText(at, language), minuteText(at)]
    .filter((part) => part !== undefined)
    .join(' ')
}

const DAYS = { zh: ['昨天', '今天', '明天'], en: ['yesterday', 'today', 'tomorrow'] } as const

/** ISO 8601 with +08:00, what the server takes and gives. */
export function isoText(at: number): string {
  return `${local(at).toISOString().slice(0, 19)}+08:00`
}

/** An instant as a form shows it and reads it again: 24-hour, whatever the browser's own habits are. */
export function inputText(at: number, now: number): string {
  return localDay(at) === localDay(now)
    ? minuteText(at)
    : local(at).toISOString().slice(0, 16).replace('T', ' ')
}

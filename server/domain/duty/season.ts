import type { DutyGroup, DutySettings } from '#contract/duty.ts'
import { DAY, SHANGHAI_OFFSET_MS, type Instant } from '../instant.ts'
import { dayStart, isWorkingDay, timeOnDay } from '../policy/calendar.ts'
import { DEFAULT_SEASON, type PolicyPack } from '../policy/policy-pack.ts'
import { latest, type DutyBook } from './book.ts'

/** The settings of duty until somebody enters others: the policy's city with its heating season. */
export function defaultDutySettings({ id, season = DEFAULT_SEASON }: PolicyPack): DutySettings {
  return {
    city: id,
    seasons: {},
    seasonDefault: season,
    workingHours: { from: '08:30', to: '17:30' },
    phoneTestMinutes: 15,
    overloadHours: 24,
    overloadWeekHours: 84,
  }
}

export interface Season {
  readonly inSeason: boolean
  /** `[from, to)` of the season that holds, or of the next one. */
  readonly from: Instant
  readonly to: Instant
}

/** The settings in force at `at`; the policy's before anybody has set any. */
export function settingsAt(book: DutyBook, at: Instant): DutySettings {
  return latest(book.settings, at)?.settings ?? book.defaults
}

/** Midnight, Asia/Shanghai, at which a local date begins. */
export function startOfDate(date: string): Instant {
  return Date.parse(`${date}T00:00:00Z`) - SHANGHAI_OFFSET_MS
}

/** The heating season at an instant (R-31, A32): from the first day's start to the last day's end. */
export function seasonAt(settings: DutySettings, at: Instant): Season {
  const seasons = seasonsAround(settings, new Date(at + SHANGHAI_OFFSET_MS).getUTCFullYear())
  const holding = seasons.find(({ from, to }) => from <= at && at < to)
  if (holding !== undefined) return { inSeason: true, ...holding }
  const next = seasons.find(({ from }) => from > at)
  if (next === undefined) throw new Error('no season begins within the next year')
  return { inSeason: false, ...next }
}

type Dates = Pick<Season, 'from' | 'to'>

/** Asked at every step of a walk through a year, and the same for all of it. */
const known = new WeakMap<DutySettings, Map<number, readonly Dates[]>>()

function seasonsAround(settings: DutySettings, year: number): readonly Dates[] {
  const years = known.get(settings) ?? new Map<number, readonly Dates[]>()
  known.set(settings, years)
  const found = years.get(year) ?? [year - 1, year, year + 1].map((begins) => seasonOf(settings, begins))
  years.set(year, found)
  return found
}

function seasonOf({ city, seasons, seasonDefault }: DutySettings, begins: number) {
  const set = seasons[city]?.[String(begins)]
  const ends = seasonDefault.to < seasonDefault.from ? begins + 1 : begins
  const from = set?.from ?? `${String(begins)}-${seasonDefault.from}`
  const to = set?.to ?? `${String(ends)}-${seasonDefault.to}`
  return { from: startOfDate(from), to: startOfDate(to) + DAY }
}

/** How many people a group needs at `at`: 24 h in the season, in working hours outside it. */
export function neededAt(book: DutyBook, group: DutyGroup, at: Instant): number {
  const settings = settingsAt(book, at)
  if (group.hours === 'always' || seasonAt(settings, at).inSeason) return group.needed
  return isWorkingTime(book, at) ? group.needed : 0
}

function isWorkingTime(book: DutyBook, at: Instant): boolean {
  const { from, to } = settingsAt(book, at).workingHours
  return isWorkingDay(at, book.calendar) && timeOnDay(at, from) <= at && at < timeOnDay(at, to)
}

/** Instants after `at` at which the need or a season may change: today's working hours and midnight. */
export function neededEdges(book: DutyBook, at: Instant): readonly Instant[] {
  const { from, to } = settingsAt(book, at).workingHours
  return [timeOnDay(at, from), timeOnDay(at, to), dayStart(at) + DAY].filter((edge) => edge > at)
}

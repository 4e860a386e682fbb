import type { DutyGroup, DutySettings } from '#contract/duty.ts'
import { HOUR, type Instant } from '../instant.ts'
import type { DutyBook } from './book.ts'
import { seasonAt, settingsAt } from './season.ts'
import { walk, type Span } from './timeline.ts'

export interface Stretch {
  readonly from: Instant
  readonly to: Instant
}

/** Too few people on duty in `[from, to)` (R-64 “coverage-gap check”). */
export interface Gap extends Stretch {
  readonly departmentId: string
  readonly group: DutyGroup
  readonly needed: number
  readonly present: number
}

export interface Coverage {
  readonly gaps: readonly Gap[]
  /** Person-hours: `covered + missing = needed`. Whoever is there beyond the need counts for nothing. */
  readonly neededHours: number
  readonly coveredHours: number
  readonly missingHours: number
}

/** Where and for how long too few are on duty in `[from, to)`, past or ahead, earliest first. */
export function gaps(book: DutyBook, departmentIds: readonly string[], stretch: Stretch): Coverage {
  return coverageOf(departmentIds.flatMap((id) => [...walk(book, id, stretch)]))
}

/** The same from spans of `walk`, each department's in order. */
export function coverageOf(spans: readonly Span[]): Coverage {
  const neededHours = sumHours(spans, ({ needed }) => needed)
  const coveredHours = sumHours(spans, ({ needed, on }) => Math.min(needed, on.length))
  const found = [...Map.groupBy(spans, keyOf).values()].flatMap(gapsOf)
  return {
    gaps: found.toSorted((a, b) => a.from - b.from),
    neededHours,
    coveredHours,
    missingHours: neededHours - coveredHours,
  }
}

function keyOf({ departmentId, group }: Span): string {
  return `${departmentId} ${group.id}`
}

/** Spans of one group follow each other; equal shortages that touch are one gap. */
function gapsOf(spans: readonly Span[]): readonly Gap[] {
  const found: Gap[] = []
  for (const { departmentId, group, from, to, needed, on } of spans) {
    const present = on.length
    if (present >= needed) continue
    const last = found.at(-1)
    const isSame = last?.to === from && last.needed === needed && last.present === present
    if (isSame) found[found.length - 1] = { ...last, to }
    else found.push({ departmentId, group, from, to, needed, present })
  }
  return found
}

function sumHours(spans: readonly Span[], people: (span: Span) => number): number {
  return spans.reduce((sum, span) => sum + ((span.to - span.from) / HOUR) * people(span), 0)
}

/** Person-hours of one span. */
export interface PersonHours {
  readonly needed: number
  readonly covered: number
}

/**
 * The heating season's duty within `[from, to)`, span by span. It counts from a department's first roster on:
 * before that nothing was known, which is no gap.
 */
export function* seasonHours(
  book: DutyBook,
  departmentIds: readonly string[],
  stretch: Stretch,
): Generator<PersonHours> {
  const seasons = seasonsWithin(settingsAt(book, stretch.to), stretch)
  for (const id of departmentIds) {
    const first = Math.min(...plansOf(book, id).map(({ since }) => since))
    for (const season of seasons) {
      for (const { from, to, needed, on } of walk(book, id, {
        ...season,
        from: Math.max(season.from, first),
      })) {
        const hours = (to - from) / HOUR
        yield { needed: hours * needed, covered: hours * Math.min(needed, on.length) }
      }
    }
  }
}

/** Coverage of the heating season from its spans' hours. Departments without a roster are named apart. */
export function seasonCoverage(
  book: DutyBook,
  departmentIds: readonly string[],
  hours: readonly PersonHours[],
): Omit<Coverage, 'gaps'> & { readonly withoutRoster: readonly string[] } {
  const neededHours = hours.reduce((sum, { needed }) => sum + needed, 0)
  const coveredHours = hours.reduce((sum, { covered }) => sum + covered, 0)
  const withoutRoster = departmentIds.filter((id) => plansOf(book, id).length === 0)
  return { neededHours, coveredHours, missingHours: neededHours - coveredHours, withoutRoster }
}

function plansOf(book: DutyBook, departmentId: string) {
  return book.plans.filter((plan) => plan.departmentId === departmentId)
}

function seasonsWithin(settings: DutySettings, { from, to }: Stretch): readonly Stretch[] {
  const found: Stretch[] = []
  for (let at = from; at < to;) {
    const season = seasonAt(settings, at)
    const part = { from: Math.max(season.from, from), to: Math.min(season.to, to) }
    if (part.from < part.to) found.push(part)
    at = season.to
  }
  return found
}

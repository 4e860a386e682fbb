import type { DutyMember, DutySettings, OVERLOADS } from '#contract/duty.ts'
import { DAY, HOUR } from '../instant.ts'
import type { DutyBook } from './book.ts'
import type { Stretch } from './gaps.ts'
import { settingsAt } from './season.ts'
import { walk, type Span } from './timeline.ts'

type Overload = (typeof OVERLOADS)[number]

/** Hours of duty of one person in a span, each hour counted once, and what is too much of it. */
export interface Load {
  readonly member: DutyMember
  readonly hours: number
  readonly longestHours: number
  /** Most hours within any seven days. */
  readonly weekHours: number
  readonly overload: readonly Overload[]
}

/** How duty is shared in `[from, to)`, heaviest first. A post changes its people and is never overloaded. */
export function loads(book: DutyBook, departmentIds: readonly string[], stretch: Stretch): readonly Load[] {
  const spans = departmentIds.flatMap((id) => [...walk(book, id, stretch)])
  return loadsOf(spans, settingsAt(book, stretch.to))
}

/** The same from spans of `walk`. */
export function loadsOf(
  spans: readonly Span[],
  { overloadHours, overloadWeekHours }: DutySettings,
): readonly Load[] {
  const duty = new Map<string, { member: DutyMember; stints: (Stretch & { groupKey: string })[] }>()
  for (const { departmentId, group, from, to, on } of spans) {
    for (const { member } of on) {
      const known = duty.get(member.id) ?? { member, stints: [] }
      known.stints.push({ from, to, groupKey: `${departmentId} ${group.id}` })
      duty.set(member.id, known)
    }
  }
  return [...duty.values()]
    .map(({ member, stints }) => {
      const stretches = joined(stints)
      const longestHours = Math.max(...stretches.map(hoursOf))
      const weekHours = heaviestWeek(stretches)
      const overload: Overload[] = []
      if (longestHours > overloadHours) overload.push('no_rest')
      if (weekHours > overloadWeekHours) overload.push('week')
      if (isInTwoGroups(stints)) overload.push('two_groups')
      const hours = stretches.reduce((sum, each) => sum + hoursOf(each), 0)
      return { member, hours, longestHours, weekHours, overload: member.isPost === true ? [] : overload }
    })
    .toSorted((a, b) => b.hours - a.hours)
}

function hoursOf({ from, to }: Stretch): number {
  return (to - from) / HOUR
}

function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = []
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last === undefined || from > last.to) found.push({ from, to })
    else found[found.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  }
  return found
}

/**
 * Among the heaviest seven days there are some that begin where a stretch begins or end where one ends.
 * Stretches are in order and do not touch, so that seven days see a few neighbours alone.
 */
function heaviestWeek(stretches: readonly Stretch[]): number {
  const starts = stretches.flatMap(({ from, to }) => [from, to - 7 * DAY]).toSorted((a, b) => a - b)
  let [first, most] = [0, 0]
  for (const start of starts) {
    while ((stretches[first]?.to ?? Infinity) <= start) first += 1
    let hours = 0
    for (let i = first; ; i += 1) {
      const { from, to } = stretches[i] ?? { from: Infinity, to: Infinity }
      if (from >= start + 7 * DAY) break
      hours += (Math.min(to, start + 7 * DAY) - Math.max(from, start)) / HOUR
    }
    most = Math.max(most, hours)
  }
  return most
}

function isInTwoGroups(stints: readonly (Stretch & { groupKey: string })[]): boolean {
  const sorted = stints.toSorted((a, b) => a.from - b.from)
  let last = sorted[0]
  for (const next of sorted.slice(1)) {
    if (last !== undefined && next.from < last.to && next.groupKey !== last.groupKey) return true
    if (last === undefined || next.to > last.to) last = next
  }
  return false
}

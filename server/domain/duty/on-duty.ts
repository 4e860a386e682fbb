import type { DutyGroup, DutyMember, DutyShift } from '#contract/duty.ts'
import type { DutyRung } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import {
  departmentsOf,
  endOf,
  isCompanyWide,
  planAt,
  isStanding,
  type DutyBook,
  type DutyWhy,
  type OnDuty,
  type Override,
  type PlanVersion,
} from './book.ts'
import { neededAt, seasonAt, settingsAt } from './season.ts'
import { turnAt } from './turn.ts'

export interface DutyQuestion {
  /** The two top rungs are the company's own: asked for, they are found in any department. */
  readonly departmentId?: string
  readonly areaId?: string
  readonly rung?: DutyRung
}

/**
 * Who is on duty at an instant and why. `[]` means nobody: ask the next rung. At hours
 * without duty the department's contact answers at the rung `crew` (R-32, A31).
 */
export function onDuty(book: DutyBook, asked: DutyQuestion, at: Instant): readonly OnDuty[] {
  const { departmentId, areaId, rung } = asked
  const anywhere = departmentId === undefined || (rung !== undefined && isCompanyWide(rung))
  const departments = anywhere ? departmentsOf(book) : [departmentId]
  return departments.flatMap((id) => {
    const plan = planAt(book, id, at)
    if (plan === undefined) return []
    const groups = plan.groups.filter(
      (group) => (rung === undefined || group.rung === rung) && covers(group, areaId),
    )
    const found = groups.flatMap((group) => groupOnDuty(book, { plan, group }, at))
    const known = [...found, ...responsible(plan, asked)]
    return known.some((one) => one.rung === 'crew') ? known : [...known, ...contact(book, plan, asked, at)]
  })
}

/** Does a roster in force say who holds a rung, be it that nobody does now? */
export function isRostered(
  book: DutyBook,
  { departmentId, rung }: { readonly departmentId: string; readonly rung: DutyRung },
  at: Instant,
): boolean {
  const departments = isCompanyWide(rung) ? departmentsOf(book) : [departmentId]
  return departments.some((id) => {
    const plan = planAt(book, id, at)
    return plan?.groups.some((group) => group.rung === rung) === true || answersFor(plan, rung)
  })
}

/** A unit without the system: one named person takes its tickets, by telephone (第三条5). */
function answersFor(plan: PlanVersion | undefined, rung: DutyRung | undefined): boolean {
  return plan?.connected === false && (rung === undefined || rung === 'deputy')
}

/**
 * Who of one group is on duty. The first of these that holds decides:
 * history – the roster in force at that instant, which no later entry changes; a temporary schedule;
 * an override; the shifts.
 */
export function groupOnDuty(
  book: DutyBook,
  { plan, group }: { readonly plan: PlanVersion; readonly group: DutyGroup },
  at: Instant,
): readonly OnDuty[] {
  const exceptions = book.exceptions.filter(
    (each) =>
      each.departmentId === plan.departmentId &&
      each.groupId === group.id &&
      each.from <= at &&
      at < endOf(each),
  )
  const entry = entryOf(plan, group)
  const temporary = exceptions.find((each) => each.kind === 'temporary')
  if (temporary !== undefined) {
    const { id, parts } = temporary
    return distinct(
      parts
        .filter((part) => part.from <= at && at < part.to)
        .flatMap((part) => {
          const to = Math.min(part.to, endOf(temporary))
          return entry(part.memberId, { kind: 'temporary', id, from: part.from, to })
        }),
    )
  }
  const overrides = exceptions.filter((each) => each.kind === 'override')
  const byRule = plan.shifts
    .filter((shift) => shift.groupId === group.id && isSeasonOf(book, shift, at))
    .flatMap((shift) => {
      const turn = turnAt(shift, at, book.calendar)
      if (turn === undefined) return []
      const why = { kind: 'shift', id: shift.id, from: turn.from, to: turn.to } as const
      return turn.memberIds.flatMap((id) => entry(id, why))
    })
  return overrides.reduce((on, override) => applyOverride(on, override, entry), distinct(byRule))
}

type Entry = (memberId: string, why: DutyWhy) => readonly OnDuty[]

/** Somebody who has left the roster since is nobody: the gap is shown instead. */
function entryOf(plan: PlanVersion, group: DutyGroup): Entry {
  return (memberId, why) => {
    const member: DutyMember | undefined = plan.members.find(({ id }) => id === memberId)
    if (member === undefined) return []
    const { rung, areaIds } = group
    const where = { departmentId: plan.departmentId, groupId: group.id, groupName: group.name }
    return [{ member, ...where, rung, areaIds, why }]
  }
}

/** In the place of somebody who is not on duty nobody comes; who is on already is not put on twice. */
function applyOverride(on: readonly OnDuty[], override: Override, entry: Entry): readonly OnDuty[] {
  const { id, remove, add, from } = override
  const removed = on.find(({ member }) => member.id === remove)
  if (remove !== undefined && removed === undefined) return on
  const staying = on.filter((one) => one !== removed)
  if (add === undefined || staying.some(({ member }) => member.id === add)) return staying
  const turn = removed === undefined || isStanding(removed.why) ? undefined : removed.why
  const why = {
    kind: 'override',
    id,
    from: Math.max(from, turn?.from ?? from),
    to: Math.min(endOf(override), turn?.to ?? override.to),
    ...(remove === undefined ? {} : { insteadOf: remove }),
  } as const
  return [...staying, ...entry(add, why)]
}

function distinct(on: readonly OnDuty[]): readonly OnDuty[] {
  return [...new Map(on.toReversed().map((one) => [one.member.id, one])).values()].toReversed()
}

function isSeasonOf(book: DutyBook, { season }: DutyShift, at: Instant): boolean {
  if (season === 'all') return true
  return seasonAt(settingsAt(book, at), at).inSeason === (season === 'in')
}

function covers({ areaIds }: DutyGroup, areaId: string | undefined): boolean {
  return areaId === undefined || areaIds.length === 0 || areaIds.includes(areaId)
}

function responsible(plan: PlanVersion, { rung }: DutyQuestion): readonly OnDuty[] {
  const member = plan.members.find(({ id }) => id === plan.responsibleId)
  if (member === undefined || !answersFor(plan, rung)) return []
  const where = { departmentId: plan.departmentId, groupId: 'responsible', groupName: '责任人' }
  return [{ member, ...where, rung: 'deputy', areaIds: [], why: { kind: 'responsible' } }]
}

function contact(book: DutyBook, plan: PlanVersion, { rung }: DutyQuestion, at: Instant): readonly OnDuty[] {
  if (rung !== undefined && rung !== 'crew') return []
  if (plan.groups.some((group) => group.rung === 'crew' && neededAt(book, group, at) > 0)) return []
  const member = plan.members.find(({ id }) => id === plan.contactId)
  if (member === undefined) return []
  const where = { departmentId: plan.departmentId, groupId: 'contact', groupName: '非运行期联系人' }
  return [{ member, ...where, rung: 'crew', areaIds: [], why: { kind: 'contact' } }]
}

import type { DutyGroup } from '#contract/duty.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import { DAY, type Instant } from '../instant.ts'
import { departmentsOf, endOf, planAt, type DutyBook, type OnDuty, type PlanVersion } from './book.ts'
import { groupOnDuty, onDuty } from './on-duty.ts'
import { neededAt, neededEdges } from './season.ts'
import { turnEdges } from './turn.ts'

/** A stretch `[from, to)` of one group in which neither people nor need change. */
export interface Span {
  readonly departmentId: string
  readonly group: DutyGroup
  readonly from: Instant
  readonly to: Instant
  readonly needed: number
  readonly on: readonly OnDuty[]
}

/** How far ahead a change is looked for. */
const HORIZON = 400 * DAY

/** The next instant after `at` at which anybody's duty, or the need for it, changes; undefined: none ahead. */
export function nextChange(book: DutyBook, at: Instant): Instant | undefined {
  return earliest([...changesAhead(book, at)])
}

/** The first change of each department, and an undefined for each edge on the way there, so that whoever asks may pause. */
export function* changesAhead(book: DutyBook, at: Instant): Generator<Instant | undefined> {
  for (const id of departmentsOf(book)) {
    const own = forDepartment(book, id)
    const before = stateOf(own, id, at)
    const edgeAfter = edgesOf(own, id)
    for (let edge = edgeAfter(at); edge < at + HORIZON; edge = edgeAfter(edge)) {
      if (stateOf(own, id, edge) !== before) {
        yield edge
        break
      }
      yield undefined
    }
  }
}

export function earliest(changes: readonly (Instant | undefined)[]): Instant | undefined {
  const found = changes.filter((change) => change !== undefined)
  return found.length === 0 ? undefined : found.reduce((first, change) => Math.min(first, change))
}

function stateOf(book: DutyBook, departmentId: string, at: Instant): string {
  const people = onDuty(book, { departmentId }, at)
  const needs = groupsAt(planAt(book, departmentId, at), departmentId).map((g) => neededAt(book, g, at))
  return JSON.stringify([people.map(({ groupId, member, why }) => [groupId, member, why]), needs])
}

/**
 * Every group of a department through `[from, to)`, jumping from edge to edge. A department without a
 * group that the rules ask of it has an empty one, so that its whole absence is a gap.
 */
export function* walk(
  book: DutyBook,
  departmentId: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Generator<Span> {
  const own = forDepartment(book, departmentId, { from, to })
  const edgeAfter = edgesOf(own, departmentId)
  for (let at = from; at < to;) {
    const end = Math.min(edgeAfter(at), to)
    const plan = planAt(own, departmentId, at)
    for (const group of groupsAt(plan, departmentId)) {
      const on = plan === undefined ? [] : groupOnDuty(own, { plan, group }, at)
      yield { departmentId, group, from: at, to: end, needed: neededAt(own, group, at), on }
    }
    at = end
  }
}

/** Finds the first instant after `at` at which anything of a department may change; instants never go back. */
function edgesOf(book: DutyBook, departmentId: string): (at: Instant) => Instant {
  const dated = [
    ...book.plans.map(({ since }) => since),
    ...book.settings.map(({ since }) => since),
    ...book.exceptions.flatMap((each) => [
      each.from,
      endOf(each),
      ...(each.kind === 'temporary' ? each.parts.flatMap((part) => [part.from, part.to]) : []),
    ]),
  ].toSorted((a, b) => a - b)
  let passed = 0
  return (at) => {
    while ((dated[passed] ?? Infinity) <= at) passed += 1
    const shifts = planAt(book, departmentId, at)?.shifts ?? []
    const recurring = [...neededEdges(book, at), ...shifts.flatMap((shift) => turnEdges(shift, at))]
    return Math.min(dated[passed] ?? Infinity, ...recurring.filter((edge) => edge > at))
  }
}

/** Only what concerns a department and a span: a walk looks at every edge of the book. */
function forDepartment(
  book: DutyBook,
  departmentId: string,
  { from, to }: { readonly from: Instant; readonly to: Instant } = { from: -Infinity, to: Infinity },
): DutyBook {
  return {
    ...book,
    plans: book.plans.filter((plan) => plan.departmentId === departmentId),
    exceptions: book.exceptions.filter(
      (each) => each.departmentId === departmentId && each.from < to && endOf(each) > from,
    ),
  }
}

/** A unit owes a crew, the dispatch centre a duty lead (A31). */
function groupsAt(plan: PlanVersion | undefined, departmentId: string): readonly DutyGroup[] {
  const owed: DutyGroup =
    departmentId === DEPARTMENTS.dispatch
      ? { id: 'none', name: '调度中心值班长', rung: 'duty_lead', areaIds: [], needed: 1, hours: 'always' }
      : { id: 'none', name: '值班抢修人员', rung: 'crew', areaIds: [], needed: 1, hours: 'season' }
  const groups = plan?.groups ?? []
  return groups.some(({ rung }) => rung === owed.rung) ? groups : [...groups, owed]
}

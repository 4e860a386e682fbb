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
  const changes = departmentsOf(book).flatMap((id) => {
    const change = nextChangeOf(forDepartment(book, id), id, at)
    return change === undefined ? [] : [change]
  })
  return changes.length === 0 ? undefined : Math.min(...changes)
}

function nextChangeOf(book: DutyBook, departmentId: string, at: Instant): Instant | undefined {
  const before = stateOf(book, departmentId, at)
  let edge = nextEdge(book, departmentId, at)
  while (edge < at + HORIZON) {
    if (stateOf(book, departmentId, edge) !== before) return edge
    edge = nextEdge(book, departmentId, edge)
  }
  return undefined
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
  for (let at = from; at < to;) {
    const end = Math.min(nextEdge(own, departmentId, at), to)
    const plan = planAt(own, departmentId, at)
    for (const group of groupsAt(plan, departmentId)) {
      const on = plan === undefined ? [] : groupOnDuty(own, { plan, group }, at)
      yield { departmentId, group, from: at, to: end, needed: neededAt(own, group, at), on }
    }
    at = end
  }
}

/** The first instant after `at` at which anything of a department may change. */
function nextEdge(book: DutyBook, departmentId: string, at: Instant): Instant {
  const edges = [
    ...neededEdges(book, at),
    ...(planAt(book, departmentId, at)?.shifts.flatMap((shift) => turnEdges(shift, at)) ?? []),
    ...book.plans.map(({ since }) => since),
    ...book.settings.map(({ since }) => since),
    ...book.exceptions.flatMap((each) => [
      each.from,
      endOf(each),
      ...(each.kind === 'temporary' ? each.parts.flatMap((part) => [part.from, part.to]) : []),
    ]),
  ]
  return edges.reduce((next, edge) => (edge > at && edge < next ? edge : next), Infinity)
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

/** A unit owes a crew, the dispatch centre a duty lead (policy.md §3, A31). */
function groupsAt(plan: PlanVersion | undefined, departmentId: string): readonly DutyGroup[] {
  const owed: DutyGroup =
    departmentId === DEPARTMENTS.dispatch
      ? { id: 'none', name: '调度中心值班长', rung: 'duty_lead', areaIds: [], needed: 1, hours: 'always' }
      : { id: 'none', name: '值班抢修人员', rung: 'crew', areaIds: [], needed: 1, hours: 'season' }
  const groups = plan?.groups ?? []
  return groups.some(({ rung }) => rung === owed.rung) ? groups : [...groups, owed]
}

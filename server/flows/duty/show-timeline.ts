import type { DutyPlan } from '#contract/duty.ts'
import type { DutySpan, DutyTimeline } from '#contract/duty-timeline.ts'
import type { Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { isStanding, latestPlan, type DutyBook, type OnDuty } from '../../domain/duty/book.ts'
import { refusePlan } from '../../domain/duty/check-plan.ts'
import { gapView, hours, loadView } from '../../domain/duty/duty-view.ts'
import { coverageOf, type Stretch } from '../../domain/duty/gaps.ts'
import { loadsOf } from '../../domain/duty/load.ts'
import { settingsAt } from '../../domain/duty/season.ts'
import { stintKey } from '../../domain/duty/stints.ts'
import { walk, type Span } from '../../domain/duty/timeline.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import { inSlices } from '../slices.ts'
import { authorOf, type RosterServices } from './change-roster.ts'

/** Who is on duty through `[from, to)`, group by group, with what lacks and who has too much. */
export function showTimeline(
  { roster }: RosterServices,
  stretch: Stretch,
  departmentIds = roster.departmentIds(),
): Promise<DutyTimeline> {
  return timelineOf(roster.book(), departmentIds, stretch)
}

/** What a roster would lead to if it held from `since` on; nothing is kept. Rights are the caller's. */
export async function previewPlan(
  { services, roster }: RosterServices,
  asked: {
    readonly plan: DutyPlan
    readonly since?: Instant
    readonly stretch: Stretch
    readonly actor: Person
  },
): Promise<DutyTimeline | Refusal> {
  const { plan, stretch, actor } = asked
  const wrong = refusePlan(plan)
  if (wrong !== undefined) return wrong
  const book = roster.book()
  const at = services.clock.now()
  const version = (latestPlan(book, plan.departmentId)?.version ?? 0) + 1
  const draft = { ...plan, version, since: asked.since ?? at, enteredAt: at, by: authorOf(actor) }
  return timelineOf({ ...book, plans: [...book.plans, draft] }, [plan.departmentId], stretch)
}

async function timelineOf(
  book: DutyBook,
  departmentIds: readonly string[],
  stretch: Stretch,
): Promise<DutyTimeline> {
  const spans = await spansOf(book, departmentIds, stretch)
  return { ...coverageView(book, spans, stretch), spans: joined(spans).map(spanView) }
}

/** Every span of some departments through a stretch; a year of them takes a while, and others go on meanwhile. */
export function spansOf(
  book: DutyBook,
  departmentIds: readonly string[],
  stretch: Stretch,
): Promise<readonly Span[]> {
  return inSlices(departmentIds.values().flatMap((id) => walk(book, id, stretch)))
}

/** Gaps, hours and loads of the spans of a stretch. */
export function coverageView(book: DutyBook, spans: readonly Span[], stretch: Stretch) {
  const found = coverageOf(spans)
  return {
    from: instantText(stretch.from),
    to: instantText(stretch.to),
    neededHours: hours(found.neededHours),
    coveredHours: hours(found.coveredHours),
    missingHours: hours(found.missingHours),
    gaps: found.gaps.map((gap) => gapView(gap, book.clauses)),
    loads: loadsOf(spans, settingsAt(book, stretch.to)).map(loadView),
  }
}

/** A walk stops wherever something may change; here a span ends only where something does. */
function joined(spans: readonly Span[]): readonly Span[] {
  const byGroup = Map.groupBy(spans, ({ departmentId, group }) => `${departmentId} ${group.id}`)
  return [...byGroup.values()].flatMap((each) => {
    const found: Span[] = []
    for (const span of each) {
      const last = found.at(-1)
      if (last !== undefined && last.to === span.from && isSame(last, span)) {
        found[found.length - 1] = { ...last, to: span.to }
      } else found.push(span)
    }
    return found
  })
}

function isSame(a: Span, b: Span): boolean {
  const who = ({ on }: Span): string => on.map(stintKey).join()
  return a.needed === b.needed && a.group.name === b.group.name && who(a) === who(b)
}

function spanView({ departmentId, group, from, to, needed, on }: Span): DutySpan {
  return {
    departmentId,
    groupId: group.id,
    groupName: group.name,
    rung: group.rung,
    needed,
    from: instantText(from),
    to: instantText(to),
    on: on.map(personView),
  }
}

function personView({ member, why }: OnDuty): DutySpan['on'][number] {
  const who = { memberId: member.id, name: member.name, kind: why.kind }
  if (isStanding(why)) return who
  return { ...who, id: why.id, ...(why.insteadOf === undefined ? {} : { insteadOf: why.insteadOf }) }
}

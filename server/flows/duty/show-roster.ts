import type { OnDutyView } from '#contract/duty.ts'
import type { Person } from '../../domain/access/actor.ts'
import { can, seesPhones } from '../../domain/access/can.ts'
import { maskPhone } from '../../domain/access/mask-text.ts'
import {
  endOf,
  isStanding,
  latest,
  latestPlan,
  planAt,
  type OnDuty,
  type PlanVersion,
} from '../../domain/duty/book.ts'
import { onDutyView, type ShownPhone } from '../../domain/duty/duty-view.ts'
import type { Stretch } from '../../domain/duty/gaps.ts'
import { onDuty, type DutyQuestion } from '../../domain/duty/on-duty.ts'
import { owedTest } from '../../domain/duty/phone-test.ts'
import { seasonAt, settingsAt } from '../../domain/duty/season.ts'
import { stintKey, stintsBeginning } from '../../domain/duty/stints.ts'
import { changesAhead, earliest } from '../../domain/duty/timeline.ts'
import { DAY, instantText, type Instant } from '../../domain/instant.ts'
import { inSlices } from '../slices.ts'
import type { RosterServices } from './change-roster.ts'
import { coverageView, spansOf } from './show-timeline.ts'

/** How far back the beginning of a running turn is looked for: longer than the longest turn. */
const MAX_TURN = 32 * DAY

/** Whole numbers for the desks, the own department, and whoever may edit the roster. */
export function phonesFor(viewer: Person): ShownPhone {
  return (phone, departmentId) => {
    const of = { departmentId, crewIds: [] }
    return seesPhones(viewer, of) || can(viewer, 'edit_roster', of) ? phone : maskPhone(phone)
  }
}

/** The rosters as of an instant, with settings, exceptions that are not over, and the next change. */
export async function showRoster({ services, roster }: RosterServices, viewer: Person, at: Instant) {
  const book = roster.book()
  const settings = settingsAt(book, at)
  const { inSeason, from, to } = seasonAt(settings, at)
  const change = earliest(await inSlices(changesAhead(book, at)))
  const names = services.network.current().departments
  return {
    at: instantText(at),
    season: { inSeason, from: instantText(from), to: instantText(to) },
    settings,
    settingsVersion: latest(book.settings, Infinity)?.version ?? 0,
    ...(change === undefined ? {} : { nextChange: instantText(change) }),
    departments: roster.departmentIds().map((id) => {
      const plan = planAt(book, id, at)
      const newest = latestPlan(book, id)
      return {
        id,
        name: names.get(id)?.name ?? id,
        version: newest?.version ?? 0,
        ...(plan === undefined ? {} : { plan: planView(plan, phonesFor(viewer)) }),
        ...(newest === undefined || newest === plan ? {} : { newest: planView(newest, phonesFor(viewer)) }),
      }
    }),
    exceptions: book.exceptions
      .filter((each) => endOf(each) > at)
      .map(({ from: begins, to: ends, enteredAt, cancelledAt, ...each }) => ({
        ...each,
        from: instantText(begins),
        to: instantText(ends),
        enteredAt: instantText(enteredAt),
        ...(cancelledAt === undefined ? {} : { cancelledAt: instantText(cancelledAt) }),
        ...(each.kind === 'temporary'
          ? {
              parts: each.parts.map((part) => ({
                memberId: part.memberId,
                from: instantText(part.from),
                to: instantText(part.to),
              })),
            }
          : {}),
      })),
  }
}

export function planView(plan: PlanVersion, phone: ShownPhone) {
  const { version, since, enteredAt, by, ...same } = plan
  const members = plan.members.map((member) => ({ ...member, phone: phone(member.phone, plan.departmentId) }))
  return { ...same, members, version, since: instantText(since), enteredAt: instantText(enteredAt), by }
}

/** Who is on duty at an instant, why, and whether the duty phone has been tried. */
export async function showOnDuty(
  on: RosterServices,
  asked: DutyQuestion & { readonly at: Instant; readonly viewer: Person },
): Promise<readonly OnDutyView[]> {
  const { at, viewer, ...question } = asked
  const book = on.roster.book()
  const found = onDuty(book, question, at)
  const since = Math.min(at, ...found.map((who) => turnStart(who, at)))
  const tests = await on.services.store.read.duty.phoneTests.ofTurns({ from: since, to: at + 1 })
  const departmentIds = [...new Set(found.map(({ departmentId }) => departmentId))]
  const stints = stintsBeginning(book, departmentIds, { from: since, to: at + 1 })
  return found.map((who) => {
    const stint = stints.findLast(
      (each) => each.who.departmentId === who.departmentId && stintKey(each.who) === stintKey(who),
    )
    return onDutyView(who, {
      phone: phonesFor(viewer),
      nameOf: (id) =>
        planAt(book, who.departmentId, at)?.members.find((member) => member.id === id)?.name ?? id,
      ...(stint === undefined ? {} : { test: owedTest({ book, tests, at }, stint) }),
    })
  })
}

function turnStart({ why }: OnDuty, at: Instant): Instant {
  return isStanding(why) ? at : Math.max(why.from, at - MAX_TURN)
}

/** Gaps and loads in `[from, to)`, ahead or past. */
export async function showGaps(
  { roster }: RosterServices,
  stretch: Stretch,
  departmentIds = roster.departmentIds(),
) {
  const book = roster.book()
  return coverageView(book, await spansOf(book, departmentIds, stretch), stretch)
}

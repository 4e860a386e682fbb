import type { DutyPlan, DutySettings } from '#contract/duty.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import {
  endOf,
  latest,
  latestPlan,
  type Author,
  type Exception,
  type PlanVersion,
  type SettingsVersion,
} from '../../domain/duty/book.ts'
import { refusePlan, refuseSettings } from '../../domain/duty/check-plan.ts'
import {
  refuseOverride,
  refuseTemporary,
  swap,
  type OverrideAsked,
  type SwapAsked,
  type TemporaryAsked,
} from '../../domain/duty/exceptions.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ClauseKey } from '../../domain/policy/clauses.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Desk, OnceKey, Work } from '../decisions/decisions.ts'
import { readBook, type DutyRoster } from '../decisions/duty-roster.ts'

export interface RosterDesk {
  readonly desk: Desk
  readonly roster: DutyRoster
}

const CLAUSE = { clause: 'roster' satisfies ClauseKey }
const STALE = refuse('stale-version', {
  zh: '值班表刚刚被他人更新,请刷新后再操作',
  en: 'somebody else has just changed the roster; look again first',
})

/** A department's roster is replaced from `since` on; what was before stays as it was. */
export async function replacePlan(
  on: RosterDesk,
  asked: {
    readonly plan: DutyPlan
    readonly version: number
    readonly since?: Instant
    readonly actor: Person
  },
  once?: OnceKey,
): Promise<PlanVersion | Refusal> {
  const { plan, version, actor } = asked
  const noRight = refuseUnless(actor, 'edit_roster', { departmentId: plan.departmentId, crewIds: [] })
  if (noRight !== undefined) return noRight
  const at = on.desk.clock.now()
  const { since = at } = asked
  if (!on.desk.network.current().departments.has(plan.departmentId)) {
    return refuse('not-found', {
      zh: `没有部门 ${plan.departmentId}`,
      en: `there is no department ${plan.departmentId}`,
    })
  }
  if (since < at)
    return refuse(
      'bad-time',
      { zh: '值班表不能从过去起生效', en: 'a roster cannot begin in the past' },
      CLAUSE,
    )
  const wrong = refusePlan(plan)
  if (wrong !== undefined) return wrong
  return changing(
    on,
    async ({ desk, unit }) => {
      const known = latestPlan(await readBook(desk, unit), plan.departmentId)?.version ?? 0
      if (known !== version) return STALE
      const next = { ...plan, version: known + 1, since, enteredAt: at, by: authorOf(actor) }
      return (await unit.duty.roster.addPlan(next)) ? next : STALE
    },
    once,
  )
}

/** Gives departments without a roster these, as the demo does; existing ones are left alone. */
export async function ensurePlans(on: RosterDesk, plans: readonly DutyPlan[], by: Author): Promise<void> {
  const at = on.desk.clock.now()
  for (const plan of plans) {
    if (latestPlan(on.roster.book(), plan.departmentId) !== undefined) continue
    const wrong = refusePlan(plan)
    if (wrong !== undefined) throw new Error(`a roster of ${plan.departmentId} is wrong: ${wrong.detail}`)
    await changing(on, ({ unit }) =>
      unit.duty.roster.addPlan({ ...plan, version: 1, since: at, enteredAt: at, by }),
    )
  }
}

/** Season dates by city and year, working hours and limits, from now on (A32). */
export async function setDutySettings(
  on: RosterDesk,
  asked: { readonly settings: DutySettings; readonly version: number; readonly actor: Person },
): Promise<SettingsVersion | Refusal> {
  const { settings, version, actor } = asked
  const noRight = refuseUnless(actor, 'set_duty_hours')
  if (noRight !== undefined) return noRight
  const wrong = refuseSettings(settings)
  if (wrong !== undefined) return wrong
  return changing(on, async ({ desk, unit }) => {
    const known = latest(await unit.duty.roster.settings(), Infinity)?.version ?? 0
    if (known !== version) return STALE
    const next = { version: known + 1, since: desk.clock.now(), settings, by: authorOf(actor) }
    return (await unit.duty.roster.addSettings(next)) ? next : STALE
  })
}

export type ExceptionAsked = OverrideAsked | TemporaryAsked | ({ readonly kind: 'swap' } & SwapAsked)

/** A replacement, a swap (two of them at once) or a temporary schedule, from now on. */
export async function addException(
  on: RosterDesk,
  { asked, actor }: { readonly asked: ExceptionAsked; readonly actor: Person },
  once?: OnceKey,
): Promise<{ readonly items: readonly Exception[] } | Refusal> {
  const noRight = refuseUnless(actor, 'edit_roster', { departmentId: asked.departmentId, crewIds: [] })
  if (noRight !== undefined) return noRight
  return changing(
    on,
    async (work) => {
      const items = await decideException(work, asked, actor)
      if (isRefusal(items)) return items
      for (const item of items) await work.unit.duty.roster.addException(item)
      return { items }
    },
    once,
  )
}

async function decideException(
  { desk, unit }: Work,
  asked: ExceptionAsked,
  actor: Person,
): Promise<readonly Exception[] | Refusal> {
  const at = desk.clock.now()
  const book = await readBook(desk, unit)
  const by = authorOf(actor)
  if (asked.kind === 'swap') return swap(book, asked, { ids: [desk.newId(), desk.newId()], at, by })
  const wrong = asked.kind === 'override' ? refuseOverride(book, asked, at) : refuseTemporary(book, asked, at)
  return wrong ?? [{ ...asked, id: desk.newId(), enteredAt: at, by }]
}

/** Ends an exception now; what it has already done stays. Both halves of a swap end together. */
export async function cancelException(
  on: RosterDesk,
  { id, actor }: { readonly id: string; readonly actor: Person },
): Promise<{ readonly id: string } | Refusal> {
  return changing(on, async ({ desk, unit }) => {
    const at = desk.clock.now()
    const exceptions = await unit.duty.roster.exceptions()
    const found = exceptions.find((each) => each.id === id)
    if (found === undefined)
      return refuse('not-found', { zh: '没有这次替班', en: 'there is no such replacement' })
    const noRight = refuseUnless(actor, 'edit_roster', { departmentId: found.departmentId, crewIds: [] })
    if (noRight !== undefined) return noRight
    const isOfSwap = (each: Exception): boolean =>
      found.kind === 'override' &&
      each.kind === 'override' &&
      found.swapId !== undefined &&
      each.swapId === found.swapId
    const halves = exceptions.filter((each) => each.id === id || isOfSwap(each))
    if (halves.every((each) => endOf(each) <= at))
      return refuse('wrong-state', { zh: '已经结束', en: 'it has ended already' })
    if (halves.length > 1 && halves.some((each) => each.from <= at)) {
      return refuse(
        'wrong-state',
        {
          zh: '换班已开始,不能单方取消,请另行替班',
          en: 'the swap has begun and cannot be taken back by one side; enter a replacement',
        },
        CLAUSE,
      )
    }
    for (const half of halves) await unit.duty.roster.cancel(half.id, at, authorOf(actor))
    return { id }
  })
}

/** Decides in one transaction, then lets the memory follow the disk. */
export async function changing<T>(
  { desk, roster }: RosterDesk,
  work: (on: Work) => Promise<T | Refusal>,
  once?: OnceKey,
): Promise<T | Refusal> {
  const done = await decideTogether(desk, work, once)
  if (!isRefusal(done)) await roster.refresh()
  return done
}

export function authorOf({ id, name }: Person): Author {
  return { id, name }
}

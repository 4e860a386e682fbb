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
import type { Services, OnceKey, Transaction } from '../decisions/decisions.ts'
import { readBook, type DutyRoster } from '../decisions/duty-roster.ts'

export interface RosterServices {
  readonly services: Services
  readonly roster: DutyRoster
}

const CLAUSE = { clause: 'roster' satisfies ClauseKey }
const STALE = refuse('stale-version', {
  zh: '值班表刚刚被他人更新,请刷新后再操作',
  en: 'somebody else has just changed the roster; look again first',
})

/** A department's roster is replaced from `since` on; what was before stays as it was. */
export async function replacePlan(
  on: RosterServices,
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
  const at = on.services.clock.now()
  const { since = at } = asked
  if (!on.services.network.current().departments.has(plan.departmentId)) {
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
    async ({ services, repositories }) => {
      const known = latestPlan(await readBook(services, repositories), plan.departmentId)?.version ?? 0
      if (known !== version) return STALE
      const next = { ...plan, version: known + 1, since, enteredAt: at, by: authorOf(actor) }
      return (await repositories.duty.roster.addPlan(next)) ? next : STALE
    },
    once,
  )
}

/** Gives departments without a roster these, as the demo does; existing ones are left alone. */
export async function ensurePlans(on: RosterServices, plans: readonly DutyPlan[], by: Author): Promise<void> {
  const at = on.services.clock.now()
  for (const plan of plans) {
    if (latestPlan(on.roster.book(), plan.departmentId) !== undefined) continue
    const wrong = refusePlan(plan)
    if (wrong !== undefined) throw new Error(`a roster of ${plan.departmentId} is wrong: ${wrong.detail}`)
    await changing(on, ({ repositories }) =>
      repositories.duty.roster.addPlan({ ...plan, version: 1, since: at, enteredAt: at, by }),
    )
  }
}

/** Season dates by city and year, working hours and limits, from now on (A32). */
export async function setDutySettings(
  on: RosterServices,
  asked: { readonly settings: DutySettings; readonly version: number; readonly actor: Person },
): Promise<SettingsVersion | Refusal> {
  const { settings, version, actor } = asked
  const noRight = refuseUnless(actor, 'set_duty_hours')
  if (noRight !== undefined) return noRight
  const wrong = refuseSettings(settings)
  if (wrong !== undefined) return wrong
  return changing(on, async ({ services, repositories }) => {
    const known = latest(await repositories.duty.roster.settings(), Infinity)?.version ?? 0
    if (known !== version) return STALE
    const next = { version: known + 1, since: services.clock.now(), settings, by: authorOf(actor) }
    return (await repositories.duty.roster.addSettings(next)) ? next : STALE
  })
}

export type ExceptionAsked = OverrideAsked | TemporaryAsked | ({ readonly kind: 'swap' } & SwapAsked)

/** A replacement, a swap (two of them at once) or a temporary schedule, from now on. */
export async function addException(
  on: RosterServices,
  { asked, actor }: { readonly asked: ExceptionAsked; readonly actor: Person },
  once?: OnceKey,
): Promise<{ readonly items: readonly Exception[] } | Refusal> {
  const noRight = refuseUnless(actor, 'edit_roster', { departmentId: asked.departmentId, crewIds: [] })
  if (noRight !== undefined) return noRight
  return changing(
    on,
    async (transaction) => {
      const items = await decideException(transaction, asked, actor)
      if (isRefusal(items)) return items
      for (const item of items) await transaction.repositories.duty.roster.addException(item)
      return { items }
    },
    once,
  )
}

async function decideException(
  { services, repositories }: Transaction,
  asked: ExceptionAsked,
  actor: Person,
): Promise<readonly Exception[] | Refusal> {
  const at = services.clock.now()
  const book = await readBook(services, repositories)
  const by = authorOf(actor)
  if (asked.kind === 'swap') return swap(book, asked, { ids: [services.newId(), services.newId()], at, by })
  const wrong = asked.kind === 'override' ? refuseOverride(book, asked, at) : refuseTemporary(book, asked, at)
  return wrong ?? [{ ...asked, id: services.newId(), enteredAt: at, by }]
}

/** Ends an exception now; what it has already done stays. Both halves of a swap end together. */
export async function cancelException(
  on: RosterServices,
  { id, actor }: { readonly id: string; readonly actor: Person },
): Promise<{ readonly id: string } | Refusal> {
  return changing(on, async ({ services, repositories }) => {
    const at = services.clock.now()
    const exceptions = await repositories.duty.roster.exceptions()
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
    for (const half of halves) await repositories.duty.roster.cancel(half.id, at, authorOf(actor))
    return { id }
  })
}

/** Decides in one transaction, then lets the memory follow the disk. */
export async function changing<T>(
  { services, roster }: RosterServices,
  work: (on: Transaction) => Promise<T | Refusal>,
  once?: OnceKey,
): Promise<T | Refusal> {
  const done = await decideTogether(services, work, once)
  if (!isRefusal(done)) await roster.refresh()
  return done
}

export function authorOf({ id, name }: Person): Author {
  return { id, name }
}

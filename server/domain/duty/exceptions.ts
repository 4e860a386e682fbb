import { refuse, type Refusal } from '#contract/problem.ts'
import { DAY, type Instant } from '../instant.ts'
import type { ClauseKey } from '../policy/policy-pack.ts'
import { endOf, planAt, type Author, type DutyBook, type Override, type Temporary } from './book.ts'
import type { Stretch } from './gaps.ts'
import { walk, type Span } from './timeline.ts'

const CLAUSE = { clause: 'roster' satisfies ClauseKey }
const LONGEST = 92 * DAY

type Stamped = 'id' | 'enteredAt' | 'by' | 'cancelledAt'
export type OverrideAsked = Omit<Override, Stamped | 'swapId'>
export type TemporaryAsked = Omit<Temporary, Stamped>

export interface SwapAsked {
  readonly departmentId: string
  readonly groupId: string
  readonly first: Stretch & { readonly memberId: string }
  readonly second: Stretch & { readonly memberId: string }
  readonly reason?: string
}

/** Why an override cannot be entered at `at`; undefined when it can. */
export function refuseOverride(book: DutyBook, asked: OverrideAsked, at: Instant): Refusal | undefined {
  const { remove, add } = asked
  if (remove === undefined && add === undefined) {
    return refuse('missing-field', '须填写替下或顶上的人员', { ...CLAUSE, missing: ['remove', 'add'] })
  }
  if (remove === add) return refuse('bad-value', '替下与顶上不能是同一人', CLAUSE)
  const wrong = refuseStretch(book, asked, at)
  if (wrong !== undefined) return wrong
  if (temporaryWithin(book, asked) !== undefined) {
    return refuse('conflict', '该时段有临时排班,替班不会生效', CLAUSE)
  }
  const spans = spansOf(book, asked)
  if (remove !== undefined && !spans.some((span) => isOn(span, remove))) {
    return refuse('bad-value', `${nameOf(book, asked, remove)}在该时段不当班`, CLAUSE)
  }
  if (add !== undefined && spans.every((span) => isOn(span, add))) {
    return refuse('bad-value', `${nameOf(book, asked, add)}在该时段已经当班`, CLAUSE)
  }
  return undefined
}

/**
 * Two people exchange turns: two overrides under one id. Each must be on duty for the whole of his own
 * stretch and for nothing of the other's, so that at every instant as many are on duty as before.
 */
export function swap(
  book: DutyBook,
  asked: SwapAsked,
  stamp: { readonly ids: readonly [string, string]; readonly at: Instant; readonly by: Author },
): readonly [Override, Override] | Refusal {
  const { first, second, departmentId, groupId, reason } = asked
  if (first.memberId === second.memberId) return refuse('bad-value', '换班须是两个人', CLAUSE)
  if (first.from < second.to && second.from < first.to) {
    return refuse('bad-value', '两个班次时间重叠,不能互换', CLAUSE)
  }
  const half = (own: SwapAsked['first'], other: SwapAsked['first'], id: string): Override => ({
    ...{ kind: 'override', id, departmentId, groupId, from: own.from, to: own.to },
    ...{ remove: own.memberId, add: other.memberId, swapId: stamp.ids[0] },
    ...{ enteredAt: stamp.at, by: stamp.by, ...(reason === undefined ? {} : { reason }) },
  })
  for (const [own, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const on = half(own, other, '')
    const wrong = refuseOverride(book, on, stamp.at)
    if (wrong !== undefined) return wrong
    for (const span of spansOf(book, on)) {
      if (!isOn(span, own.memberId)) {
        return refuse('bad-value', `${nameOf(book, on, own.memberId)}并非整个时段当班`, CLAUSE)
      }
      if (isOn(span, other.memberId)) {
        return refuse('bad-value', `${nameOf(book, on, other.memberId)}在对方的时段也当班`, CLAUSE)
      }
    }
  }
  return [half(first, second, stamp.ids[0]), half(second, first, stamp.ids[1])]
}

/** Why a temporary schedule cannot be entered at `at`; undefined when it can. */
export function refuseTemporary(book: DutyBook, asked: TemporaryAsked, at: Instant): Refusal | undefined {
  const wrong = refuseStretch(book, asked, at)
  if (wrong !== undefined) return wrong
  if (temporaryWithin(book, asked) !== undefined) return refuse('conflict', '该时段已有临时排班', CLAUSE)
  const outside = asked.parts.find(
    (part) => part.from >= part.to || part.from < asked.from || part.to > asked.to,
  )
  return outside === undefined ? undefined : refuse('bad-time', '临时班次须在临时排班的时段之内', CLAUSE)
}

type Place = Stretch & { readonly departmentId: string; readonly groupId: string }

/** The past is history: an exception holds from now on, in a group and with people that are on the roster. */
function refuseStretch(
  book: DutyBook,
  asked: OverrideAsked | TemporaryAsked,
  at: Instant,
): Refusal | undefined {
  const { from, to, departmentId, groupId } = asked
  if (from >= to) return refuse('bad-time', '结束须晚于开始', CLAUSE)
  if (from < at) return refuse('bad-time', '已过去的值班不能更改', CLAUSE)
  if (to - from > LONGEST) return refuse('bad-time', '一次不能超过 92 天', CLAUSE)
  const plan = planAt(book, departmentId, from)
  if (plan?.groups.some(({ id }) => id === groupId) !== true) {
    return refuse('bad-value', '该时段的值班表没有这个组', CLAUSE)
  }
  const named =
    asked.kind === 'temporary' ? asked.parts.map(({ memberId }) => memberId) : [asked.remove, asked.add]
  const unknown = named.find((id) => id !== undefined && plan.members.every((member) => member.id !== id))
  return unknown === undefined ? undefined : refuse('bad-value', `值班表没有人员 ${unknown}`, CLAUSE)
}

function temporaryWithin(book: DutyBook, { departmentId, groupId, from, to }: Place): Temporary | undefined {
  return book.exceptions.find(
    (each): each is Temporary =>
      each.kind === 'temporary' &&
      each.departmentId === departmentId &&
      each.groupId === groupId &&
      each.from < to &&
      from < endOf(each),
  )
}

function spansOf(book: DutyBook, { departmentId, groupId, from, to }: Place): readonly Span[] {
  return [...walk(book, departmentId, { from, to })].filter(({ group }) => group.id === groupId)
}

function isOn({ on }: Span, memberId: string): boolean {
  return on.some(({ member }) => member.id === memberId)
}

function nameOf(book: DutyBook, { departmentId, from }: Place, memberId: string): string {
  const members = planAt(book, departmentId, from)?.members
  return members?.find(({ id }) => id === memberId)?.name ?? memberId
}

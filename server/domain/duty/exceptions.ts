import { refuse, type Refusal } from '#contract/problem.ts'
import { DAY, type Instant } from '../instant.ts'
import type { ClauseKey } from '../policy/clauses.ts'
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
    return refuse(
      'missing-field',
      { zh: '须填写替下或顶上的人员', en: 'name who leaves or who comes' },
      { ...CLAUSE, missing: ['remove', 'add'] },
    )
  }
  if (remove === add)
    return refuse(
      'bad-value',
      { zh: '替下与顶上不能是同一人', en: 'who leaves and who comes are two people' },
      CLAUSE,
    )
  const wrong = refuseStretch(book, asked, at)
  if (wrong !== undefined) return wrong
  if (temporaryWithin(book, asked) !== undefined) {
    return refuse(
      'conflict',
      {
        zh: '该时段有临时排班,替班不会生效',
        en: 'a temporary schedule covers this stretch, so a replacement would have no effect',
      },
      CLAUSE,
    )
  }
  const spans = spansOf(book, asked)
  if (remove !== undefined && !spans.some((span) => isOn(span, remove))) {
    return refuse(
      'bad-value',
      {
        zh: `${nameOf(book, asked, remove)}在该时段不当班`,
        en: `${nameOf(book, asked, remove)} is not on duty then`,
      },
      CLAUSE,
    )
  }
  if (add !== undefined && spans.every((span) => isOn(span, add))) {
    return refuse(
      'bad-value',
      {
        zh: `${nameOf(book, asked, add)}在该时段已经当班`,
        en: `${nameOf(book, asked, add)} is on duty then already`,
      },
      CLAUSE,
    )
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
  if (first.memberId === second.memberId)
    return refuse('bad-value', { zh: '换班须是两个人', en: 'two people swap turns' }, CLAUSE)
  if (first.from < second.to && second.from < first.to) {
    return refuse(
      'bad-value',
      { zh: '两个班次时间重叠,不能互换', en: 'turns that overlap cannot be swapped' },
      CLAUSE,
    )
  }
  const half = (own: SwapAsked['first'], other: SwapAsked['first'], id: string): Override => ({
    kind: 'override',
    id,
    departmentId,
    groupId,
    from: own.from,
    to: own.to,
    remove: own.memberId,
    add: other.memberId,
    swapId: stamp.ids[0],
    enteredAt: stamp.at,
    by: stamp.by,
    ...(reason === undefined ? {} : { reason }),
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
        return refuse(
          'bad-value',
          {
            zh: `${nameOf(book, on, own.memberId)}并非整个时段当班`,
            en: `${nameOf(book, on, own.memberId)} is not on duty for all of it`,
          },
          CLAUSE,
        )
      }
      if (isOn(span, other.memberId)) {
        return refuse(
          'bad-value',
          {
            zh: `${nameOf(book, on, other.memberId)}在对方的时段也当班`,
            en: `${nameOf(book, on, other.memberId)} is on duty in the other turn too`,
          },
          CLAUSE,
        )
      }
    }
  }
  return [half(first, second, stamp.ids[0]), half(second, first, stamp.ids[1])]
}

/** Why a temporary schedule cannot be entered at `at`; undefined when it can. */
export function refuseTemporary(book: DutyBook, asked: TemporaryAsked, at: Instant): Refusal | undefined {
  const wrong = refuseStretch(book, asked, at)
  if (wrong !== undefined) return wrong
  if (temporaryWithin(book, asked) !== undefined)
    return refuse(
      'conflict',
      { zh: '该时段已有临时排班', en: 'this stretch has a temporary schedule already' },
      CLAUSE,
    )
  const outside = asked.parts.find(
    (part) => part.from >= part.to || part.from < asked.from || part.to > asked.to,
  )
  return outside === undefined
    ? undefined
    : refuse(
        'bad-time',
        { zh: '临时班次须在临时排班的时段之内', en: 'a temporary shift lies within its schedule' },
        CLAUSE,
      )
}

type Place = Stretch & { readonly departmentId: string; readonly groupId: string }

/** The past is history: an exception holds from now on, in a group and with people that are on the roster. */
function refuseStretch(
  book: DutyBook,
  asked: OverrideAsked | TemporaryAsked,
  at: Instant,
): Refusal | undefined {
  const { from, to, departmentId, groupId } = asked
  if (from >= to)
    return refuse('bad-time', { zh: '结束须晚于开始', en: 'the end must lie after the beginning' }, CLAUSE)
  if (from < at)
    return refuse(
      'bad-time',
      { zh: '已过去的值班不能更改', en: 'duty that is over cannot be changed' },
      CLAUSE,
    )
  if (to - from > LONGEST)
    return refuse('bad-time', { zh: '一次不能超过 92 天', en: 'no more than 92 days at once' }, CLAUSE)
  const plan = planAt(book, departmentId, from)
  if (plan?.groups.some(({ id }) => id === groupId) !== true) {
    return refuse(
      'bad-value',
      { zh: '该时段的值班表没有这个组', en: 'the roster of that time has no such group' },
      CLAUSE,
    )
  }
  const named =
    asked.kind === 'temporary' ? asked.parts.map(({ memberId }) => memberId) : [asked.remove, asked.add]
  const unknown = named.find((id) => id !== undefined && plan.members.every((member) => member.id !== id))
  return unknown === undefined
    ? undefined
    : refuse(
        'bad-value',
        { zh: `值班表没有人员 ${unknown}`, en: `the roster has no person ${unknown}` },
        CLAUSE,
      )
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

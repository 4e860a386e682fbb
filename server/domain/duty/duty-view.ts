import type { GapView, LoadView, OnDutyView, PhoneTestView } from '#contract/duty.ts'
import type { HandoverView } from '#contract/handover.ts'
import type { ContingencyView } from '#contract/contingency.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { instantText, SECOND, type Instant } from '../instant.ts'
import type { ClauseKey } from '../policy/clauses.ts'
import { isStanding, type DutyWhy, type OnDuty, type StandingWhy } from './book.ts'
import { clauseOf } from '../policy/citation.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { contingencyOf } from './contingency-items.ts'
import { startedAt, ticked, type Tick } from './contingency.ts'
import type { Gap } from './gaps.ts'
import { handoverState, type HandoverRecord } from './handover.ts'
import type { Load } from './load.ts'
import type { OwedTest } from './phone-test.ts'

/** Phones whole or masked, by the right of who looks. */
export type ShownPhone = (phone: string, departmentId: string) => string

/** One person on duty with the reason in words; `names` turns member ids into names. */
export function onDutyView(
  { member, departmentId, groupId, groupName, rung, areaIds, why }: OnDuty,
  more: { readonly phone: ShownPhone; readonly nameOf: (id: string) => string; readonly test?: OwedTest },
): OnDutyView {
  const { test } = more
  return {
    memberId: member.id,
    name: member.name,
    phone: more.phone(member.phone, departmentId),
    departmentId,
    groupId,
    groupName,
    rung,
    areaIds: [...areaIds],
    why: whyView(why, more.nameOf),
    ...(test === undefined ? {} : { phoneTest: testState(test) }),
  }
}

function testState({ dueAt, state, test }: OwedTest) {
  const tested = test === undefined ? {} : { testedAt: instantText(test.testedAt) }
  return { dueAt: instantText(dueAt), state, ...tested }
}

const STANDING: Readonly<Record<StandingWhy['kind'], LocalizedText>> = {
  contact: { zh: '非运行期联系人(第五条)', en: 'contact outside the hours of duty (article 5)' },
  responsible: {
    zh: '未接入系统单位的责任人(第三条5)',
    en: 'answers for a unit without the system (article 3.5)',
  },
}

function whyView(why: DutyWhy, nameOf: (id: string) => string): OnDutyView['why'] {
  if (isStanding(why)) return { kind: why.kind, sentence: STANDING[why.kind] }
  const { kind, id, from, to, insteadOf } = why
  return {
    kind,
    id,
    from: instantText(from),
    to: instantText(to),
    ...(insteadOf === undefined ? {} : { insteadOf }),
    sentence: sentenceOf(why, insteadOf === undefined ? undefined : nameOf(insteadOf)),
  }
}

function sentenceOf(why: Exclude<DutyWhy, StandingWhy>, instead: string | undefined): LocalizedText {
  const until = instantText(why.to).slice(5, 16).replace('T', ' ')
  if (why.kind === 'shift') return { zh: `班次 ${why.id},至 ${until}`, en: `shift ${why.id}, until ${until}` }
  if (why.kind === 'temporary')
    return { zh: `临时排班,至 ${until}`, en: `temporary schedule, until ${until}` }
  if (instead === undefined) return { zh: `加派,至 ${until}`, en: `added, until ${until}` }
  return { zh: `顶替${instead},至 ${until}`, en: `in place of ${instead}, until ${until}` }
}

export function phoneTestView(
  { who, turnFrom, dueAt, state, test }: OwedTest,
  phone: ShownPhone,
): PhoneTestView {
  const { member, departmentId, groupId } = who
  return {
    departmentId,
    groupId,
    memberId: member.id,
    name: member.name,
    phone: phone(member.phone, departmentId),
    turnFrom: instantText(turnFrom),
    dueAt: instantText(dueAt),
    state,
    ...(test === undefined ? {} : { testedAt: instantText(test.testedAt), by: test.by.name }),
    ...(test?.note === undefined ? {} : { note: test.note }),
  }
}

export function gapView(
  { departmentId, group, from, to, needed, present }: Gap,
  clauses: Readonly<Record<ClauseKey, string>>,
): GapView {
  const clause = group.rung === 'crew' ? clauses.roster : clauses.duty_hours
  return {
    departmentId,
    groupId: group.id,
    groupName: group.name,
    rung: group.rung,
    from: instantText(from),
    to: instantText(to),
    hours: hours((to - from) / 3_600_000),
    needed,
    present,
    clause,
  }
}

export function loadView(load: Load): LoadView {
  return {
    memberId: load.member.id,
    name: load.member.name,
    hours: hours(load.hours),
    longestHours: hours(load.longestHours),
    weekHours: hours(load.weekHours),
    overload: [...load.overload],
  }
}

export function hours(value: number): number {
  return Math.round(value * 100) / 100
}

export function handoverView(record: HandoverRecord): HandoverView {
  const { handover, signatures, carriedInto } = record
  const { openedAt, items, carried, ...same } = handover
  return {
    ...same,
    openedAt: instantText(openedAt),
    state: handoverState(record),
    ...(carriedInto === undefined ? {} : { carriedInto }),
    carried: [...carried],
    items: items.map(({ dueAt, ...item }) => ({
      ...item,
      ...(dueAt === undefined ? {} : { dueAt: instantText(dueAt) }),
    })),
    signatures: signatures.map(({ at, ...signature }) => ({ ...signature, at: instantText(at) })),
  }
}

/** A ticket's checklist; `clause` is its kind's. */
export function contingencyView(
  ticket: { readonly id: string; readonly kind: TicketKind; readonly openedAt: Instant },
  ticks: readonly Tick[],
  policy: PolicyPack,
): ContingencyView {
  const items = ticked(contingencyOf(ticket.kind), ticks)
  const began = startedAt(ticks)
  return {
    ticketId: ticket.id,
    kind: ticket.kind,
    ...(items.length === 0 ? {} : { clause: clauseOf(policy, ticket.kind) }),
    ...(began === undefined
      ? {}
      : {
          startedAt: instantText(began),
          startedAfterSeconds: Math.floor((began - ticket.openedAt) / SECOND),
        }),
    doneCount: items.filter(({ done }) => done).length,
    items: items.map(({ history, cites, ...item }) => ({
      ...item,
      clause: clauseOf(policy, cites),
      history: history.map(tickView),
    })),
  }
}

function tickView({ done, occurredAt, enteredAt, by, onBehalf, late, note }: Tick) {
  return {
    done,
    by,
    occurredAt: instantText(occurredAt),
    enteredAt: instantText(enteredAt),
    ...(onBehalf === undefined ? {} : { onBehalf }),
    ...(late === undefined ? {} : { late }),
    ...(note === undefined ? {} : { note }),
  }
}

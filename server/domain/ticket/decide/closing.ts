import { refuse, type Refusal } from '#contract/problem.ts'
import type { PolicyPack } from '../../policy/policy-pack.ts'
import { isThirdParty } from '../clock.ts'
import { dueReview } from '../review-level.ts'
import { areCalledBack } from '../call-backs.ts'
import { handlingOf, type Ticket } from '../ticket.ts'
import type { EventData } from '../event.ts'
import { proxy, type Case, type Decide } from './case.ts'
import { missingFields } from './fields.ts'

/** The unit's reply (第三条5). G1: nothing is closed that was not visited, secured and reported. */
export const submit: Decide<'submit'> = (c) => {
  const { policy } = c.rules
  const kind = policy.kinds[c.ticket.kind]
  const unseen = missingOnSite(c.ticket, policy)
  if (unseen !== undefined) return unseen
  if (isWritten(c) && (c.fields.attachmentIds ?? []).length === 0) {
    return missingFields(['attachmentIds'], policy.clauses.submit)
  }
  if (c.fields.outcome === 'explained_unresolved' && !kind.mayStayUnresolved) {
    return refuse(
      'guard-refused',
      {
        zh: `${kind.name.zh}危及公共安全,不能以解释办结`,
        en: `${kind.name.en} endangers the public and is not closed by an explanation`,
      },
      { clause: kind.clause },
    )
  }
  const undone = c.fields.outcome === 'done' ? missingRepair(c.ticket, policy) : []
  if (undone.length > 0) return missingFields(undone, kind.clause)
  const unknown = (c.fields.attachmentIds ?? []).find((id) => !c.facts.attachments.has(id))
  if (unknown !== undefined)
    return refuse('bad-value', { zh: `没有附件 ${unknown}`, en: `there is no attachment ${unknown}` })
  return { ...c.fields, ...proxy(c), ...written(c), ...sensor(c) }
}

/** What the desk enters for a unit without the system is that unit's letter, which goes with it. */
function isWritten({ onBehalf, facts }: Pick<Case<'submit'>, 'onBehalf' | 'facts'>): boolean {
  return onBehalf && facts.writesByHand
}

function written(c: Pick<Case<'submit'>, 'onBehalf' | 'facts'>) {
  return isWritten(c) ? { written: true } : {}
}

function missingOnSite(ticket: Ticket, policy: PolicyPack): Refusal | undefined {
  const kind = policy.kinds[ticket.kind]
  const handling = handlingOf(ticket)
  if (kind.onSite === 'none') return undefined
  if (isThirdParty(ticket, policy)) {
    if (handling.facilityContactAt !== undefined) return undefined
    return missingFields(
      ['facilityContactAt', 'scene', 'heatAffected', 'expectedMinutes'],
      policy.clauses.facility,
    )
  }
  const missing: string[] = []
  if (handling.arrivedAt === undefined) missing.push('arrivedAt', 'scene', 'heatAffected', 'expectedMinutes')
  const noneNeeded = kind.noMeasuresAllowed && handling.noneReason !== undefined
  if (handling.measures.length === 0 && !noneNeeded) missing.push('measures')
  const fences = kind.barrierAndCordon
    ? [...(handling.barrier ? [] : ['barrier']), ...(handling.cordon ? [] : ['cordon'])]
    : []
  if (missing.length === 0 && fences.length === 0) return undefined
  const clause = fences.length > 0 || kind.barrierAndCordon ? policy.clauses.fences : policy.clauses.on_site
  return missingFields([...missing, ...fences], clause)
}

/** What the headline clock waits for and nobody has reported. */
function missingRepair(ticket: Ticket, policy: PolicyPack): readonly string[] {
  const { repairedAt, faultClearedAt, heatRestoredAt } = handlingOf(ticket)
  const heat = heatRestoredAt === undefined ? ['heatRestoredAt'] : []
  switch (policy.clocks[policy.kinds[ticket.kind].headline].stop) {
    case 'repaired':
      return repairedAt === undefined ? ['repairedAt'] : []
    case 'repaired_heat':
      return [...(repairedAt === undefined ? ['repairedAt'] : []), ...heat]
    case 'fault_heat':
      return [...((faultClearedAt ?? repairedAt) === undefined ? ['faultClearedAt'] : []), ...heat]
    default:
      return []
  }
}

/** 无效报险: arrival and the evidence of the survey are enough (R-30, G1). */
export const unfounded: Decide<'unfounded'> = (c) => {
  const { kinds, clauses } = c.rules.policy
  const clause = clauses.unfounded
  const needsVisit = kinds[c.ticket.kind].onSite !== 'none'
  if (needsVisit && handlingOf(c.ticket).arrivedAt === undefined) return missingFields(['arrivedAt'], clause)
  const unknown = c.fields.evidenceIds.find((id) => !c.facts.attachments.has(id))
  if (unknown !== undefined)
    return refuse(
      'bad-value',
      { zh: `没有附件 ${unknown}`, en: `there is no attachment ${unknown}` },
      { clause },
    )
  return { ...c.fields, ...proxy(c), ...written(c), ...sensor(c) }
}

function sensor({ facts }: Pick<Case<'submit'>, 'facts'>) {
  return facts.sensorAbnormal ? { sensorAbnormal: true } : {}
}

/** 一级审核; a sensor that still contradicts the reply must have been seen (G2). */
export const review: Decide<'review'> = (c) => {
  const { pass, reason, text, seenAbnormal } = c.fields
  const clause = c.rules.policy.clauses.review
  if (!pass && reason === undefined) return missingFields(['reason'], clause)
  if (!pass && reason === 'other' && text === undefined) return missingFields(['text'], clause)
  const abnormal = handlingOf(c.ticket).submissions.at(-1)?.sensorAbnormal === true
  if (pass && abnormal && seenAbnormal !== true) return missingFields(['seenAbnormal'], clause)
  const category = categoryOf(c)
  if ('code' in category) return category
  return {
    pass,
    ...(reason === undefined ? {} : { reason }),
    ...(text === undefined ? {} : { text }),
    ...(seenAbnormal === undefined ? {} : { seenAbnormal }),
    ...levelOf(c),
    ...category,
  }
}

function levelOf({ ticket, rules }: Case<'review'>): Partial<EventData['review']> {
  const due = dueReview(ticket, rules.policy)
  return due === undefined || due.levels === 1 ? {} : { reviewLevel: due.level, reviewLevels: due.levels }
}

/**
 * Another category than the ticket's (A35): named by the reviewer, or the reply's own that passes. Strict by
 * default: its clocks run from the report, unless new facts were reported since.
 */
function categoryOf(c: Case<'review'>): Partial<EventData['review']> | Refusal {
  const { policy } = c.rules
  const { pass, reason, clocksFrom = 'received', reportedAt = c.occurredAt } = c.fields
  const reply = handlingOf(c.ticket).submissions.at(-1)
  const kind = c.fields.kind ?? (pass ? reply?.finalKind : undefined)
  if (kind === undefined || kind === c.ticket.kind) return {}
  const cited = { clause: policy.clauses.review }
  if (!pass && reason !== 'wrong_category')
    return refuse(
      'bad-value',
      { zh: '改类须以分类不准确退回', en: 'another category goes with a return for a wrong category' },
      cited,
    )
  const { level } = policy.kinds[kind]
  const late = clocksFrom === 'reported' ? { clocksFromAt: reportedAt } : {}
  if (!pass) return { kind, level, ...late }
  const as = { ...c.ticket, kind }
  const unseen = reply?.outcome === 'unfounded' ? undefined : missingOnSite(as, policy)
  if (unseen !== undefined) return unseen
  const undone = reply?.outcome === 'done' ? missingRepair(as, policy) : []
  return undone.length > 0 ? missingFields(undone, policy.kinds[kind].clause) : { kind, level, ...late }
}

/** 回访. Every linked caller; three attempts on two days settle one who is not reached (G4). */
export const callback: Decide<'callback'> = (c) => {
  const { callId, reached, satisfied, qualityRating } = c.fields
  const clause = c.rules.policy.clauses.callback
  if (!c.ticket.calls.some(({ id }) => id === callId)) {
    return refuse(
      'bad-value',
      { zh: '这个来电不属于本工单', en: 'this call does not belong to the ticket' },
      { clause },
    )
  }
  if (reached && (satisfied === undefined || qualityRating === undefined)) {
    const missing = [...(satisfied === undefined ? ['satisfied'] : [])]
    return missingFields([...missing, ...(qualityRating === undefined ? ['qualityRating'] : [])], clause)
  }
  const attempts = [...handlingOf(c.ticket).callbacks, { callId, reached, at: c.occurredAt }]
  return { ...c.fields, done: areCalledBack(c.ticket.calls, attempts, c.rules.policy) }
}

export const reopen: Decide<'reopen'> = (c) => ({ reason: c.fields.reason })

import { refuse } from '#contract/problem.ts'
import { instantText, MINUTE } from '../../instant.ts'
import { ruleFor } from '../clock.ts'
import { limitOf } from '../clocks.ts'
import { headlineOf } from '../headline.ts'
import { handlingOf, type Extension, type Ticket } from '../ticket.ts'
import { proxy, type Decide } from './case.ts'

/** 延时申请 (R-46, A17, A18): before the limit ends, for kinds that may, so often and so far as allowed. */
export const requestExtension: Decide<'request_extension'> = (c) => {
  const { policy } = c.rules
  const cited = { clause: policy.clauses.request_extension }
  const kind = policy.kinds[c.ticket.kind]
  if (kind.extension === 'refused') {
    return refuse(
      'guard-refused',
      { zh: `${kind.name.zh}不得延时`, en: `${kind.name.en}: no extension is allowed` },
      { clause: kind.clause },
    )
  }
  if (kind.extension === 'override' && !c.actor.roles.includes('dispatcher')) {
    return refuse(
      'guard-refused',
      {
        zh: `${kind.name.zh}的延时须由调度中心值班领导提出`,
        en: `${kind.name.en}: only the duty lead of dispatch asks for an extension`,
      },
      { clause: kind.clause },
    )
  }
  const asked = ofHandling(c.ticket)
  if (asked.some(isPending))
    return refuse(
      'wrong-state',
      { zh: '已有延时申请在办理', en: 'an extension is being asked for already' },
      cited,
    )
  if (asked.filter((each) => each.approved === true).length >= policy.settings.extensionMost) {
    return refuse(
      'guard-refused',
      {
        zh: `最多延时 ${String(policy.settings.extensionMost)} 次`,
        en: `no more than ${String(policy.settings.extensionMost)} extensions`,
      },
      cited,
    )
  }
  const headline = headlineOf(c.ticket, c.rules, c.at)
  if (headline.provisional)
    return refuse(
      'guard-refused',
      { zh: '办结时限尚未开始,无须延时', en: 'the limit to close has not begun; no extension is needed' },
      cited,
    )
  if (headline.clock.stoppedAt !== undefined)
    return refuse('guard-refused', { zh: '办结时限已停止', en: 'the limit to close has been met' }, cited)
  if (c.occurredAt > headline.dueAt) {
    return refuse(
      'guard-refused',
      {
        zh: `须在时限内申请,时限已于 ${instantText(headline.dueAt)} 届满`,
        en: `to be asked for before the limit, which ran out at ${instantText(headline.dueAt)}`,
      },
      cited,
    )
  }
  const { dueAt, reason } = c.fields
  if (dueAt <= headline.dueAt)
    return refuse(
      'bad-value',
      { zh: '申请的时限不晚于现有时限', en: 'the limit asked for is no later than the present one' },
      cited,
    )
  const rule = ruleFor(policy, c.ticket.kind, kind.headline)
  const longest = (limitOf(rule, c.ticket, c.rules) ?? 0) * MINUTE * policy.settings.extensionMostShare
  if (dueAt > headline.dueAt + longest) {
    return refuse(
      'bad-value',
      {
        zh: `最晚可延至 ${instantText(headline.dueAt + longest)}`,
        en: `it can be extended until ${instantText(headline.dueAt + longest)} at most`,
      },
      cited,
    )
  }
  const remainingMs = headline.dueAt - c.occurredAt
  return { extensionId: c.facts.newId(), reason, dueAt, remainingMs, ...proxy(c) }
}

/** 调度中心 answers; who also speaks for 客服中心 approves in the same step (A15). */
export const answerExtension: Decide<'answer_extension'> = (c) => {
  const cited = { clause: c.rules.policy.clauses.answer_extension }
  const extension = find(c.ticket, c.fields.extensionId)
  if (extension === undefined)
    return refuse('bad-value', { zh: '没有这个延时申请', en: 'there is no such extension' }, cited)
  if (extension.answeredAt !== undefined)
    return refuse('wrong-state', { zh: '这个延时申请已答复', en: 'this extension has been answered' }, cited)
  const confirms = c.fields.approve && c.actor.roles.includes('service')
  return { ...c.fields, ...(confirms ? { confirms } : {}) }
}

/** 客服中心 approves: effective at once, never backwards (R-48, A19). */
export const confirmExtension: Decide<'confirm_extension'> = (c) => {
  const cited = { clause: c.rules.policy.clauses.confirm_extension }
  const extension = find(c.ticket, c.fields.extensionId)
  if (extension === undefined)
    return refuse('bad-value', { zh: '没有这个延时申请', en: 'there is no such extension' }, cited)
  if (extension.approved !== true)
    return refuse(
      'wrong-state',
      { zh: '调度中心尚未同意这个延时申请', en: 'dispatch has not agreed to this extension yet' },
      cited,
    )
  if (extension.effectiveAt !== undefined)
    return refuse('wrong-state', { zh: '这个延时已生效', en: 'this extension is in force already' }, cited)
  return { extensionId: extension.id }
}

/** A limit with a second, conditional value (6 h, or 36 h where the conditions prevent it). Never backwards. */
export const stateHindrance: Decide<'state_hindrance'> = (c) => {
  const { policy } = c.rules
  const cited = { clause: policy.clauses.state_hindrance }
  const { headline } = policy.kinds[c.ticket.kind]
  if (policy.clocks[headline].secondLimit === undefined) {
    return refuse(
      'guard-refused',
      {
        zh: `制度没有为${policy.kinds[c.ticket.kind].name.zh}规定第二时限`,
        en: `the policy has no second limit for ${policy.kinds[c.ticket.kind].name.en}`,
      },
      cited,
    )
  }
  if (handlingOf(c.ticket).hinderedAt !== undefined)
    return refuse(
      'wrong-state',
      { zh: '已申报过条件受限', en: 'the hindrance has been reported already' },
      cited,
    )
  const { clock, dueAt } = headlineOf(c.ticket, c.rules, c.at)
  if (clock.stoppedAt !== undefined)
    return refuse('guard-refused', { zh: '办结时限已停止', en: 'the limit to close has been met' }, cited)
  if (c.at > dueAt) {
    return refuse(
      'guard-refused',
      {
        zh: `须在时限内申报,时限已于 ${instantText(dueAt)} 届满`,
        en: `to be reported before the limit, which ran out at ${instantText(dueAt)}`,
      },
      cited,
    )
  }
  return { reason: c.fields.reason, ...proxy(c) }
}

export function find(ticket: Ticket, id: unknown): Extension | undefined {
  return ticket.extensions.find((each) => each.id === id)
}

function ofHandling(ticket: Ticket): readonly Extension[] {
  return ticket.extensions.filter((each) => each.handling === ticket.handlings.length - 1)
}

function isPending(extension: Extension): boolean {
  if (extension.answeredAt === undefined) return true
  return extension.approved === true && extension.effectiveAt === undefined
}

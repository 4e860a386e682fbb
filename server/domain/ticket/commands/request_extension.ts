import { refuse, type Refusal } from '#contract/problem.ts'
import { instantText, isPast, MINUTE, SECOND, type Instant } from '../../instant.ts'
import { ruleFor } from '../clock.ts'
import { limitOf } from '../clocks.ts'
import type { Command, Situation } from '../command.ts'
import { extensionsOfHandling, isPending } from '../extensions.ts'
import { AT_WORK } from '../state-groups.ts'

/** 延时申请 (第八条2): before the limit ends, for kinds that may, so often and so far as allowed. */
export const requestExtension: Command<'request_extension'> = {
  states: AT_WORK,
  prevents,
  until: ({ assessment }) => assessment.headline.dueAt,
  form: (of) => ({ dueAt: { min: of.assessment.headline.dueAt + SECOND, max: latest(of) } }),
  decide(filled) {
    const { fields, occurredAt, facts, assessment } = filled
    const { dueAt: limit } = assessment.headline
    const cited = { clause: filled.rules.policy.clauses.request_extension }
    if (isPast(limit, occurredAt)) {
      return refuse(
        'guard-refused',
        {
          zh: `须在时限内申请,时限已于 ${instantText(limit)} 届满`,
          en: `to be requested before the limit, which ran out at ${instantText(limit)}`,
        },
        cited,
      )
    }
    if (fields.dueAt <= limit) {
      return refuse(
        'bad-value',
        { zh: '申请的时限不晚于现有时限', en: 'the requested limit is no later than the present one' },
        cited,
      )
    }
    const last = latest(filled)
    if (fields.dueAt > last) {
      return refuse(
        'bad-value',
        {
          zh: `最晚可延至 ${instantText(last)}`,
          en: `it can be extended until ${instantText(last)} at most`,
        },
        cited,
      )
    }
    return { ...fields, extensionId: facts.newId(), remainingMs: limit - occurredAt }
  },
  apply(ticket, { data, occurredAt, actor }) {
    const { extensionId, reason, dueAt, remainingMs } = data
    const asked = { id: extensionId, handling: ticket.handlings.length - 1, reason, dueAt, remainingMs }
    const extension = { ...asked, requestedAt: occurredAt, requestedBy: actor.id }
    return { ...ticket, extensions: [...ticket.extensions, extension] }
  },
  takes: true,
}

function prevents({ ticket, actor, rules: { policy }, assessment }: Situation): Refusal | undefined {
  const cited = { clause: policy.clauses.request_extension }
  const kind = policy.kinds[ticket.kind]
  if (kind.extension === 'refused') {
    return refuse(
      'guard-refused',
      { zh: `${kind.name.zh}不得延时`, en: `${kind.name.en}: no extension is allowed` },
      { clause: kind.clause },
    )
  }
  if (kind.extension === 'override' && !actor.roles.includes('dispatcher')) {
    return refuse(
      'guard-refused',
      {
        zh: `${kind.name.zh}的延时须由调度中心值班领导提出`,
        en: `${kind.name.en}: only the duty lead of dispatch requests an extension`,
      },
      { clause: kind.clause },
    )
  }
  const asked = extensionsOfHandling(ticket)
  if (asked.some(isPending)) {
    return refuse(
      'wrong-state',
      { zh: '已有延时申请在办理', en: 'an extension has been requested already' },
      cited,
    )
  }
  const { extensionMost } = policy.settings
  if (asked.filter(({ approved }) => approved === true).length >= extensionMost) {
    return refuse(
      'guard-refused',
      { zh: `最多延时 ${String(extensionMost)} 次`, en: `no more than ${String(extensionMost)} extensions` },
      cited,
    )
  }
  const { provisional, clock } = assessment.headline
  if (provisional) {
    return refuse(
      'guard-refused',
      { zh: '办结时限尚未开始,无须延时', en: 'the limit to close has not begun; no extension is needed' },
      cited,
    )
  }
  return clock.stoppedAt === undefined
    ? undefined
    : refuse('guard-refused', { zh: '办结时限已停止', en: 'the limit to close has been met' }, cited)
}

/** The longest extension is a multiple of the limit itself. */
function latest({ ticket, rules, assessment }: Situation): Instant {
  const { policy } = rules
  const rule = ruleFor(policy, ticket.kind, policy.kinds[ticket.kind].headline)
  const longest = (limitOf(rule, ticket, rules) ?? 0) * MINUTE * policy.settings.extensionMostShare
  return assessment.headline.dueAt + longest
}

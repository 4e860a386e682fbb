import { refuse } from '#contract/problem.ts'
import { areCalledBack, isReached } from '../call-backs.ts'
import { inHandling, withFlag } from '../change.ts'
import type { Command, Situation } from '../command.ts'
import { shortText } from '../form.ts'
import { handlingOf } from '../ticket.ts'

const REACHED = { field: 'reached', is: [true] }

/** 回访 (第三条7). Every linked caller; some attempts on several days settle one who is not reached. */
export const callback: Command<'callback'> = {
  roles: ['dispatcher', 'service'],
  states: ['callback_due'],
  awaited: () => true,
  forbids({ ticket, actor }) {
    const isOwnWork =
      ticket.crewIds.includes(actor.id) || handlingOf(ticket).submissions.at(-1)?.by === actor.id
    if (!isOwnWork) return undefined
    return refuse('not-your-right', {
      zh: '办理人员不能回访自己办理的工单',
      en: 'nobody calls back about their own work',
    })
  },
  form(of) {
    const choices = callers(of)
    const clause = of.rules.policy.clauses.callback
    return {
      callId: { choices, start: choices[0]?.value },
      satisfied: { required: true, when: REACHED, clause },
      qualityRating: { required: true, when: REACHED, clause },
      suggestion: { when: REACHED },
    }
  },
  decide({ ticket, fields, occurredAt, rules: { policy } }) {
    const { callId, reached } = fields
    if (!ticket.calls.some(({ id }) => id === callId)) {
      return refuse(
        'bad-value',
        { zh: '这个来电不属于本工单', en: 'this call does not belong to the ticket' },
        { clause: policy.clauses.callback },
      )
    }
    const attempts = [...handlingOf(ticket).callbacks, { callId, reached, at: occurredAt }]
    return { ...fields, done: areCalledBack(ticket.calls, attempts, policy) }
  },
  apply(ticket, { occurredAt: at, data: { callId, reached, satisfied, done } }) {
    const attempt = { callId, at, reached, ...(satisfied === undefined ? {} : { satisfied }) }
    const next = inHandling(ticket, { callbacks: [...handlingOf(ticket).callbacks, attempt] })
    const flags = satisfied === false ? withFlag(ticket, 'dissatisfied') : ticket.flags
    if (!done) return { ...next, flags }
    return { ...inHandling(next, { callbackDoneAt: at, closedAt: at }), state: 'archived', flags }
  },
  follows: (ticket) => handlingOf(ticket).submissions.at(-1)?.reviewedAt,
  carries: 'always',
}

/** Whoever is still to be reached comes first. */
function callers({ ticket, facts }: Situation) {
  const { callbacks } = handlingOf(ticket)
  return ticket.calls
    .map(({ id, linkedAt }) => {
      const call = facts.calls?.find((each) => each.id === id)
      const done = isReached(id, callbacks)
      const said = `${done ? '✓ ' : ''}${shortText(linkedAt)} ${call?.callerPhone ?? ''}`.trim()
      return { done, value: id, title: { zh: said, en: said } }
    })
    .sort((a, b) => Number(a.done) - Number(b.done))
    .map(({ value, title }) => ({ value, title }))
}

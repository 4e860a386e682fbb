import { refuse } from '#contract/problem.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import { sentOut } from '../change.ts'
import type { Command, Situation } from '../command.ts'
import { reasonOf } from '../route.ts'
import { WITH_UNIT } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** By system or telephone (第三条2, 第六条2); another department than the table's needs a reason. */
export const dispatch: Command<'dispatch'> = {
  roles: ['dispatcher'],
  states: ['under_review', ...WITH_UNIT],
  awaited: ({ ticket }) => ticket.state === 'under_review',
  form(of) {
    const { routing, phone_order: phone } = of.rules.policy.clauses
    const known = departments(of)
    const proposed = proposal(of)
    const isOpen = proposed.rule === 'manual'
    const isKnown = !isOpen && known.some(({ value }) => value === proposed.id)
    const others = known.map(({ value }) => value).filter((id) => id !== proposed.id)
    const byPhone = { required: true, when: { field: 'channel', is: ['phone'] }, clause: phone }
    return {
      departmentId: {
        choices: known,
        required: !isKnown,
        clause: routing,
        ...(isKnown ? { start: proposed.id } : {}),
      },
      reason: isOpen ? {} : { requiredWhen: { field: 'departmentId', is: others }, clause: routing },
      callee: byPhone,
      answered: byPhone,
    }
  },
  decide(filled) {
    const { fields, facts, rules } = filled
    const { reason, channel, callee, answered } = fields
    const proposed = proposal(filled)
    const chosen = fields.departmentId ?? proposed.id
    const name = facts.departments.get(chosen)
    if (name === undefined || chosen === DEPARTMENTS.dispatch) {
      return refuse(
        'bad-value',
        { zh: `没有可派单的部门 ${chosen}`, en: `there is no department ${chosen} to dispatch to` },
        { clause: rules.policy.clauses.routing },
      )
    }
    const phone = channel === 'phone' && callee !== undefined && answered !== undefined
    return {
      departmentId: chosen,
      departmentName: name,
      ...reasonOf(chosen === proposed.id ? proposed : byHand(reason)),
      channel,
      ...(reason === undefined ? {} : { reason }),
      ...(phone ? { callee, answered } : {}),
    }
  },
  apply(ticket, event) {
    const isFirst = ticket.state === 'under_review' && event.data.answered !== false
    const sent = sentOut(ticket, event)
    return isFirst ? { ...sent, approvedAt: event.occurredAt } : sent
  },
  dated: true,
  follows: (ticket) => handlingOf(ticket).stints.at(-1)?.rejectedAt,
}

function departments({ facts }: Situation) {
  return [...facts.departments]
    .filter(([id]) => id !== DEPARTMENTS.dispatch)
    .map(([value, name]) => ({ value, title: { zh: name, en: name } }))
}

/** The dispatcher's own word, or that the table has none. */
function byHand(reason: string | undefined): { rule: 'override'; why: string; whyEn?: string } {
  if (reason !== undefined) return { rule: 'override', why: reason }
  return {
    rule: 'override',
    why: '责任划分表不能确定,由调度中心指定',
    whyEn: 'named by dispatch: the table cannot tell',
  }
}

/** In the gate the table as of the report counts; a ticket already out is offered the one in force. */
function proposal({ ticket, facts }: Situation) {
  if (ticket.state === 'under_review') return ticket.department
  const { departmentId: id, ...said } = facts.routeNow
  return { id, ...said }
}

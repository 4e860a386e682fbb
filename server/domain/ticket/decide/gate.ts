import { refuse } from '#contract/problem.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import { deemedAt } from '../clock-starts.ts'
import { handlingOf, stintOf } from '../ticket.ts'
import { proxy, type Case, type Decide } from './case.ts'
import { missingFields } from './fields.ts'
import { reasonOf } from '../route.ts'

/** Answered at once and closed. An emergency is never talked away by the desk alone. */
export const answer: Decide<'answer'> = (c) => {
  const { kinds, clauses } = c.rules.policy
  if (kinds[c.ticket.kind].emergency && !c.actor.roles.includes('dispatcher')) {
    return refuse(
      'guard-refused',
      {
        zh: '险情、报修不能直接答复办结,须由调度中心判定',
        en: 'dangers and repairs are not closed by an answer; dispatch judges them',
      },
      { clause: clauses.routing },
    )
  }
  return { text: c.fields.text }
}

export const approve: Decide<'approve'> = () => ({})

/** Dispatch by system or telephone; another department than the table's needs a reason. */
export const dispatch: Decide<'dispatch'> = (c) => {
  const { ticket, fields, facts } = c
  const clause = c.rules.policy.clauses.routing
  const proposed = proposal(c)
  const chosen = fields.departmentId ?? (proposed.rule === 'manual' ? undefined : proposed.id)
  if (chosen === undefined) return missingFields(['departmentId'], clause)
  const name = facts.departments.get(chosen)
  if (name === undefined || chosen === DEPARTMENTS.dispatch) {
    return refuse(
      'bad-value',
      { zh: `没有可派单的部门 ${chosen}`, en: `there is no department ${chosen} to dispatch to` },
      { clause },
    )
  }
  const isOverride = chosen !== proposed.id
  if (isOverride && proposed.rule !== 'manual' && fields.reason === undefined) {
    return missingFields(['reason'], clause)
  }
  const phone = phoneOf(c)
  if ('kind' in phone) return phone
  return {
    departmentId: chosen,
    departmentName: name,
    ...reasonOf(isOverride ? byHand(fields.reason) : proposed),
    channel: fields.channel,
    ...(fields.reason === undefined ? {} : { reason: fields.reason }),
    ...phone,
    ...(ticket.state === 'under_review' ? {} : proxy(c)),
  }
}

/** The reason for another department: the dispatcher's own word, or that the table has none. */
function byHand(reason: string | undefined): { rule: 'override'; why: string; whyEn?: string } {
  if (reason !== undefined) return { rule: 'override', why: reason }
  return {
    rule: 'override',
    why: '责任划分表不能确定,由调度中心指定',
    whyEn: 'named by dispatch: the table cannot tell',
  }
}

/** In the gate the table as of the report counts; a ticket already out is offered the one in force (A11). */
function proposal({ ticket, facts }: Case<'dispatch'>) {
  if (ticket.state === 'under_review') return ticket.department
  const { departmentId: id, ...said } = facts.routeNow
  return { id, ...said }
}

/** whom, and whether anybody answered; when is the command's own time. */
function phoneOf({ fields, rules }: Case<'dispatch'>) {
  if (fields.channel !== 'phone') return {}
  const { callee, answered } = fields
  if (callee !== undefined && answered !== undefined) return { callee, answered }
  const missing = [callee === undefined ? 'callee' : '', answered === undefined ? 'answered' : '']
  return missingFields(
    missing.filter((name) => name !== ''),
    rules.policy.clauses.phone_order,
  )
}

/** Wrongly routed: only inside the accept window; after it the ticket counts as accepted (A28). */
export const reject: Decide<'reject'> = (c) => {
  const stint = stintOf(handlingOf(c.ticket))
  if (stint !== undefined && c.occurredAt > deemedAt(stint, c.rules.policy)) {
    return refuse(
      'guard-refused',
      {
        zh: '已过接单时限,视为已接单,不能退单;请由调度中心改派',
        en: 'the time to accept has run out and it counts as accepted; dispatch can send it elsewhere',
      },
      { clause: c.rules.policy.clauses.reject },
    )
  }
  return { reason: c.fields.reason, ...proxy(c) }
}

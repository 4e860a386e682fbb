import { refuse } from '#contract/problem.ts'
import { handlingOf } from '../ticket.ts'
import { proxy, type Decide } from './case.ts'
import { missingFields } from './fields.ts'

export const accept: Decide<'accept'> = (c) => proxy(c)
export const depart: Decide<'depart'> = (c) => proxy(c)

export const assign: Decide<'assign'> = (c) => {
  for (const id of c.fields.crewIds) {
    const person = c.facts.people.get(id)
    const isCrew = person?.roles.some((role) => role === 'crew' || role === 'officer') === true
    if (!isCrew || person.departmentId !== c.ticket.department.id) {
      return refuse(
        'bad-value',
        {
          zh: `${id} 不是${c.ticket.department.name}的接工人员`,
          en: `${id} is not of the crew of ${c.ticket.department.name}`,
        },
        { clause: c.rules.policy.clauses.assign },
      )
    }
  }
  return { crewIds: [...new Set(c.fields.crewIds)], ...proxy(c) }
}

export const arrive: Decide<'arrive'> = (c) => ({ ...c.fields, ...proxy(c) })

/** “none needed” with a reason stands only where the kind allows it (G1). */
export const safety: Decide<'safety'> = (c) => {
  const { measures, noneReason, barrier, cordon } = c.fields
  const { kinds, clauses } = c.rules.policy
  const kind = kinds[c.ticket.kind]
  if (measures.length > 0 || barrier === true || cordon === true) return { ...c.fields, ...proxy(c) }
  if (noneReason === undefined) return missingFields(['measures'], clauses.safety)
  if (!kind.noMeasuresAllowed) {
    return refuse(
      'guard-refused',
      { zh: `${kind.name.zh}必须采取安全措施`, en: `${kind.name.en}: safety measures are a must` },
      { clause: kind.barrierAndCordon ? clauses.fences : clauses.safety, missing: ['measures'] },
    )
  }
  return { ...c.fields, ...proxy(c) }
}

export const plan: Decide<'plan'> = (c) => ({ ...c.fields, ...proxy(c) })

export const repair: Decide<'repair'> = (c) => {
  const unknown = (c.fields.attachmentIds ?? []).find((id) => !c.facts.attachments.has(id))
  if (unknown !== undefined)
    return refuse('bad-value', { zh: `没有附件 ${unknown}`, en: `there is no attachment ${unknown}` })
  return { ...c.fields, ...proxy(c) }
}

export const restore: Decide<'restore'> = (c) => {
  const { policy } = c.rules
  const needsClearing = policy.clocks[policy.kinds[c.ticket.kind].headline].stop === 'fault_heat'
  const cleared = c.fields.faultClearedAt ?? handlingOf(c.ticket).repairedAt
  if (needsClearing && cleared === undefined)
    return missingFields(['faultClearedAt'], policy.clauses.facility)
  return { ...c.fields, ...proxy(c) }
}

export const contact: Decide<'contact'> = (c) => {
  const { appointmentAt } = c.fields
  if (appointmentAt !== undefined && appointmentAt < c.occurredAt) {
    return refuse(
      'bad-time',
      { zh: '约定时间早于联系时间', en: 'the visit is promised for a time before the contact' },
      { clause: c.rules.policy.clocks.contact_reporter.clause },
    )
  }
  return { ...c.fields, ...proxy(c) }
}

export const contactFacility: Decide<'contact_facility'> = (c) => ({ ...c.fields, ...proxy(c) })

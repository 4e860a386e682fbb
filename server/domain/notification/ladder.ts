import { DEPARTMENTS, DUTY_RUNGS, type DutyRung } from '#contract/vocabulary.ts'
import type { ClockStop } from '../policy/clock-rule.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

/**
 * Who is told, from the bottom up (inferred): crew, deputy head 副部长, head 部长, duty lead of the dispatch
 * centre 调度中心, duty leader of the customer-service centre 客服中心.
 */
export const RUNGS = DUTY_RUNGS
export type Rung = DutyRung

export const RUNG_NAMES: Readonly<Record<Rung, { readonly zh: string; readonly en: string }>> = {
  crew: { zh: '接工人员', en: 'crew' },
  deputy: { zh: '副部长', en: 'deputy head' },
  head: { zh: '部长', en: 'head' },
  duty_lead: { zh: '调度中心值班长', en: 'duty lead of the dispatch centre' },
  service_leader: { zh: '客服中心值班领导', en: 'duty leader of the customer-service centre' },
}

/** How a policy pack escalates; one that says nothing of it gets the ladder above and A31. */
export function escalationOf({ escalation }: PolicyPack): NonNullable<PolicyPack['escalation']> {
  return escalation ?? { skippedRungs: { special: 1 }, unansweredMinutes: 5 }
}

/** Who has to do what stops a clock: the bottom of its ladder. */
export const ACTING: Readonly<Record<ClockStop, Rung>> = {
  dispatched: 'duty_lead',
  accepted: 'deputy',
  assigned: 'deputy',
  arrived: 'crew',
  facility_contact: 'crew',
  reporter_contact: 'crew',
  repaired: 'crew',
  repaired_heat: 'crew',
  fault_heat: 'crew',
  submitted: 'crew',
  callback: 'duty_lead',
  extension_answered: 'duty_lead',
}

/** `steps` rungs above `from`, never beyond the top. */
export function rungAbove(from: Rung, steps: number): Rung {
  return RUNGS[Math.min(RUNGS.indexOf(from) + steps, RUNGS.length - 1)] ?? 'service_leader'
}

/** The department in whose roster a rung is looked up: the two top rungs are the company's own. */
export function departmentOfRung(rung: Rung, ticketDepartment: string): string {
  if (rung === 'duty_lead') return DEPARTMENTS.dispatch
  return rung === 'service_leader' ? SERVICE_CENTRE : ticketDepartment
}

/** 客服中心 has no tickets of its own, so no area names it; its roster stands under this id. */
const SERVICE_CENTRE = 'service'

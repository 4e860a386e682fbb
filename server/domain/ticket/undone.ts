import type { Refusal } from '#contract/problem.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { isThirdParty } from './clock.ts'
import { missingFields } from './fields.ts'
import { handlingOf, type Ticket } from './ticket.ts'

/** Why a reply is refused: the site was not visited, secured and reported, as far as the kind asks for it. */
export function unseen(ticket: Ticket, policy: PolicyPack): Refusal | undefined {
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
  if (kind.barrierAndCordon && !handling.barrier) missing.push('barrier')
  if (kind.barrierAndCordon && !handling.cordon) missing.push('cordon')
  if (missing.length === 0) return undefined
  return missingFields(missing, kind.barrierAndCordon ? policy.clauses.fences : policy.clauses.on_site)
}

/** What the headline clock waits for and nobody has reported. */
export function unrepaired(ticket: Ticket, policy: PolicyPack): readonly string[] {
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

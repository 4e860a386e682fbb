import { inHandling, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import type { ClockStop } from '../../policy/clock-rule.ts'
import type { PolicyPack } from '../../policy/policy-pack.ts'
import { AT_WORK, ON_SITE } from '../state-groups.ts'
import { handlingOf, type Ticket } from '../ticket.ts'

/** Heat is back, and of a station since when its fault is cleared (第八条3(3), 3(4)). */
export const restore: Command<'restore'> = {
  states: (ticket, policy) => (isVisited(ticket, policy) ? ON_SITE : AT_WORK),
  step: (ticket, policy) => stopOf(ticket, policy) === 'repaired_heat' || isCleared(ticket, policy),
  form({ ticket, rules: { policy } }) {
    if (!isCleared(ticket, policy)) return { faultClearedAt: false }
    const required = handlingOf(ticket).repairedAt === undefined
    return { faultClearedAt: { required, clause: policy.clauses.facility } }
  },
  apply(ticket, { data: { faultClearedAt, heatRestoredAt } }) {
    const cleared = faultClearedAt ?? handlingOf(ticket).faultClearedAt
    const change = { heatRestoredAt, ...(cleared === undefined ? {} : { faultClearedAt: cleared }) }
    return onward(inHandling(ticket, change), 'restored')
  },
  dated: true,
  takes: true,
  keepsAppointment: true,
  correctable: true,
  carries: (into) => handlingOf(into).heatRestoredAt === undefined,
}

function stopOf({ kind }: Ticket, { clocks, kinds }: PolicyPack): ClockStop {
  return clocks[kinds[kind].headline].stop
}

function isCleared(ticket: Ticket, policy: PolicyPack): boolean {
  return stopOf(ticket, policy) === 'fault_heat'
}

import { inHandling } from '../change.ts'
import { isThirdParty } from '../clock.ts'
import type { Command } from '../command.ts'
import { AT_WORK } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** The department that manages the facility is told; where it is another's, that stands for going there (第八条3(3)). */
export const contactFacility: Command<'contact_facility'> = {
  states: (ticket, policy) => (policy.kinds[ticket.kind].clocks.includes('contact_facility') ? AT_WORK : []),
  step: isThirdParty,
  form({ rules: { policy } }) {
    const told = { clause: policy.clauses.facility }
    return { callee: told, scene: told, heatAffected: told, expectedMinutes: told }
  },
  apply: (ticket, { occurredAt, data: { heatAffected } }) =>
    inHandling(ticket, {
      facilityContactAt: handlingOf(ticket).facilityContactAt ?? occurredAt,
      sceneReported: true,
      heatAffected,
    }),
  dated: true,
  takes: true,
  correctable: true,
  carries: (into) => handlingOf(into).facilityContactAt === undefined,
}

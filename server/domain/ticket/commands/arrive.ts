import { inHandling, inStint, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import { TO_GO } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** On site, with what dispatch is to know of the scene (第八条3(1)). */
export const arrive: Command<'arrive'> = {
  states: [...TO_GO, 'returned'],
  step: isVisited,
  form({ rules: { policy } }) {
    const told = { clause: policy.clauses.on_site }
    return { scene: told, heatAffected: told, expectedMinutes: told }
  },
  apply(ticket, { occurredAt, data: { heatAffected } }) {
    const { arrivedAt = occurredAt, stints } = handlingOf(ticket)
    const { assignedAt = occurredAt } = stints.at(-1) ?? {}
    const passed = inStint(ticket, { assignedAt })
    return onward(inHandling(passed, { arrivedAt, sceneReported: true, heatAffected }), 'arrived')
  },
  dated: true,
  takes: true,
  keepsAppointment: true,
  correctable: true,
  carries: (into) => handlingOf(into).arrivedAt === undefined,
}

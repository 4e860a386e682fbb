import { inHandling, withFlag } from '../change.ts'
import type { Command } from '../command.ts'
import { OPEN } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** A remark; with it a further caller or an incident may be linked. */
export const note: Command<'note'> = {
  roles: ['operator', 'dispatcher'],
  states: [...OPEN, 'archived'],
  apply(ticket, { data: { callId, receivedAt, incidentId, hot }, enteredAt }) {
    const told = hot === true ? { ...ticket, flags: withFlag(ticket, 'hot') } : ticket
    const moved = incidentId === undefined ? told : { ...told, incidentId }
    const first = handlingOf(moved)
    const earlier = receivedAt !== undefined && moved.handlings.length === 1 && receivedAt < first.startAt
    // The earliest of all signals starts the clocks of the report.
    const started = earlier ? inHandling(moved, { startAt: receivedAt }) : moved
    if (callId === undefined) return started
    return { ...started, calls: [...started.calls, { id: callId, linkedAt: enteredAt }] }
  },
}

import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'
import { normalPhone } from '../hotline/call.ts'
import type { Person } from './actor.ts'
import { seesPhones, type Holder } from './can.ts'

/** `138****1234`: the first three and the last four digits; a short number shows nothing. */
export function maskPhone(phone: string): string {
  const digits = normalPhone(phone)
  return digits.length < 8 ? '****' : `${digits.slice(0, 3)}****${digits.slice(-4)}`
}

/** A ticket as this person may see it: callers' numbers whole or masked by right. */
export function ticketFor(view: TicketView, viewer: Person): TicketView {
  return seesPhones(viewer, holderOf(view)) ? view : { ...view, calls: view.calls.map(maskCall) }
}

/** An incident as this person may see it; only the desks see numbers here. */
export function incidentFor(view: IncidentView, viewer: Person): IncidentView {
  return seesPhones(viewer, undefined) ? view : { ...view, calls: view.calls.map(maskCall) }
}

/** What a live event may say to this person (contract.md §4 "Live"). */
export function censor(event: string, data: unknown, viewer: Person): unknown {
  if (event === 'ticket') return ticketFor(data as TicketView, viewer)
  if (event === 'incident') return incidentFor(data as IncidentView, viewer)
  return data
}

export function maskCall(call: CallView): CallView {
  return { ...call, callerPhone: maskPhone(call.callerPhone) }
}

/** A ticket in the gate is held by nobody yet: its department is only proposed. */
export function holderOf(ticket: Pick<TicketView, 'state' | 'department' | 'crewIds'>): Holder {
  const { state, department, crewIds } = ticket
  if (state === 'under_review' || department === undefined) return { crewIds }
  return { departmentId: department.id, crewIds }
}

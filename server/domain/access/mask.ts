import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { SystemHealth } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Person } from './actor.ts'
import { seesPhones, type Holder } from './can.ts'
import { maskDeep, maskName, maskPhone } from './mask-text.ts'

/** One masked view serves every screen that may not see the whole. */
const masked = new WeakMap<object, object>()

/**
 * A ticket as this person may see it: names and numbers of callers whole or masked by right, also in what was
 * typed. `holder` is who holds it now, where the view is of an earlier instant.
 */
export function ticketFor(view: TicketView, viewer: Person, holder = holderOf(view)): TicketView {
  return seesPhones(viewer, holder) && !isForgotten(view) ? view : maskCallers(view)
}

/** An incident as this person may see it; only the desks see numbers here. */
export function incidentFor(view: IncidentView, viewer: Person): IncidentView {
  return seesPhones(viewer, undefined) ? view : maskCallers(view)
}

function maskCallers<View extends TicketView | IncidentView>(view: View): View {
  const known = masked.get(view) as View | undefined
  if (known !== undefined) return known
  const made = { ...maskDeep(view), calls: view.calls.map(maskCall) }
  masked.set(view, made)
  return made
}

/** Once the callers of a finished ticket are forgotten, what was typed about them is masked for everybody. */
function isForgotten({ state, calls }: TicketView): boolean {
  return (state === 'archived' || state === 'merged') && calls.some((call) => call.callerPhone === '')
}

/** A wall that has gone dark is told to who can send somebody to it, and to nobody else. */
export function healthFor(health: SystemHealth, { roles }: Person): SystemHealth {
  if (roles.some((role) => role === 'dispatcher' || role === 'engineer')) return health
  return { ...health, troubles: health.troubles.filter(({ part }) => part !== 'wall') }
}

export function maskCall(call: CallView): CallView {
  const { callerPhone, callerName } = call
  return {
    ...maskDeep(call),
    callerPhone: callerPhone === '' ? '' : maskPhone(callerPhone),
    ...(callerName === undefined ? {} : { callerName: maskName(callerName) }),
  }
}

/** A ticket in the gate is held by nobody yet: its department is only proposed. */
export function holderOf(ticket: Pick<TicketView, 'state' | 'department' | 'crewIds'>): Holder {
  const { state, department, crewIds } = ticket
  if (state === 'under_review' || department === undefined) return { crewIds }
  return { departmentId: department.id, crewIds }
}

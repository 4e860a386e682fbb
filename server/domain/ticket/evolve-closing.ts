import { inHandling, newHandling, withFlag } from './change.ts'
import type { EventOf, TicketEvent } from './event.ts'
import { handlingOf, type Submission, type Ticket } from './ticket.ts'

/** Reply, review, call-back, reopening and extensions. */
export function closing(ticket: Ticket, event: TicketEvent): Ticket {
  switch (event.type) {
    case 'submit':
    case 'unfounded':
      return submitted(ticket, event)
    case 'review':
      return reviewed(ticket, event)
    case 'callback':
      return calledBack(ticket, event)
    case 'reopen': {
      const closed = inHandling(ticket, { closedAt: handlingOf(ticket).closedAt ?? event.occurredAt })
      const handlings = [...closed.handlings, newHandling(event.occurredAt)]
      return { ...closed, handlings, crewIds: [], state: 'under_review', flags: withFlag(ticket, 'reopened') }
    }
    case 'request_extension': {
      const { extensionId, reason, dueAt, remainingMs } = event.data
      const asked = { id: extensionId, handling: ticket.handlings.length - 1, reason, dueAt, remainingMs }
      const extension = { ...asked, requestedAt: event.occurredAt, requestedBy: event.actor.id }
      return { ...ticket, extensions: [...ticket.extensions, extension] }
    }
    case 'answer_extension': {
      const { extensionId, approve, confirms } = event.data
      // An approval counts only from the instant at which it stands in the system (R-48, A19).
      const effective = approve && confirms === true ? { effectiveAt: event.enteredAt } : {}
      const answer = { answeredAt: event.occurredAt, answeredBy: event.actor.id, approved: approve }
      return inExtension(ticket, extensionId, { ...answer, ...effective })
    }
    case 'state_hindrance':
      return inHandling(ticket, { hinderedAt: event.enteredAt })
    case 'confirm_extension':
      return inExtension(ticket, event.data.extensionId, { effectiveAt: event.enteredAt })
    default:
      return ticket
  }
}

function submitted(ticket: Ticket, event: EventOf<'submit'> | EventOf<'unfounded'>): Ticket {
  const submission: Submission = {
    at: event.data.written === true ? event.enteredAt : event.occurredAt,
    by: event.actor.id,
    outcome: event.type === 'unfounded' ? 'unfounded' : event.data.outcome,
    finalKind: event.type === 'unfounded' ? ticket.kind : event.data.finalKind,
    sensorAbnormal: event.data.sensorAbnormal === true,
  }
  const submissions = [...handlingOf(ticket).submissions, submission]
  return { ...inHandling(ticket, { submissions }), state: 'submitted' }
}

function reviewed(ticket: Ticket, event: EventOf<'review'>): Ticket {
  const { submissions } = handlingOf(ticket)
  const last = submissions.at(-1)
  if (last === undefined) return ticket
  const { pass, reason, reviewLevel = 1, reviewLevels = 1 } = event.data
  const kept = event.data.kind === undefined ? ticket : recategorised(ticket, event)
  const said = pass || reason === undefined ? {} : { returnReason: reason }
  if (pass && reviewLevel < reviewLevels) {
    const reviews = [...(last.reviews ?? []), { by: event.actor.id, at: event.occurredAt }]
    return inHandling(kept, { submissions: [...submissions.slice(0, -1), { ...last, reviews }] })
  }
  const judged = { ...last, reviewedAt: event.occurredAt, passed: pass, ...said }
  const next = inHandling(kept, { submissions: [...submissions.slice(0, -1), judged] })
  if (!pass) return { ...next, state: 'returned', returnCount: ticket.returnCount + 1 }
  if (ticket.calls.length > 0) return { ...next, state: 'callback_due' }
  return { ...inHandling(next, { closedAt: event.occurredAt }), state: 'archived' }
}

/** From the report on, as if it had been this kind; or from where new facts made it so (A35). */
function recategorised(ticket: Ticket, event: EventOf<'review'>): Ticket {
  const { kind = ticket.kind, level = ticket.level, clocksFromAt } = event.data
  const former = [...(ticket.formerKinds ?? []), { kind: ticket.kind, until: event.enteredAt }]
  const changed = { ...ticket, kind, level, formerKinds: former, flags: withFlag(ticket, 'recategorised') }
  if (clocksFromAt === undefined) return { ...changed, levels: [{ level, at: ticket.openedAt }] }
  const levels = [...ticket.levels, { level, at: clocksFromAt }].sort((a, b) => a.at - b.at)
  return inHandling({ ...changed, levels }, { kindStartAt: clocksFromAt })
}

function calledBack(ticket: Ticket, event: EventOf<'callback'>): Ticket {
  const { callId, reached, satisfied, done } = event.data
  const attempt = { callId, at: event.occurredAt, reached, ...(satisfied === undefined ? {} : { satisfied }) }
  const next = inHandling(ticket, { callbacks: [...handlingOf(ticket).callbacks, attempt] })
  const flags = satisfied === false ? withFlag(ticket, 'dissatisfied') : ticket.flags
  if (!done) return { ...next, flags }
  const closed = { callbackDoneAt: event.occurredAt, closedAt: event.occurredAt }
  return { ...inHandling(next, closed), state: 'archived', flags }
}

function inExtension(ticket: Ticket, id: string, change: object): Ticket {
  const extensions = ticket.extensions.map((each) => (each.id === id ? { ...each, ...change } : each))
  return { ...ticket, extensions }
}

import type { Person } from '../access/actor.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { EventOf, TicketEvent } from './event.ts'
import { dispatchAtOnce } from './open.ts'
import { handlingOf, isDone, stintOf, type Ticket } from './ticket.ts'

interface By {
  readonly actor: Person
  readonly at: Instant
  readonly reason: string
  readonly newId: () => string
}

/** What a merge writes into the two histories. */
export interface Merged {
  readonly survivor: Ticket
  readonly absorbed: Ticket
  readonly intoSurvivor: readonly TicketEvent[]
  readonly intoAbsorbed: readonly TicketEvent[]
}

/** Are the two tickets about one defect: the same kind, at the same asset where both know it (A41)? */
export function isSameDefect(a: Ticket, b: Ticket): boolean {
  if (a.kind !== b.kind || isDone(a) || isDone(b)) return false
  return a.assetId === undefined || b.assetId === undefined || a.assetId === b.assetId
}

/**
 * Two tickets of one defect become one: the earliest start survives with its clocks, the other keeps its
 * history whole (A41, Ex 8). Callers go to the survivor; each of them is owed a call-back (A22).
 */
export function mergeTickets(a: Ticket, b: Ticket, by: By): Merged {
  const [survivor, absorbed] = handlingOf(a).startAt <= handlingOf(b).startAt ? [a, b] : [b, a]
  const movedMs = handlingOf(absorbed).startAt - handlingOf(survivor).startAt
  const known = new Set(survivor.calls.map(({ id }) => id))
  const callIds = absorbed.calls.map(({ id }) => id).filter((id) => !known.has(id))
  const said = { callIds, startMovedMinutes: movedMs / MINUTE, reason: by.reason }
  const line = { occurredAt: by.at, enteredAt: by.at, actor: by.actor, type: 'merged' as const }
  const kept: EventOf<'merged'> = {
    ...{ ...line, id: by.newId() },
    data: { ...said, role: 'survivor', otherTicketId: absorbed.id, otherNumber: absorbed.number },
  }
  const gone: EventOf<'merged'> = {
    ...{ ...line, id: by.newId() },
    data: { ...said, role: 'absorbed', otherTicketId: survivor.id, otherNumber: survivor.number },
  }
  return {
    survivor,
    absorbed,
    intoSurvivor: [kept, ...takeOverDispatch(survivor, absorbed, by)],
    intoAbsorbed: [gone],
  }
}

/**
 * The defect has been sent out under the other number: the survivor does not wait in the gate for it, and
 * was sent out when that was. Taken apart, it is back in the gate, unless the unit has taken it.
 */
function takeOverDispatch(survivor: Ticket, absorbed: Ticket, by: By): readonly TicketEvent[] {
  const stint = stintOf(handlingOf(absorbed))
  if (survivor.state !== 'under_review' || stint === undefined) return []
  const { id: departmentId, name: departmentName, rule, why } = absorbed.department
  const sent = dispatchAtOnce({ departmentId, departmentName, rule, why, networkVersion: 0 }, by.at, by.newId)
  const occurredAt = Math.max(stint.dispatchedAt, handlingOf(survivor).startAt)
  return [{ ...sent, occurredAt, data: { ...sent.data, takenFrom: absorbed.id } }]
}

/** Gives the absorbed ticket back whole, with its own start and clocks. */
export function unmergeTickets(survivor: Ticket, absorbed: Ticket, by: By): Merged {
  const callIds = survivor.calls
    .filter(({ fromTicketId }) => fromTicketId === absorbed.id)
    .map(({ id }) => id)
  const line = { occurredAt: by.at, enteredAt: by.at, actor: by.actor, type: 'unmerged' as const }
  const said = { callIds, reason: by.reason }
  const left: EventOf<'unmerged'> = {
    ...{ ...line, id: by.newId() },
    data: { ...said, role: 'survivor', otherTicketId: absorbed.id },
  }
  const back: EventOf<'unmerged'> = {
    ...{ ...line, id: by.newId() },
    data: { ...said, role: 'absorbed', otherTicketId: survivor.id },
  }
  return { survivor, absorbed, intoSurvivor: [left], intoAbsorbed: [back] }
}

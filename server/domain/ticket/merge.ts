import type { Person } from '../access/actor.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { EventOf, TicketEvent } from './event.ts'
import { evolve } from './evolve.ts'
import { areCalledBack } from './call-backs.ts'
import { carriedOver } from './merge-carry.ts'
import { handlingOf, isDone, type Ticket } from './ticket.ts'

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

interface Told {
  readonly ticket: Ticket
  readonly events: readonly TicketEvent[]
}

/**
 * Two tickets of one defect become one: the earliest start survives with its clocks, the other keeps its
 * history whole (A41, Ex 8). Callers go to the survivor, each of them is owed a call-back (A22); what was
 * done and promised under the other number counts for it too (merge-carry.ts).
 */
export function mergeTickets(a: Told, b: Told, by: By): Merged {
  const [kept, gone] = handlingOf(a.ticket).startAt <= handlingOf(b.ticket).startAt ? [a, b] : [b, a]
  const [survivor, absorbed] = [kept.ticket, gone.ticket]
  const movedMs = handlingOf(absorbed).startAt - handlingOf(survivor).startAt
  const known = new Set(survivor.calls.map(({ id }) => id))
  const callIds = absorbed.calls.map(({ id }) => id).filter((id) => !known.has(id))
  const said = { callIds, startMovedMinutes: movedMs / MINUTE, reason: by.reason }
  const line = { occurredAt: by.at, enteredAt: by.at, actor: by.actor, type: 'merged' as const }
  const hot = absorbed.flags.includes('hot') && !survivor.flags.includes('hot') ? { hot: true } : {}
  const stays: EventOf<'merged'> = {
    ...line,
    id: by.newId(),
    data: { ...said, ...hot, role: 'survivor', otherTicketId: absorbed.id, otherNumber: absorbed.number },
  }
  const goes: EventOf<'merged'> = {
    ...line,
    id: by.newId(),
    data: { ...said, role: 'absorbed', otherTicketId: survivor.id, otherNumber: survivor.number },
  }
  return {
    survivor,
    absorbed,
    intoSurvivor: [stays, ...carriedOver(evolve(survivor, stays), gone, by)],
    intoAbsorbed: [goes],
  }
}

/**
 * Gives the absorbed ticket back whole, with its own start and clocks, and all that had come with it. A
 * survivor that only waited for the other's callers is archived.
 */
export function unmergeTickets(
  survivor: Ticket,
  absorbed: Ticket,
  by: By & { readonly policy: PolicyPack },
): Merged {
  const callIds = survivor.calls
    .filter(({ fromTicketId }) => fromTicketId === absorbed.id)
    .map(({ id }) => id)
  const line = { occurredAt: by.at, enteredAt: by.at, actor: by.actor, type: 'unmerged' as const }
  const said = { callIds, reason: by.reason }
  const own = survivor.calls.filter(({ fromTicketId }) => fromTicketId !== absorbed.id)
  const isDue = survivor.state === 'callback_due'
  const isOver = isDue && areCalledBack(own, handlingOf(survivor).callbacks, by.policy)
  const done = isOver ? { done: true } : {}
  const left: EventOf<'unmerged'> = {
    ...line,
    id: by.newId(),
    data: { ...said, ...done, role: 'survivor', otherTicketId: absorbed.id },
  }
  const back: EventOf<'unmerged'> = {
    ...line,
    id: by.newId(),
    data: { ...said, role: 'absorbed', otherTicketId: survivor.id },
  }
  return { survivor, absorbed, intoSurvivor: [left], intoAbsorbed: [back] }
}

import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { isOnBehalf, refuseUnless } from '../../domain/access/can.ts'

import { contingencyOf } from '../../domain/duty/contingency-items.ts'
import { clauseOf } from '../../domain/policy/citation.ts'
import { tickTime, type Tick } from '../../domain/duty/contingency.ts'
import type { Instant } from '../../domain/instant.ts'
import { holderOfTicket } from '../../domain/ticket/decide.ts'
import { isDone, type Ticket } from '../../domain/ticket/ticket.ts'
import { authorOf } from '../duty/change-roster.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey } from '../decisions/decisions.ts'

/** A ticket's checklist as it stands. */
export interface Contingency {
  readonly ticket: Ticket
  readonly ticks: readonly Tick[]
}

export async function readContingency(
  services: Services,
  ticketId: string,
): Promise<Contingency | undefined> {
  const { read } = services.store
  const history = await read.tickets.load(ticketId)
  if (history === undefined) return undefined
  return { ticket: history.ticket, ticks: await read.duty.contingency.ticks(ticketId) }
}

/** Crew or desk ticks one item of the plan, or takes a tick back; nothing of it is ever lost. */
export async function tickContingency(
  services: Services,
  asked: {
    readonly ticketId: string
    readonly itemId: string
    readonly done: boolean
    readonly occurredAt?: Instant
    readonly note?: string
    readonly actor: Person
  },
  once?: OnceKey,
): Promise<Contingency | Refusal> {
  const { ticketId, itemId, done, note, actor } = asked
  const { policy } = services.rules
  return decideTogether(
    services,
    async ({ repositories, changes }) => {
      const ticket = (await repositories.tickets.load(ticketId))?.ticket
      if (ticket === undefined)
        return refuse('not-found', { zh: '没有这个工单', en: 'there is no such ticket' })
      const item = contingencyOf(ticket.kind).find(({ id }) => id === itemId)
      if (item === undefined)
        return refuse('not-found', {
          zh: '该类工单的预案没有这一项',
          en: 'the checklist of this kind of ticket has no such item',
        })
      const deed = item.by === 'crew' ? 'tick_crew_item' : 'tick_dispatch_item'
      const holder = holderOfTicket(ticket)
      const noRight = refuseUnless(actor, deed, holder)
      if (noRight !== undefined) return noRight
      if (isDone(ticket))
        return refuse(
          'wrong-state',
          { zh: '工单已办结', en: 'the ticket is done' },
          { clause: clauseOf(policy, item.cites) },
        )
      const { lateEntryMinutes } = policy.settings
      const on = { openedAt: ticket.openedAt, at: services.clock.now(), lateEntryMinutes }
      const time = tickTime(asked.occurredAt, on)
      if (isRefusal(time)) return time
      const onBehalf = isOnBehalf(actor, deed, holder)
      await repositories.duty.contingency.add({
        id: services.newId(),
        ticketId,
        itemId,
        done,
        enteredAt: on.at,
        by: authorOf(actor),
        occurredAt: time.occurredAt,
        ...(time.late ? { late: true } : {}),
        ...(onBehalf ? { onBehalf } : {}),
        ...(note === undefined ? {} : { note }),
      })
      // The screens learn of it with the ticket.
      changes.tickets.set(ticketId, undefined)
      return { ticket, ticks: await repositories.duty.contingency.ticks(ticketId) }
    },
    once,
  )
}

import { saidBy } from '#contract/commands/commands.ts'
import type { TicketEventView, TicketView } from '#contract/ticket.ts'

/** What the desk has asked the unit about its progress (催办, R-14). */
export function remindersOf({ events }: Pick<TicketView, 'events'>): readonly TicketEventView[] {
  return events.filter(({ type }) => type === 'remind')
}

/** Has the unit done or said anything since? */
export function isAnswered({ events }: Pick<TicketView, 'events'>, reminder: TicketEventView): boolean {
  const at = events.findIndex(({ id }) => id === reminder.id)
  return events.slice(at + 1).some(({ type }) => ['officer', 'crew'].includes(saidBy(type)))
}

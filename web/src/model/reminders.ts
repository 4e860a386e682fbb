import type { TicketEventView, TicketView } from '#contract/ticket.ts'

/** What the desk has asked the unit about its progress (催办, R-14). */
export function remindersOf({ events }: Pick<TicketView, 'events'>): readonly TicketEventView[] {
  return events.filter(({ type }) => type === 'remind')
}

const OF_THE_DESK: readonly TicketEventView['type'][] = [
  'remind',
  'note',
  'approve',
  'raise_level',
  'dispatch',
  'answer_extension',
  'confirm_extension',
  'review',
  'warned',
  'breached',
  'watched',
  'deemed_accepted',
]

/** Has the unit done or said anything since? */
export function isAnswered({ events }: Pick<TicketView, 'events'>, reminder: TicketEventView): boolean {
  const at = events.findIndex(({ id }) => id === reminder.id)
  return events.slice(at + 1).some(({ type }) => !OF_THE_DESK.includes(type))
}

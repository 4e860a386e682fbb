import type { TicketEventView } from '#contract/ticket.ts'

/** The parts of an event that people wrote, in the order in which they explain it. */
const SPOKEN = [
  'text',
  'scene',
  'note',
  'result',
  'reason',
  'opinion',
  'suggestion',
  'callee',
  'confirmedBy',
] as const

export function spokenWords(event: TicketEventView): string {
  const words = SPOKEN.flatMap((name) => {
    const value = event.data[name]
    return typeof value === 'string' && value !== '' ? [value] : []
  })
  return [...new Set(words)].join(' · ')
}

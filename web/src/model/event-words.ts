import type { TicketEventView } from '#contract/ticket.ts'
import type { Dictionary } from '../base/i18n/texts.ts'

/** What happened; a warning and a breach say of which clock. */
export function eventName({ type, data }: TicketEventView, text: Pick<Dictionary, 'words'>): string {
  const clocks: Readonly<Record<string, string>> = text.words.clocks
  const key = data['clock']
  const clock = typeof key === 'string' ? (clocks[key] ?? '') : ''
  const space = /^[a-z]/.test(clock) ? ' ' : ''
  return clock + space + text.words.events[type]
}

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

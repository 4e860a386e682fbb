import type { LiveAlarm } from '#contract/live.ts'
import type { LocalizedText } from '#contract/text.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import type { LiveFeed } from '../ports.ts'

/** Where a part of the system tells every screen of its own trouble: silence must be visible. */
export interface Alarming {
  readonly live: LiveFeed
  readonly newId: () => string
}

/** A line on every screen; `isTrouble` is heard too. */
export function raiseSystemAlarm(
  { live, newId }: Alarming,
  alarm: {
    readonly at: Instant
    readonly text: LocalizedText
    readonly isTrouble: boolean
    readonly ticketId?: string
  },
): void {
  const { at, text, isTrouble, ticketId } = alarm
  const line: LiveAlarm = {
    id: newId(),
    at: instantText(at),
    text,
    ...(ticketId === undefined ? {} : { ticketId }),
    ...(isTrouble ? { sound: 'system' } : {}),
  }
  live.publish('alarm', line.id, line)
}

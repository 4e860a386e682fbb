import type { LiveAlarm } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'

const BIN_MS = 10 * 60_000
const BINS = 6

/** Alarms that were heard: tickets of the two upper levels, and the system's own. */
export function alarmInstants(
  tickets: Iterable<TicketView>,
  alarms: readonly LiveAlarm[],
): readonly number[] {
  const heard: number[] = []
  for (const { level, openedAt } of tickets) {
    if (level === 'special' || level === 'first') heard.push(Date.parse(openedAt))
  }
  for (const { sound, at } of alarms) if (sound === 'system') heard.push(Date.parse(at))
  return heard
}

/** How many in each ten minutes of the last hour; the last bin ends now. */
export function alarmRate(instants: readonly number[], now: number): readonly number[] {
  const bins = Array.from({ length: BINS }, () => 0)
  for (const at of instants) {
    const bin = BINS - 1 - Math.max(0, Math.floor((now - at) / BIN_MS))
    const count = bins[bin]
    if (count !== undefined) bins[bin] = count + 1
  }
  return bins
}

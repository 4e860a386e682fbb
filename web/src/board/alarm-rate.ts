import type { LiveAlarm } from '#contract/live.ts'

const BIN_MS = 10 * 60_000
const BINS = 6

/** More than ten in ten minutes is a flood (ISA-18.2). */
export const FLOOD = 10

/** Alarms with a sound in each ten minutes of the last hour; the last bin ends now. */
export function alarmRate(lines: readonly LiveAlarm[], now: number): readonly number[] {
  const bins = Array.from({ length: BINS }, () => 0)
  for (const line of lines) {
    if (line.sound === undefined) continue
    const back = Math.floor((now - Date.parse(line.at)) / BIN_MS)
    const bin = BINS - 1 - Math.max(0, back)
    const count = bins[bin]
    if (count !== undefined) bins[bin] = count + 1
  }
  return bins
}

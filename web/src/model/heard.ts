import type { LiveAlarm } from '#contract/live.ts'
import type { DueRow } from './due-list.ts'
import type { AlarmSound } from './alarm-tones.ts'

/** What must be heard now: the gravest thing that nobody has acknowledged. The lower levels are silent lines. */
export function heardNow(
  unacknowledged: readonly DueRow[],
  faults: readonly LiveAlarm[],
): AlarmSound | undefined {
  const levels = new Set(unacknowledged.map(({ ticket }) => ticket.level))
  if (levels.has('special')) return 'special'
  if (levels.has('first')) return 'first'
  return faults.length > 0 ? 'system' : undefined
}

/** Faults of the system that were announced and that nobody at this screen has acknowledged. */
export function openFaults(
  alarms: readonly LiveAlarm[],
  acknowledged: ReadonlySet<string>,
): readonly LiveAlarm[] {
  return alarms.filter(({ sound, id }) => sound === 'system' && !acknowledged.has(id))
}

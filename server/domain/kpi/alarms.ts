import { alarmCounts, alarmFloods } from '#contract/alarm-flood.ts'
import type { AlarmFigures } from '#contract/kpi.ts'
import type { Level } from '#contract/vocabulary.ts'
import type { Incident } from '../incident/incident.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../instant.ts'

/** One alarm of the past: an incident, from its opening until nothing of it is abnormal any more. Instants in ms. */
export interface PastAlarm {
  readonly openedAt: Instant
  /** Undefined: it still stands. */
  readonly endedAt: Instant | undefined
  readonly level: Level
  /** Kind and place, and when that spoke: a switch that bounces speaks again and again. */
  readonly source: string
  readonly spokeAt: readonly Instant[]
}

const CHATTERS = 3

/** An incident as an alarm; it stands until its sensors have cleared, with a caller in it until it is closed. */
export function pastAlarmOf(incident: Incident, level: Level): PastAlarm {
  const { kind, members, openedAt, state, assetIds } = incident
  const cleared = members.map(({ clearedAt }) => clearedAt ?? openedAt)
  return {
    openedAt,
    endedAt: state === 'suspected' || state === 'confirmed' ? undefined : Math.max(openedAt, ...cleared),
    level,
    source: `${kind} ${assetIds[0] ?? incident.id}`,
    spokeAt: members.filter(({ type }) => type === 'finding').map(({ joinedAt }) => joinedAt),
  }
}

/**
 * How many alarms asked for somebody in `[from, to)`, as far as it is past at `now`, and how evenly: the figures
 * that ISA-18.2 and EEMUA 191 set targets for.
 */
export function alarmFigures(
  alarms: readonly PastAlarm[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  now: Instant,
): AlarmFigures {
  const end = Math.min(to, now)
  const past = alarms.filter(({ openedAt }) => openedAt >= from && openedAt < to && openedAt <= now)
  const instants = past.map(({ openedAt }) => openedAt)
  const floods = alarmFloods(instants, end)
  const inFlood = floods.reduce((sum, flood) => sum + (flood.to ?? end) - flood.from, 0)
  const lasted = Math.max(0, end - from)
  const standing = past.filter(({ endedAt }) => endedAt === undefined || endedAt > now)
  return {
    count: past.length,
    perTenMinutes: lasted === 0 ? null : past.length / (lasted / (10 * MINUTE)),
    mostInTenMinutes: alarmCounts(instants, end).reduce((most, { count }) => Math.max(most, count), 0),
    floods: floods.length,
    floodShare: lasted === 0 ? null : inFlood / lasted,
    standing: standing.length,
    stale: standing.filter(({ openedAt }) => now - openedAt > DAY).length,
    chattering: chattering(past),
    byLevel: {
      special: past.filter(({ level }) => level === 'special').length,
      first: past.filter(({ level }) => level === 'first').length,
      second: past.filter(({ level }) => level === 'second').length,
      third: past.filter(({ level }) => level === 'third').length,
    },
  }
}

/** Sources that spoke three times within an hour. */
function chattering(alarms: readonly PastAlarm[]): number {
  const bySource = Map.groupBy(alarms, ({ source }) => source)
  return [...bySource.values()].filter((own) => {
    const at = own.flatMap(({ spokeAt }) => spokeAt).sort((a, b) => a - b)
    return at.some((first, i) => (at[i + CHATTERS - 1] ?? Infinity) - first <= HOUR)
  }).length
}

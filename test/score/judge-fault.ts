import type { DeviceFault } from '#contract/vocabulary.ts'
import { HOUR, MINUTE } from '../../server/domain/instant.ts'
import type { FaultEvent } from '../../simulators/laboratory/scenario.ts'
import type { Dated } from '../../simulators/laboratory/event-period.ts'
import { expectedOf } from '../../simulators/laboratory/ground-truth.ts'
import type { EventOutcome } from './outcome.ts'
import type { Track } from './tracks.ts'

/** What was said of a device. */
export interface DeviceSaid {
  readonly at: number
  readonly id: string
  readonly fault: DeviceFault
  readonly signal?: string
  readonly deviceIds?: readonly string[]
}

const NAMED_WITHIN = 12 * HOUR
/** A false leak so soon after a fault's end still comes from it. */
const AFTERWARDS = 2 * HOUR
/** So long before and after a leak of the network a fault does not count as alone. */
const APART = 8 * HOUR

/** What a fault was called within twelve hours, and whether it was taken for a leak. */
export function judgeFault(
  event: Dated<FaultEvent>,
  season: {
    readonly said: readonly DeviceSaid[]
    readonly falseLeaks: readonly Track[]
    readonly events: readonly Dated[]
  },
): Partial<EventOutcome> {
  const until = Math.min(event.until, event.from + NAMED_WITHIN)
  const { deviceFault } = expectedOf(event)
  const named = season.said.filter(
    ({ at, id, signal, deviceIds = [] }) =>
      at >= event.from &&
      at < until &&
      (id === event.device || deviceIds.includes(event.device)) &&
      (signal === undefined || event.signal === undefined || signal === event.signal),
  )
  const right = named.find(({ fault }) => fault === deviceFault)
  const instead = right === undefined ? named[0]?.fault : undefined
  const alone = !season.events.some(
    (other) => other.kind === 'leak' && other.from < event.until + APART && other.until > event.from - APART,
  )
  const takenForLeak = season.falseLeaks.some(
    ({ openedAt, assetIds, evidence }) =>
      openedAt >= event.from &&
      openedAt < event.until + AFTERWARDS &&
      (evidence.some(({ sensors = [] }) => sensors.some(({ deviceId }) => deviceId === event.device)) ||
        assetIds.some((id) => event.device.endsWith(id))),
  )
  return {
    alone,
    takenForLeak,
    ...(right === undefined ? {} : { foundAfterMin: (right.at - event.from) / MINUTE }),
    ...(instead === undefined ? {} : { calledInstead: instead }),
  }
}

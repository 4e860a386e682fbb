import type { Evidence } from '#contract/incident.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { HOUR, MINUTE, SECOND } from '../../server/domain/instant.ts'
import type { LabEvent } from '../../simulators/laboratory/scenario.ts'
import type { Dated } from '../../simulators/laboratory/event-period.ts'
import { expectedOf } from '../../simulators/laboratory/ground-truth.ts'
import { judgeFault, type DeviceSaid } from './judge-fault.ts'
import { locationOf } from './judge-location.ts'
import type { EventOutcome, IncidentOutcome, Outcome } from './outcome.ts'
import type { Played } from './play.ts'
import { tracksOf, type Track } from './tracks.ts'

/** An event counts as found within a day of its onset and before its end. */
const FOUND_WITHIN = 24 * HOUR
/** What a fault or a leak has left in a sensor's past is still about it for a day. */
const FAULT_AFTERWARDS = 24 * HOUR
/** What opens so soon after an event's end is still about it. */
const AFTERWARDS = 2 * HOUR
/** What is named beside a false incident happened within so long before. */
const BESIDE_WITHIN = 6 * HOUR

/** Holds what was said of a season against what happened in it. */
export function judge(id: string, { season, changes, coverEvents, counted }: Played): Outcome {
  const tracks = tracksOf(changes)
  const events = placed(season)
  const network = buildNetwork(season.file, 1)
  const said = changes.flatMap((change): DeviceSaid[] =>
    change.type === 'device' ? [{ at: Date.parse(change.at), ...change.device }] : [],
  )
  const falseLeaks = tracks.filter((track) => track.kind === 'primary_leak' && !isTrue(track, events))
  const used = new Set<string>()

  function judgeEvent(event: Placed): EventOutcome {
    const { ticketKind, deviceFault } = expectedOf(event)
    if (event.kind === 'fault') {
      const judged = judgeFault(event, { said, falseLeaks, events })
      return {
        event: bare(event),
        ...(deviceFault === undefined ? {} : { expectedFault: deviceFault }),
        ...judged,
      }
    }
    const base = {
      event: bare(event),
      ...(event.stationId === undefined ? {} : { secondary: true as const }),
    }
    if (ticketKind === undefined) return base
    const until = Math.min(event.until, event.from + FOUND_WITHIN)
    const slow = event.kind === 'leak' && event.growH !== undefined
    const hit = firstHit(event, { tracks, kind: ticketKind, until: slow ? event.until : until, used })
    if (hit === undefined) return { ...base, expectedKind: ticketKind }
    used.add(keyOf(hit))
    const message = coverEvents
      .get(event.kind === 'cover' ? `cover-${event.at}` : '')
      ?.findLast((at) => at <= hit.at)
    return {
      ...base,
      expectedKind: ticketKind,
      foundAfterMin: (hit.at - event.from) / MINUTE,
      ...(message === undefined || message < event.from
        ? {}
        : { afterMessageS: (hit.at - message) / SECOND }),
      ...(event.kind === 'leak' ? { location: locationOf(network, event, hit.track, until) } : {}),
    }
  }

  return {
    id,
    counted,
    events: events.map(judgeEvent),
    falseFaults: said.flatMap((one) => (isAiling(one, events) ? [] : [one.fault])),
    incidents: tracks.map((track): IncidentOutcome => {
      const right = isTrue(track, events)
      const beside = right ? undefined : besideOf(track, events)
      return {
        kind: track.kind,
        openedH: (track.openedAt - season.from) / HOUR,
        confirmed: track.confirmed,
        true: right,
        ...(beside === undefined ? {} : { beside }),
        evidenceWhole: track.evidence.length > 0 && track.evidence.every(isWhole),
      }
    }),
  }
}

/** An event, and the station behind which its well lies on a secondary network. */
type Placed = Dated & { readonly stationId?: string }

function placed(season: Played['season']): readonly Placed[] {
  const stations = new Map(
    [...season.wellsBehind].flatMap(([id, wells]) => wells.map((well) => [well, id] as const)),
  )
  return season.events.map((event) => {
    const stationId = 'at' in event ? stations.get(event.at) : undefined
    return stationId === undefined ? event : { ...event, stationId }
  })
}

interface Hit {
  readonly track: Track
  readonly at: number
}
const keyOf = ({ track, at }: Hit): string => `${track.id} ${String(at)}`

/** The first time that an incident at the right place said something new of that kind. One event a saying. */
function firstHit(
  event: Placed,
  by: {
    readonly tracks: readonly Track[]
    readonly kind: TicketKind
    readonly until: number
    readonly used: ReadonlySet<string>
  },
): Hit | undefined {
  const hits = by.tracks.flatMap((track) =>
    isPlace(event, track, by.kind)
      ? track.moments.flatMap(({ at, kinds }) =>
          kinds.includes(by.kind) && at >= event.from && at < by.until ? [{ track, at }] : [],
        )
      : [],
  )
  return hits.filter((hit) => !by.used.has(keyOf(hit))).toSorted((a, b) => a.at - b.at)[0]
}

/** Water lost from the primary network has no place until it is located; all else happens at one. */
function isPlace(event: Placed, { assetIds }: Track, kind: TicketKind): boolean {
  if (kind === 'primary_leak') return true
  if (kind === 'hes_secondary' && event.stationId !== undefined) return assetIds.includes(event.stationId)
  return 'at' in event && assetIds.includes(event.at)
}

function isTrue(track: Track, events: readonly Placed[]): boolean {
  return events.some((event) =>
    track.moments.some(
      ({ at, kinds }) =>
        at >= event.from &&
        at < event.until + AFTERWARDS &&
        kinds.some((kind) => causes(event).includes(kind) && isPlace(event, track, kind)),
    ),
  )
}

/** A leak into a chamber loses the water of its network as any other does. */
function causes(event: Placed): readonly TicketKind[] {
  const { ticketKind } = expectedOf(event)
  const own = ticketKind === undefined ? [] : [ticketKind]
  if (event.kind !== 'well-leak' || event.th < 1) return own
  return [...own, event.stationId === undefined ? 'primary_leak' : 'hes_secondary']
}

/** A fault of the device itself, radio that is away, or a cover and a chamber in which something happens. */
function isAiling({ at, id, deviceIds = [] }: DeviceSaid, events: readonly Placed[]): boolean {
  return events.some((event) => {
    if (at < event.from || at >= event.until + FAULT_AFTERWARDS) return false
    if (event.kind === 'outage') return true
    if (event.kind === 'fault') return event.device === id || deviceIds.includes(event.device)
    return 'at' in event && id.endsWith(`-${event.at}`)
  })
}

function besideOf(track: Track, events: readonly Placed[]): LabEvent['kind'] | undefined {
  const { openedAt } = track
  const near = events.filter(({ from, until }) => openedAt >= from && openedAt < until + BESIDE_WITHIN)
  const here = near.filter((event) => 'at' in event && track.assetIds.includes(event.at))
  const plant = near.filter(({ kind }) =>
    ['set-point', 'pump-trip', 'transient', 'filling', 'outage'].includes(kind),
  )
  const faults = near.filter(({ kind }) => kind === 'fault')
  return [...here, ...plant, ...faults][0]?.kind
}

/** Every part that evidence must have, as far as its rule has one. */
function isWhole(evidence: Evidence): boolean {
  const { sentence, statistic, windowS, observed, model, rejected, sensors, assets } = evidence
  // A contact or a device's own alarm has nothing beside its value.
  const seen = observed !== undefined || evidence.rule.startsWith('cover.')
  return (
    sentence.zh !== '' &&
    sentence.en !== '' &&
    statistic !== '' &&
    model !== undefined &&
    [evidence.value, evidence.threshold].every(Number.isFinite) &&
    seen &&
    windowS !== undefined &&
    rejected !== undefined &&
    ((sensors ?? []).length > 0 || assets.length > 0)
  )
}

function bare({ from: _, until: __, stationId: ___, ...event }: Placed): LabEvent {
  return event as LabEvent
}

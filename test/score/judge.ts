import type { Evidence } from '#contract/incident.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { HOUR, MINUTE, SECOND } from '../../server/domain/instant.ts'
import type { LabEvent } from '../../simulators/laboratory/scenario.ts'
import type { Dated } from '../../simulators/laboratory/span.ts'
import { expectedOf } from '../../simulators/laboratory/truth.ts'
import { judgeFault, type DeviceSaid } from './judge-fault.ts'
import { locationOf } from './judge-location.ts'
import type { EventOutcome, IncidentOutcome, Outcome } from './outcome.ts'
import type { Played } from './play.ts'
import { tracksOf, type Track } from './tracks.ts'

/** An event counts as found within a day of its onset and before its end (detection.md §3). */
const FOUND_WITHIN = 24 * HOUR
/** What opens so soon after an event's end is still about it. */
const AFTERWARDS = 2 * HOUR
/** What is named beside a false incident happened within so long before. */
const BESIDE_WITHIN = 6 * HOUR

/** Holds what was said of a season against what happened in it. */
export function judge(id: string, { season, changes, coverEvents, counted }: Played): Outcome {
  const tracks = tracksOf(changes)
  const network = buildNetwork(season.file, 1)
  const said = changes.flatMap((change): DeviceSaid[] =>
    change.type === 'device' ? [{ at: Date.parse(change.at), ...change.device }] : [],
  )
  const falseLeaks = tracks.filter((track) => track.kind === 'primary_leak' && !isTrue(track, season.events))
  const used = new Set<string>()

  function judgeEvent(event: Dated): EventOutcome {
    const { ticketKind, deviceFault } = expectedOf(event)
    if (event.kind === 'fault') {
      const judged = judgeFault(event, { said, falseLeaks, events: season.events })
      return {
        event: bare(event),
        ...(deviceFault === undefined ? {} : { expectedFault: deviceFault }),
        ...judged,
      }
    }
    if (ticketKind === undefined) return { event: bare(event) }
    const until = Math.min(event.until, event.from + FOUND_WITHIN)
    const slow = event.kind === 'leak' && event.growH !== undefined
    const hit = firstHit(event, { tracks, kind: ticketKind, until: slow ? event.until : until, used })
    if (hit === undefined) return { event: bare(event), expectedKind: ticketKind }
    used.add(keyOf(hit))
    const message = coverEvents
      .get(event.kind === 'cover' ? `cover-${event.at}` : '')
      ?.findLast((at) => at <= hit.at)
    return {
      event: bare(event),
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
    events: season.events.map(judgeEvent),
    incidents: tracks.map((track): IncidentOutcome => {
      const right = isTrue(track, season.events)
      const beside = right ? undefined : besideOf(track, season.events)
      return {
        ...{ kind: track.kind, openedH: (track.openedAt - season.from) / HOUR, confirmed: track.confirmed },
        true: right,
        ...(beside === undefined ? {} : { beside }),
        evidenceWhole: track.evidence.length > 0 && track.evidence.every(isWhole),
      }
    }),
  }
}

interface Hit {
  readonly track: Track
  readonly at: number
}
const keyOf = ({ track, at }: Hit): string => `${track.id} ${String(at)}`

/** The first time that an incident at the right place said something new of that kind. One event a saying. */
function firstHit(
  event: Dated,
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
function isPlace(event: Dated, { assetIds }: Track, kind: TicketKind): boolean {
  return kind === 'primary_leak' || ('at' in event && assetIds.includes(event.at))
}

function isTrue(track: Track, events: readonly Dated[]): boolean {
  return events.some((event) =>
    track.moments.some(
      ({ at, kinds }) =>
        at >= event.from &&
        at < event.until + AFTERWARDS &&
        kinds.some((kind) => causes(event).includes(kind) && isPlace(event, track, kind)),
    ),
  )
}

/** A leak into a chamber of the primary network loses water as any other does. */
function causes(event: Dated): readonly TicketKind[] {
  const { ticketKind } = expectedOf(event)
  const loses = event.kind === 'well-leak' && event.th >= 1
  return [...(ticketKind === undefined ? [] : [ticketKind]), ...(loses ? ['primary_leak' as const] : [])]
}

function besideOf(track: Track, events: readonly Dated[]): LabEvent['kind'] | undefined {
  const { openedAt } = track
  const near = events.filter(({ from, until }) => openedAt >= from && openedAt < until + BESIDE_WITHIN)
  const here = near.filter((event) => 'at' in event && track.assetIds.includes(event.at))
  const plant = near.filter(({ kind }) =>
    ['set-point', 'pump-trip', 'transient', 'filling', 'outage'].includes(kind),
  )
  const faults = near.filter(({ kind }) => kind === 'fault')
  return [...here, ...plant, ...faults][0]?.kind
}

/** Every part that detection.md §2 “Evidence” names, as far as its rule has one. */
function isWhole(evidence: Evidence): boolean {
  const { sentence, statistic, windowS, observed, model, rejected, sensors, assets } = evidence
  return (
    sentence.zh !== '' &&
    sentence.en !== '' &&
    statistic !== '' &&
    model !== undefined &&
    [evidence.value, evidence.threshold].every(Number.isFinite) &&
    observed !== undefined &&
    windowS !== undefined &&
    rejected !== undefined &&
    ((sensors ?? []).length > 0 || assets.length > 0)
  )
}

function bare({ from: _, until: __, ...event }: Dated): LabEvent {
  return event as LabEvent
}

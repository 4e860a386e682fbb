import type { Evidence, LocationCandidate } from '#contract/incident.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import type { BacktestChange, IncidentLine } from '../../server/flows/backtest/incidents.ts'

/** One incident through a backtest's changes. */
export interface Track {
  readonly id: string
  /** As it opened; further evidence may make it an incident of more kinds. */
  readonly kind: TicketKind
  readonly openedAt: number
  readonly confirmed: boolean
  readonly assetIds: readonly string[]
  readonly moments: readonly Moment[]
  readonly evidence: readonly Evidence[]
}

/** When it opened, was raised again, got further evidence, or another list of places. */
interface Moment {
  readonly at: number
  /** Kinds of what was new; none: only the list of places got better. */
  readonly kinds: readonly TicketKind[]
  readonly candidates: readonly LocationCandidate[]
}

interface Open {
  track: Track
  last: IncidentLine
  /** What has been said, by rule and sentence. */
  readonly said: Set<string>
}

export function tracksOf(changes: readonly BacktestChange[]): readonly Track[] {
  const open = new Map<string, Open>()
  for (const change of changes) {
    if (!('incident' in change)) continue
    const { incident } = change
    const at = Date.parse(change.at)
    const known = open.get(incident.id)
    if (known === undefined) open.set(incident.id, begin(at, incident))
    else advance(known, at, incident)
  }
  return [...open.values()].map(({ track }) => track)
}

function begin(at: number, incident: IncidentLine): Open {
  const { id, kind, state, assetIds, candidates, evidence } = incident
  const moment = { at, kinds: kindsOf(evidence), candidates }
  const track = {
    id,
    kind,
    openedAt: at,
    confirmed: state === 'confirmed',
    assetIds,
    moments: [moment],
    evidence,
  }
  return { track, last: incident, said: new Set(evidence.map(keyOf)) }
}

function advance(known: Open, at: number, incident: IncidentLine): void {
  const { track, last, said } = known
  const { state, kind, assetIds, candidates, evidence } = incident
  const alive = state === 'suspected' || state === 'confirmed'
  const fresh = alive ? evidence.filter((one) => !said.has(keyOf(one))) : []
  // A sentence that changes its figures is no news; another piece of evidence is, and a second raising.
  const more = evidence.length > last.evidence.length
  const again = alive && last.state === 'cleared'
  const kinds = fresh.length > 0 && (more || again) ? kindsOf(fresh) : again ? [kind] : []
  const moved = alive && JSON.stringify(candidates) !== JSON.stringify(last.candidates)
  for (const one of fresh) said.add(keyOf(one))
  known.track = {
    ...track,
    confirmed: track.confirmed || state === 'confirmed',
    assetIds: [...new Set([...track.assetIds, ...assetIds])],
    moments: kinds.length > 0 || moved ? [...track.moments, { at, kinds, candidates }] : track.moments,
    evidence: [...track.evidence, ...fresh],
  }
  known.last = incident
}

const KIND_OF_FAMILY: Readonly<Record<string, TicketKind>> = {
  cover: 'cover',
  well: 'well_vent',
  leak: 'primary_leak',
  station: 'hes_secondary',
}

/** A rule is named after its family: `leak.makeup`. */
function kindsOf(evidence: readonly Evidence[]): TicketKind[] {
  return [...new Set(evidence.flatMap(({ rule }) => KIND_OF_FAMILY[rule.split('.')[0] ?? ''] ?? []))]
}

function keyOf({ rule, sentence }: Evidence): string {
  return `${rule} ${sentence.en}`
}

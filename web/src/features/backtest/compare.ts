import type { BacktestView } from '#contract/backtest.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { TicketKind } from '#contract/vocabulary.ts'

/** An incident as one run, or the live system, raised it. */
export interface Raised {
  readonly id: string
  readonly at: number
  readonly kind: TicketKind
  readonly state: string
  readonly confidence: number
  readonly assetIds: readonly string[]
  /** False: the candidates are no more than a guess. */
  readonly located: boolean
  readonly candidateIds: readonly string[]
  readonly sentence: { readonly zh: string; readonly en: string } | undefined
  readonly ticketId: string | undefined
}
/** One event of the world: raised then, in the run, or both. */
export interface Pair {
  readonly run: Raised | undefined
  readonly live: Raised | undefined
  readonly verdict: 'both' | 'only-run' | 'only-live'
}

export interface RunChange {
  readonly at: string
  readonly type: 'opened' | 'updated' | 'closed' | 'device' | 'upkeep'
  readonly incident?: {
    readonly id: string
    readonly kind: TicketKind
    readonly state: string
    readonly confidence: number
    readonly assetIds: readonly string[]
    readonly located: boolean
    readonly candidates: readonly { readonly assetId: string }[]
    readonly evidence: readonly { readonly sentence: { readonly zh: string; readonly en: string } }[]
  }
}

const HOUR = 3_600_000
/** A leak grows for hours before it is told; what breaks at once is told at once. */
const APART_MS: Partial<Record<TicketKind, number>> = { primary_leak: 24 * HOUR, hes_secondary: 6 * HOUR }
const APART_ELSE_MS = 2 * HOUR

/** The incidents of a run, each as it stood last and with the instant at which it was opened. */
export function raisedByRun(changes: readonly RunChange[]): readonly Raised[] {
  const raised = new Map<string, Raised>()
  for (const { at, type, incident } of changes) {
    if (incident === undefined || type === 'closed') continue
    raised.set(incident.id, {
      id: incident.id,
      at: raised.get(incident.id)?.at ?? Date.parse(at),
      kind: incident.kind,
      state: incident.state,
      confidence: incident.confidence,
      assetIds: incident.assetIds,
      located: incident.located,
      candidateIds: incident.candidates.map(({ assetId }) => assetId),
      sentence: incident.evidence.at(-1)?.sentence,
      ticketId: undefined,
    })
  }
  return [...raised.values()]
}

/** What the live system raised from sensors within a period; calls and drills are no work of the detector. */
export function raisedLive(incidents: readonly IncidentView[], from: number, to: number): readonly Raised[] {
  return incidents.flatMap((incident) => {
    const finding = incident.members.find(({ type }) => type === 'finding')
    if (finding === undefined || incident.exercise) return []
    const at = Date.parse(finding.joinedAt)
    if (at < from || at >= to) return []
    return [
      {
        id: incident.id,
        at,
        kind: incident.kind,
        state: incident.state,
        confidence: incident.confidence,
        assetIds: incident.assetIds,
        located: incident.located,
        candidateIds: incident.location.candidates.map(({ assetId }) => assetId),
        sentence: incident.evidence.at(-1)?.sentence,
        ticketId: incident.ticketIds[0],
      },
    ]
  })
}

/**
 * Puts beside each other what is one event: the same kind, not far apart in time, with a place in common
 * or none known.
 */
export function compare(run: readonly Raised[], live: readonly Raised[]): readonly Pair[] {
  const left = new Set(live)
  const pairs: Pair[] = run.map((one) => {
    const other = [...left]
      .filter((each) => isSame(one, each))
      .sort((a, b) => Math.abs(a.at - one.at) - Math.abs(b.at - one.at))[0]
    if (other === undefined) return { run: one, live: undefined, verdict: 'only-run' }
    left.delete(other)
    return { run: one, live: other, verdict: 'both' }
  })
  for (const one of left) pairs.push({ run: undefined, live: one, verdict: 'only-live' })
  return pairs.sort((a, b) => timeOf(a) - timeOf(b))
}

export function timeOf({ run, live }: Pair): number {
  return run?.at ?? live?.at ?? 0
}

function isSame(a: Raised, b: Raised): boolean {
  if (a.kind !== b.kind || Math.abs(a.at - b.at) > (APART_MS[a.kind] ?? APART_ELSE_MS)) return false
  if (!a.located || !b.located) return true
  const places = new Set([...a.assetIds, ...a.candidateIds])
  return [...b.assetIds, ...b.candidateIds].some((id) => places.has(id))
}

/** How many changes of one type a run has told. */
export function countOf({ counts }: Pick<BacktestView, 'counts'>, type: RunChange['type']): number {
  return (counts as Readonly<Record<string, number>>)[type] ?? 0
}

import type { LocalizedText } from '#contract/text.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import type { EmergencyFinding } from '../detection/core/finding.ts'
import { assetOf, positionOf } from '../network/assets.ts'
import type { Network } from '../network/network.ts'
import { confidenceOf, stateOf } from './confidence.ts'
import { defectKey, incidentKind } from './defects.ts'
import type { Incident, IncidentMember } from './incident.ts'

export interface Applying {
  readonly network: Network
  readonly settings: DetectionSettings
  readonly why: LocalizedText
  /** Id of the incident if it is a new one. */
  readonly newId: string
  readonly exercise: boolean
}

/** What became of the incident, and which defect the finding speaks of. */
export interface Applied {
  readonly incident: Incident
  readonly defect: {
    readonly key: string
    readonly kind: EmergencyFinding['ticketKind']
    readonly assetId?: string
  }
  /** False: it said nothing new, a replay after a restart. */
  readonly changed: boolean
}

/** Puts a finding into its incident, or makes one of it. Saying it twice changes nothing. */
export function applyFinding(
  before: Incident | undefined,
  finding: EmergencyFinding,
  applying: Applying,
): Applied {
  const { assetId, ticketKind } = finding
  const defect = {
    key: defectKey(ticketKind, assetId),
    kind: ticketKind,
    ...(assetId === undefined ? {} : { assetId }),
  }
  const member = memberOf(before, finding, applying.why)
  const known = before?.members.find((one) => one.id === finding.id)
  if (before !== undefined && known !== undefined && isSaid(known, finding)) {
    return { incident: before, defect, changed: false }
  }
  const members =
    known === undefined
      ? [...(before?.members ?? []), member]
      : (before?.members ?? []).map((one) => (one.id === finding.id ? member : one))
  return { incident: compose(before, { members, finding, applying }), defect, changed: true }
}

function isSaid(known: IncidentMember, finding: EmergencyFinding): boolean {
  if (known.clearedAt !== undefined) return true
  if (finding.phase === 'cleared') return false
  return finding.phase === 'raised' || JSON.stringify(known.evidence) === JSON.stringify(finding.evidence)
}

function memberOf(
  before: Incident | undefined,
  finding: EmergencyFinding,
  why: LocalizedText,
): IncidentMember {
  const known = before?.members.find((one) => one.id === finding.id)
  const cleared = finding.phase === 'cleared'
  const evidence = cleared ? (known?.evidence ?? finding.evidence) : finding.evidence
  return {
    id: finding.id,
    type: 'finding',
    kind: finding.ticketKind,
    joinedAt: finding.at,
    why,
    ...(finding.assetId === undefined ? {} : { assetId: finding.assetId }),
    ...known,
    logOdds: Math.max(finding.logOdds, known?.logOdds ?? -Infinity),
    evidence,
    ...(cleared ? { clearedAt: finding.at } : {}),
  }
}

function compose(
  before: Incident | undefined,
  {
    members,
    finding,
    applying,
  }: {
    readonly members: readonly IncidentMember[]
    readonly finding: EmergencyFinding
    readonly applying: Applying
  },
): Incident {
  const { network, settings } = applying
  const located = finding.located || (before?.located ?? false)
  const candidates =
    finding.located && finding.candidates.length > 0
      ? finding.candidates
      : (before?.candidates ?? finding.candidates)
  const assetIds = [
    ...new Set([...(before?.assetIds ?? []), ...(finding.assetId === undefined ? [] : [finding.assetId])]),
  ]
  const place = assetOf(network, assetIds[0] ?? candidates[0]?.assetId ?? '')
  return {
    exercise: applying.exercise,
    ...before,
    id: before?.id ?? applying.newId,
    version: (before?.version ?? 0) + 1,
    kind: incidentKind(members),
    state: stateOf(members, before?.state, settings),
    confidence: confidenceOf(members, settings),
    openedAt: Math.min(before?.openedAt ?? Infinity, finding.at),
    eventAt: Math.min(before?.eventAt ?? Infinity, finding.eventAt),
    assetIds,
    located,
    candidates,
    members,
    ...(before?.position === undefined && place !== undefined ? { position: positionOf(place) } : {}),
  }
}

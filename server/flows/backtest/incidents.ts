import type { Evidence, LocationCandidate } from '#contract/incident.ts'
import type { DeviceFault, IncidentState, TicketKind } from '#contract/vocabulary.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import type {
  DeviceFinding,
  EmergencyFinding,
  Finding,
  UpkeepFinding,
} from '../../domain/detection/core/finding.ts'
import { applyFinding } from '../../domain/incident/apply-finding.ts'
import { correlate } from '../../domain/incident/correlate.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { instantText, MINUTE, type Instant } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'

/** One line of a backtest's output. */
export type BacktestChange =
  | { readonly at: string; readonly type: 'opened' | 'updated' | 'closed'; readonly incident: IncidentLine }
  | { readonly at: string; readonly type: 'device'; readonly device: DeviceLine }
  | { readonly at: string; readonly type: 'upkeep'; readonly upkeep: UpkeepLine }

export interface IncidentLine {
  readonly id: string
  readonly kind: TicketKind
  readonly state: IncidentState
  readonly confidence: number
  readonly assetIds: readonly string[]
  readonly located: boolean
  readonly candidates: readonly LocationCandidate[]
  readonly evidence: readonly Evidence[]
}

interface DeviceLine {
  readonly id: string
  readonly fault: DeviceFault
  readonly signal?: string
  readonly assetId?: string
  /** An outage: every device that went silent together. */
  readonly deviceIds?: readonly string[]
  readonly evidence: Evidence
}

/** Work that can wait, with the device that shows it. */
interface UpkeepLine {
  readonly id: string
  readonly phase: UpkeepFinding['phase']
  readonly assetId: string
  readonly deviceId: string
  readonly evidence: Evidence
}

export interface BacktestIncidents {
  take(findings: readonly Finding[]): void
  /** Closes what has been over for long enough at `at`. */
  settle(at: Instant): void
}

/**
 * Findings become incidents by the rules of the live system, without its tickets. Nobody closes tickets
 * here, so an incident whose findings have all been taken back is closed once nothing can join it.
 */
export function createBacktestIncidents(parts: {
  readonly network: Network
  readonly settings: DetectionSettings
  say(change: BacktestChange): void
}): BacktestIncidents {
  const { network, settings, say } = parts
  let open: readonly Incident[] = []
  const clearSince = new Map<string, Instant>()
  let made = 0

  function settle(at: Instant): void {
    if (clearSince.size === 0) return
    for (const [id, since] of [...clearSince].sort(([, a], [, b]) => a - b)) {
      const closedAt = since + settings.incidentJoinMin * MINUTE
      if (closedAt > at) return
      clearSince.delete(id)
      const incident = open.find((one) => one.id === id)
      open = open.filter((one) => one.id !== id)
      if (incident !== undefined) tell('closed', { ...incident, state: 'closed' }, closedAt)
    }
  }

  function takeEmergency(finding: EmergencyFinding): void {
    const own = open.find(({ members }) => members.some(({ id }) => id === finding.id))
    if (finding.phase === 'cleared' && own === undefined) return
    const placement = correlate(finding, open, { network, settings, at: finding.at })
    const before = placement.kind === 'join' ? open.find(({ id }) => id === placement.incidentId) : undefined
    const newId = `incident-${String(made + 1)}`
    const applying = { network, settings, why: placement.why, newId, exercise: false }
    const { incident, changed } = applyFinding(before, finding, applying)
    if (!changed) return
    if (before === undefined) made += 1
    open = before === undefined ? [...open, incident] : open.map((one) => (one === before ? incident : one))
    if (incident.state === 'cleared') clearSince.set(incident.id, finding.at)
    else clearSince.delete(incident.id)
    tell(before === undefined ? 'opened' : 'updated', incident, finding.at)
  }

  function tell(type: 'opened' | 'updated' | 'closed', incident: Incident, at: Instant): void {
    const { id, kind, state, confidence, assetIds, located, candidates, members } = incident
    const evidence = members.flatMap((member) => member.evidence ?? [])
    say({
      at: instantText(at),
      type,
      incident: { id, kind, state, confidence, assetIds, located, candidates, evidence },
    })
  }

  return {
    settle,
    take(findings) {
      for (const finding of findings) {
        settle(finding.at)
        if (finding.kind === 'emergency') takeEmergency(finding)
        else if (finding.kind === 'upkeep') say(upkeepChange(finding))
        else if (finding.phase === 'raised') say(deviceChange(finding))
      }
    },
  }
}

function deviceChange({
  deviceId,
  fault,
  signal,
  assetId,
  deviceIds,
  at,
  evidence,
}: DeviceFinding): BacktestChange {
  return {
    at: instantText(at),
    type: 'device',
    device: {
      id: deviceId,
      fault,
      ...(signal === undefined ? {} : { signal }),
      ...(assetId === undefined ? {} : { assetId }),
      ...(deviceIds === undefined ? {} : { deviceIds }),
      evidence,
    },
  }
}

function upkeepChange({ at, id, phase, assetId, deviceId, evidence }: UpkeepFinding): BacktestChange {
  return { at: instantText(at), type: 'upkeep', upkeep: { id, phase, assetId, deviceId, evidence } }
}

import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import { confidenceOf, stateOf } from '../incident/confidence.ts'
import { incidentKind } from '../incident/defects.ts'
import type { Incident, IncidentMember } from '../incident/incident.ts'
import type { Call } from './call.ts'

interface Joining {
  readonly ticketId: string
  /** Where the ticket's defect is, if anybody knows. */
  readonly position: Position | undefined
  readonly why: LocalizedText
  readonly settings: DetectionSettings
}

/** A call as evidence of an incident; somebody has seen it, so it is confirmed (the gate is for sensors). */
export function joinCall(incident: Incident, call: Call, joining: Joining): Incident {
  if (incident.members.some(({ id }) => id === call.id)) return incident
  const members = [...incident.members, memberOf(call, joining)]
  const { assetId } = call
  const { position } = joining
  const assetIds = assetId === undefined ? incident.assetIds : [...new Set([...incident.assetIds, assetId])]
  return {
    ...incident,
    version: incident.version + 1,
    kind: incidentKind(members),
    state: stateOf(members, incident.state, joining.settings),
    confidence: confidenceOf(members, joining.settings),
    openedAt: Math.min(incident.openedAt, call.receivedAt),
    eventAt: Math.min(incident.eventAt, call.beganAt ?? call.receivedAt),
    assetIds,
    members,
    ...(incident.position === undefined && position !== undefined ? { position } : {}),
  }
}

/** An incident that nobody knew of before this call. */
export function incidentOfCall(id: string, call: Call, joining: Joining): Incident {
  const members = [memberOf(call, joining)]
  const { assetId } = call
  const { position } = joining
  return {
    id,
    version: 1,
    kind: call.kind,
    state: 'confirmed',
    confidence: confidenceOf(members, joining.settings),
    openedAt: call.receivedAt,
    eventAt: call.beganAt ?? call.receivedAt,
    assetIds: assetId === undefined ? [] : [assetId],
    located: assetId !== undefined,
    candidates: assetId === undefined ? [] : [{ assetId, share: 1 }],
    members,
    exercise: call.exercise === true,
    ...(position === undefined ? {} : { position }),
  }
}

function memberOf(call: Call, { ticketId, why, settings }: Joining): IncidentMember {
  return {
    id: call.id,
    type: 'call',
    kind: call.kind,
    ticketId,
    joinedAt: call.enteredAt,
    why,
    logOdds: settings.weightCall,
    ...(call.assetId === undefined ? {} : { assetId: call.assetId }),
  }
}

import Type from 'typebox'
import { InstantText, Position } from './identity.ts'
import { CallView } from './hotline.ts'
import { LocalizedText } from './text.ts'
import { INCIDENT_STATES, LEVELS, TICKET_KINDS } from './vocabulary.ts'

/** Why a detector believes what it says. */
export const Evidence = Type.Object({
  rule: Type.String({ description: 'detector rule, for example cover.displaced' }),
  sentence: LocalizedText,
  statistic: Type.String(),
  value: Type.Number(),
  threshold: Type.Number(),
  unit: Type.Optional(Type.String()),
  baseline: Type.Optional(Type.Number()),
  observed: Type.Optional(Type.Number()),
  sigma: Type.Optional(Type.Number()),
  windowS: Type.Optional(Type.Number()),
  assets: Type.Array(Type.String()),
  sensors: Type.Optional(
    Type.Array(
      Type.Object({
        deviceId: Type.String(),
        signal: Type.String(),
        assetId: Type.String(),
        share: Type.Number({ minimum: 0, maximum: 1 }),
      }),
    ),
  ),
  rejected: Type.Optional(Type.Array(LocalizedText, { description: 'alternatives ruled out' })),
  model: Type.Optional(Type.String({ description: 'detector version' })),
})
export type Evidence = Type.Static<typeof Evidence>

export const LocationCandidate = Type.Object({
  assetId: Type.String(),
  share: Type.Number({ minimum: 0, maximum: 1 }),
})
export type LocationCandidate = Type.Static<typeof LocationCandidate>

const IncidentMember = Type.Object({
  id: Type.String(),
  type: Type.Enum(['finding', 'call']),
  ticketId: Type.Optional(Type.String()),
  joinedAt: InstantText,
  why: LocalizedText,
  clearedAt: Type.Optional(InstantText),
})
type IncidentMember = Type.Static<typeof IncidentMember>

/** An incident as the API and the live feed show it. */
export const IncidentView = Type.Object({
  id: Type.String(),
  kind: Type.Enum(TICKET_KINDS),
  level: Type.Enum(LEVELS),
  state: Type.Enum(INCIDENT_STATES),
  confidence: Type.Number({ description: 'log-odds' }),
  openedAt: InstantText,
  eventAt: InstantText,
  acknowledgedAt: Type.Optional(InstantText),
  acknowledgedBy: Type.Optional(Type.String()),
  withdrawn: Type.Optional(
    Type.Array(Type.Object({ acknowledgedAt: InstantText, by: Type.String(), at: InstantText }), {
      description: 'acknowledgements that were taken back within five seconds',
    }),
  ),
  maxShelvingMinutes: Type.Optional(
    Type.Number({ description: 'for how long it may be shelved at most; left out where it may not' }),
  ),
  shelvedUntil: Type.Optional(InstantText),
  shelvedBy: Type.Optional(Type.String()),
  shelvedReason: Type.Optional(Type.String()),
  assetIds: Type.Array(Type.String()),
  located: Type.Boolean(),
  location: Type.Object({ position: Type.Optional(Position), candidates: Type.Array(LocationCandidate) }),
  evidence: Type.Array(Evidence),
  members: Type.Array(IncidentMember),
  ticketIds: Type.Array(Type.String()),
  calls: Type.Array(CallView),
  exercise: Type.Boolean(),
})
export type IncidentView = Type.Static<typeof IncidentView>

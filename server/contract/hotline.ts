import Type from 'typebox'
import { InstantText, Position } from './identity.ts'
import { CALL_SOURCES, CONTACT_KINDS, TICKET_KINDS, type ContactKind, type TicketKind } from './vocabulary.ts'

/** Hotline intake. */
export const CallRequest = Type.Object(
  {
    kind: Type.Enum(TICKET_KINDS),
    contact: Type.Optional(Type.Enum(CONTACT_KINDS)),
    source: Type.Optional(Type.Enum(CALL_SOURCES)),
    receivedAt: Type.Optional(InstantText),
    address: Type.Optional(Type.String({ maxLength: 500 })),
    position: Type.Optional(Position),
    assetId: Type.Optional(Type.String({ maxLength: 64 })),
    callerName: Type.Optional(Type.String({ maxLength: 100 })),
    callerPhone: Type.Optional(Type.String({ maxLength: 40 })),
    beganAt: Type.Optional(InstantText),
    beganUnknown: Type.Optional(Type.String({ maxLength: 500 })),
    scene: Type.Optional(Type.String({ maxLength: 2000 })),
    sceneUnknown: Type.Optional(Type.String({ maxLength: 500 })),
    hot: Type.Optional(Type.Boolean()),
    description: Type.Optional(Type.String({ maxLength: 10000 })),
    externalNumber: Type.Optional(Type.String({ maxLength: 100 })),
    exercise: Type.Optional(Type.Boolean({ description: 'a rehearsed call; only while a drill is on' })),
    join: Type.Optional(Type.String({ maxLength: 100, description: 'incident id, or "new"' })),
  },
  { additionalProperties: false },
)
export type CallRequest = Type.Static<typeof CallRequest>

/** consultations and complaints are what they are; of other kinds the desk says what the contact is. */
export function ownContact(kind: TicketKind | ''): ContactKind | undefined {
  return kind === 'consult' || kind === 'complaint' ? kind : undefined
}

/** A call as shown; the phone number is whole or masked by role. */
export const CallView = Type.Object({
  id: Type.String(),
  kind: Type.Enum(TICKET_KINDS),
  contact: Type.Enum(CONTACT_KINDS),
  source: Type.Enum(CALL_SOURCES),
  receivedAt: InstantText,
  enteredAt: InstantText,
  address: Type.String(),
  position: Type.Optional(Position),
  assetId: Type.Optional(Type.String()),
  callerName: Type.Optional(Type.String()),
  callerPhone: Type.String(),
  beganAt: Type.Optional(InstantText),
  beganUnknown: Type.Optional(Type.String()),
  scene: Type.Optional(Type.String()),
  sceneUnknown: Type.Optional(Type.String()),
  hot: Type.Boolean(),
  exercise: Type.Optional(Type.Boolean()),
  description: Type.Optional(Type.String()),
  externalNumber: Type.Optional(Type.String()),
  firstResponder: Type.Object({ id: Type.String(), name: Type.String() }),
  ticketId: Type.Optional(Type.String()),
  incidentId: Type.Optional(Type.String()),
})
export type CallView = Type.Static<typeof CallView>

/** Something known near a caller (`GET /calls/matches`). */
export const CallMatch = Type.Object({
  incidentId: Type.String(),
  ticketId: Type.Optional(Type.String()),
  kind: Type.Enum(TICKET_KINDS),
  distanceM: Type.Optional(Type.Number()),
  sameKind: Type.Boolean(),
  wouldJoin: Type.Boolean(),
  why: Type.Object({ zh: Type.String(), en: Type.String() }),
})
export type CallMatch = Type.Static<typeof CallMatch>

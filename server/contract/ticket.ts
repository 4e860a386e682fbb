import Type from 'typebox'
import { CallView } from './hotline.ts'
import { InstantText, Position } from './identity.ts'
import { CourseStep, Offer } from './offer.ts'
import { COMMANDS } from './commands/commands.ts'
import {
  AUTOMATIC_EVENTS,
  CLOCK_KEYS,
  CLOCK_SEVERITIES,
  CLOCK_STATES,
  LEVELS,
  ROLES,
  ROUTING_RULES,
  TICKET_FLAGS,
  TICKET_KINDS,
  TICKET_SOURCES,
  TICKET_STATES,
} from './vocabulary.ts'

/** Who did something. People carry their role at that instant. */
export const ActorView = Type.Object({
  kind: Type.Enum(['person', 'schedule', 'detector']),
  id: Type.String(),
  name: Type.String(),
  roles: Type.Optional(Type.Array(Type.Enum(ROLES))),
  departmentId: Type.Optional(Type.String()),
})
export type ActorView = Type.Static<typeof ActorView>

/** One clock of a ticket with its clause and arithmetic. */
export const ClockView = Type.Object({
  key: Type.Enum(CLOCK_KEYS),
  clause: Type.String(),
  startEvent: Type.String(),
  startAt: Type.Optional(InstantText),
  limitMinutes: Type.Optional(Type.Number()),
  excludedMinutes: Type.Number(),
  dueAt: Type.Optional(InstantText),
  extendedDueAt: Type.Optional(InstantText),
  stoppedAt: Type.Optional(InstantText),
  breachedAt: Type.Optional(InstantText),
  severity: Type.Enum(CLOCK_SEVERITIES),
  state: Type.Enum(CLOCK_STATES),
})
export type ClockView = Type.Static<typeof ClockView>

export const TicketEventView = Type.Object({
  id: Type.String(),
  type: Type.Enum([...COMMANDS, ...AUTOMATIC_EVENTS]),
  occurredAt: InstantText,
  enteredAt: InstantText,
  actor: ActorView,
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type TicketEventView = Type.Static<typeof TicketEventView>

export const DepartmentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  rule: Type.Enum(ROUTING_RULES),
  why: Type.String({ description: 'in Chinese, or as a person gave it' }),
  whyEn: Type.Optional(Type.String({ description: 'the same in English' })),
})
export type DepartmentView = Type.Static<typeof DepartmentView>

const ExtensionView = Type.Object({
  id: Type.String(),
  reason: Type.String(),
  dueAt: InstantText,
  requestedAt: InstantText,
  answeredAt: Type.Optional(InstantText),
  approved: Type.Optional(Type.Boolean()),
  effectiveAt: Type.Optional(InstantText),
})
type ExtensionView = Type.Static<typeof ExtensionView>

/** What the unit has promised the reporter (A46). */
const AppointmentView = Type.Object({
  at: InstantText,
  madeAt: InstantText,
  keptAt: Type.Optional(InstantText),
  state: Type.Enum(['promised', 'kept', 'missed']),
})
type AppointmentView = Type.Static<typeof AppointmentView>

/** The review that a reply waits for (A20). */
const ReviewView = Type.Object({
  level: Type.Integer({ minimum: 1 }),
  levels: Type.Integer({ minimum: 1, description: 'how many the policy has' }),
  name: Type.Object({ zh: Type.String(), en: Type.String() }),
  role: Type.Enum(['dispatcher', 'service'], { description: 'who reviews' }),
  since: InstantText,
  dueAt: InstantText,
  passedBy: Type.Array(Type.String(), { description: 'people who have passed the levels before' }),
})
type ReviewView = Type.Static<typeof ReviewView>

/** How long the crew may need to the place (A29): an estimate beside the limit, which stays. */
export const TravelView = Type.Object({
  minutes: Type.Integer({ minimum: 0, description: 'from the order to the arrival' }),
  distanceM: Type.Integer({ minimum: 0, description: 'by road' }),
  from: Type.Object({ zh: Type.String(), en: Type.String() }),
  beyondLimit: Type.Boolean({ description: 'longer than the limit for being on site' }),
})
export type TravelView = Type.Static<typeof TravelView>

/** A ticket as the API and the live feed show it. */
export const TicketView = Type.Object({
  id: Type.String(),
  number: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  kind: Type.Enum(TICKET_KINDS),
  level: Type.Enum(LEVELS),
  source: Type.Enum(TICKET_SOURCES),
  state: Type.Enum(TICKET_STATES),
  assetId: Type.Optional(Type.String()),
  position: Type.Optional(Position),
  address: Type.Optional(Type.String()),
  incidentId: Type.Optional(Type.String()),
  openedAt: InstantText,
  department: Type.Optional(DepartmentView),
  dueAt: Type.Optional(InstantText),
  dueProvisional: Type.Boolean(),
  clocks: Type.Array(ClockView),
  events: Type.Array(TicketEventView),
  calls: Type.Array(CallView),
  extensions: Type.Array(ExtensionView),
  appointment: Type.Optional(AppointmentView),
  review: Type.Optional(ReviewView),
  travel: Type.Optional(TravelView),
  policy: Type.Optional(
    Type.Object(
      { id: Type.String(), edition: Type.String(), inForce: Type.Boolean() },
      { description: 'the edition that it was opened under and lives by (GET /policy?edition=)' },
    ),
  ),
  crewIds: Type.Array(Type.String()),
  returnCount: Type.Integer({ minimum: 0 }),
  flags: Type.Array(Type.Enum(TICKET_FLAGS)),
  exercise: Type.Boolean(),
  offers: Type.Optional(
    Type.Array(Offer, {
      description:
        'what whoever asks may do now; what is not offered is refused. Left out of the snapshot where the ticket waits for nothing of theirs: `GET /tickets/{id}` tells',
    }),
  ),
  course: Type.Optional(
    Type.Array(CourseStep, { description: 'the steps of the work, for the unit that has the ticket' }),
  ),
})
export type TicketView = Type.Static<typeof TicketView>

/** Body of `POST /tickets/{id}/commands`; the fields beside these are the command's own. */
export const CommandRequest = Type.Object(
  {
    command: Type.Enum(COMMANDS),
    version: Type.Integer({ minimum: 1 }),
    occurredAt: Type.Optional(InstantText),
  },
  { additionalProperties: true },
)
export type CommandRequest = Type.Static<typeof CommandRequest>

import Type, { type TSchema } from 'typebox'
import { withNames } from '#contract/former-names.ts'
import {
  INCIDENT_STATES,
  LEVELS,
  ROLES,
  TICKET_KINDS,
  TICKET_STATES,
  type Role,
} from '#contract/vocabulary.ts'
import type { Exception, PlanVersion, SettingsVersion } from '../../domain/duty/book.ts'
import type { Handover, Signature } from '../../domain/duty/handover.ts'
import type { PhoneTest } from '../../domain/duty/phone-test.ts'
import type { Tick } from '../../domain/duty/contingency.ts'
import type { Call } from '../../domain/hotline/call.ts'
import type { Drill } from '../../domain/hotline/drill.ts'
import { withoutNumbers } from '../../domain/hotline/external-news.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { DAY, isOfCalendar } from '../../domain/instant.ts'
import type { Notice } from '../../domain/notice/notice.ts'
import type { ChannelState } from '../../domain/notification/channel-state.ts'
import type { Outgoing } from '../../domain/notification/notification.ts'
import type { TicketFact } from '../../domain/kpi/fact.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import { stored } from './stored-rows.ts'

/**
 * What every version has written, as far as something would fail without it: rules for what is entered today
 * must not make yesterday's rows unreadable.
 */
const Text = Type.String()
/** That can be written as a date. */
const At = Type.Number({ minimum: -8.64e15 + DAY, maximum: 8.64e15 - DAY })
const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema)
const Someone = Type.Object({ id: Text, name: Text })
const list = <Schema extends TSchema>(schema: Schema) => Type.Array(schema)

const Stint = Type.Object({
  dispatchedAt: At,
  departmentId: Text,
  acceptedAt: maybe(At),
  assignedAt: maybe(At),
  rejectedAt: maybe(At),
})
/** Whatever else is called `…At` of a piece of work. */
const Instants = Type.Record(Type.String({ pattern: 'At$' }), At)
const Handling = Type.Intersect([
  Type.Object({
    startAt: At,
    stints: list(Stint),
    measures: list(Text),
    submissions: list(Type.Object({ at: At, outcome: Text })),
    callbacks: list(Type.Object({ at: At, callId: Text })),
  }),
  Instants,
])

export const TICKETS = stored<Ticket>(
  'ticket',
  Type.Object({
    id: Text,
    number: Text,
    version: Type.Integer(),
    kind: Type.Enum(TICKET_KINDS),
    level: Type.Enum(LEVELS),
    levels: list(Type.Object({ level: Type.Enum(LEVELS), at: At })),
    source: Text,
    state: Type.Enum(TICKET_STATES),
    openedAt: At,
    eventAt: maybe(At),
    department: Type.Object({ id: Text, name: Text, rule: Text, why: Text }),
    crewIds: list(Text),
    handlings: Type.Array(Handling, { minItems: 1 }),
    extensions: list(Type.Object({ id: Text, handling: Type.Integer(), dueAt: At, requestedAt: At })),
    calls: list(Type.Object({ id: Text, linkedAt: At })),
    marks: list(Text),
    deemed: list(Text),
    flags: list(Text),
  }),
)

const FORMER_NAME = /"[CD]\d/

export const EVENTS = stored<TicketEvent>(
  'ticket_event',
  Type.Object({
    id: Text,
    type: Text,
    occurredAt: At,
    enteredAt: At,
    actor: Type.Object({ kind: Text }),
    data: Instants,
  }),
  // The hash chain holds the bytes of an event, so what they say changes only here, on reading.
  (written, json) => {
    const event = FORMER_NAME.test(json) ? (withNames(written).value as TicketEvent) : written
    return event.type === 'note'
      ? { ...event, data: { ...event.data, text: withoutNumbers(event.data.text) } }
      : event
  },
)

export const INCIDENTS = stored<Incident>(
  'incident',
  Type.Object({
    id: Text,
    version: Type.Integer(),
    kind: Type.Enum(TICKET_KINDS),
    state: Type.Enum(INCIDENT_STATES),
    confidence: Type.Number(),
    openedAt: At,
    eventAt: At,
    assetIds: list(Text),
    candidates: list(Type.Object({})),
    members: list(
      Type.Object({
        id: Text,
        type: Text,
        kind: Type.Enum(TICKET_KINDS),
        joinedAt: At,
        logOdds: Type.Number(),
      }),
    ),
    acknowledgedAt: maybe(At),
  }),
  // Put aside for ever is worse than put aside no longer.
  ({ shelvedUntil, ...incident }) =>
    isOfCalendar(shelvedUntil) ? { ...incident, shelvedUntil } : (incident satisfies Incident),
)

export const CALLS = stored<Call>(
  'call',
  Type.Object({
    id: Text,
    kind: Type.Enum(TICKET_KINDS),
    receivedAt: At,
    enteredAt: At,
    address: Text,
    beganAt: maybe(At),
    callerPhone: Text,
    firstResponder: Someone,
    ticketId: Text,
  }),
)

export const NOTICES = stored<Notice>(
  'notice',
  Type.Object({
    id: Text,
    kind: Text,
    receivedAt: At,
    enteredAt: At,
    effectiveAt: At,
    until: maybe(At),
    assetIds: list(Text),
    areaIds: list(Text),
    text: Text,
    by: Someone,
  }),
)

export const DRILLS = stored<Drill>(
  'drill',
  Type.Object({
    id: Text,
    reason: Text,
    assetIds: list(Text),
    since: At,
    until: At,
    endedAt: maybe(At),
    by: Someone,
  }),
)

export const PLANS = stored<PlanVersion>(
  'duty_plan',
  Type.Object({
    departmentId: Text,
    version: Type.Integer(),
    since: At,
    enteredAt: At,
    by: Someone,
    members: list(Type.Object({ id: Text, name: Text, phone: Text })),
    groups: list(
      Type.Object({ id: Text, name: Text, rung: Text, areaIds: list(Text), needed: Type.Number() }),
    ),
    shifts: list(Type.Object({ kind: Text, id: Text, groupId: Text })),
  }),
)
export const DUTY_SETTINGS = stored<SettingsVersion>(
  'duty_settings',
  Type.Object({
    version: Type.Integer(),
    since: At,
    settings: Type.Object({ seasons: Type.Object({}) }),
    by: Someone,
  }),
)
export const EXCEPTIONS = stored<Exception>(
  'duty_exception',
  Type.Object({
    id: Text,
    kind: Text,
    departmentId: Text,
    groupId: Text,
    from: At,
    to: At,
    enteredAt: At,
    by: Someone,
  }),
)
export const PHONE_TESTS = stored<PhoneTest>('duty_phone_test', Type.Object({ id: Text, turnFrom: At }))
export const HANDOVERS = stored<Handover>(
  'handover',
  Type.Object({ id: Text, departmentId: Text, openedAt: At }),
)
export const SIGNATURES = stored<Signature>(
  'handover_signature',
  Type.Object({ side: Text, by: Someone, at: At }),
)
export const TICKS = stored<Tick>('contingency_tick', Type.Object({ id: Text, ticketId: Text }))

export const OUTGOING = stored<Outgoing>('outbox', Type.Object({ id: Text, dueAt: At, audience: Text }))
export const CHANNEL_STATES = stored<ChannelState>('outbox_channel', Type.Object({ id: Text }))
export const ROLES_OF_PERSON = stored<readonly Role[]>('person', list(Type.Enum(ROLES)))
export const FACTS = stored<TicketFact>('fact_shape', Type.Object({}))

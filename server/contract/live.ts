import Type from 'typebox'
import { IncidentView } from './incident.ts'
import { LocalizedText } from './text.ts'
import { InstantText } from './identity.ts'
import { TicketView } from './ticket.ts'
import { DEVICE_FAULTS } from './vocabulary.ts'

/** One device as the page shows it. */
export const DeviceView = Type.Object({
  id: Type.String(),
  assetId: Type.String(),
  signals: Type.Array(Type.String()),
  power: Type.Enum(['wired', 'battery']),
  intervalS: Type.Number(),
  online: Type.Boolean(),
  lastSeenAt: Type.Optional(InstantText),
  /** signal → newest value; absent signals have never been seen. */
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean()])),
  /** `sentence` says what is wrong, with its figures. */
  faults: Type.Array(
    Type.Object({
      fault: Type.Enum(DEVICE_FAULTS),
      signal: Type.Optional(Type.String()),
      since: InstantText,
      sentence: LocalizedText,
    }),
  ),
  /** Signals that it should bring and that never came (no `since`) or stopped coming, though it speaks. */
  missing: Type.Optional(
    Type.Array(Type.Object({ signal: Type.String(), since: Type.Optional(InstantText) })),
  ),
  /** Work that can wait, found in its readings: no fault of the device and no emergency. */
  upkeep: Type.Optional(
    Type.Array(Type.Object({ rule: Type.String(), since: InstantText, sentence: LocalizedText })),
  ),
})
export type DeviceView = Type.Static<typeof DeviceView>

/** Live state of an asset: what the map colours and the panel lists. */
export const AssetState = Type.Object({
  id: Type.String(),
  health: Type.Enum(['normal', 'fault', 'silent', 'unwatched']),
  devices: Type.Array(DeviceView),
  /** A crew that has checked in at this well and explains an open cover. */
  checkIn: Type.Optional(Type.Object({ id: Type.String(), reason: Type.String(), since: InstantText })),
})
export type AssetState = Type.Static<typeof AssetState>

/** Parts that can fail by themselves. */
export const TROUBLE_PARTS = [
  'broker',
  'journal',
  'database',
  'schedule',
  'detector',
  'device',
  'store',
  'telemetry',
  'channels',
  'clock',
  'disk',
  'files',
  'heartbeat',
  'wall',
] as const
export type TroublePart = (typeof TROUBLE_PARTS)[number]

/** Something that does not work at present, in words for every screen; at most one of each part. */
export const Trouble = Type.Object({
  part: Type.Enum(TROUBLE_PARTS),
  since: InstantText,
  text: LocalizedText,
  /** What the part itself says, for whoever mends it. */
  detail: Type.Optional(Type.String()),
  /** The main job does not run meanwhile: `/readyz` answers 503. */
  stops: Type.Boolean(),
  /** Screens on walls that are missed; `DELETE /walls/{id}` says that one was taken down on purpose. */
  walls: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Type.String() }))),
})
export type Trouble = Type.Static<typeof Trouble>

/** What a new installation has to be given before it can do its work. */
const SET_UP_PARTS = ['people', 'network', 'channels', 'calendar'] as const
export type SetUpPart = (typeof SET_UP_PARTS)[number]

/** `GET /readyz`: 200, or 503 while the main job does not run. For machines in English, for people in both. */
export const Readiness = Type.Object({
  ready: Type.Boolean(),
  /** What stops the main job. */
  reasons: Type.Array(Type.String()),
  /** What else does not work. */
  degraded: Type.Array(Type.String()),
  /** What nobody has set up: no fault, but the first page names it. */
  notSetUp: Type.Array(Type.String()),
  missing: Type.Array(Type.Object({ part: Type.Enum(SET_UP_PARTS), text: LocalizedText })),
  troubles: Type.Array(Type.Pick(Trouble, ['part', 'text', 'stops'])),
})
export type Readiness = Type.Static<typeof Readiness>

/** State of the parts of the system; degraded is shown, never silent. */
export const SystemHealth = Type.Object({
  at: InstantText,
  broker: Type.Object({ ok: Type.Boolean(), clients: Type.Integer(), messagesPerMinute: Type.Number() }),
  journal: Type.Object({ ok: Type.Boolean(), pending: Type.Integer(), capacityLeft: Type.Number() }),
  store: Type.Object({
    ok: Type.Boolean(),
    kind: Type.String(),
    lagMessages: Type.Integer(),
    problem: Type.Optional(Type.String()),
  }),
  detector: Type.Object({
    ok: Type.Boolean(),
    lagMessages: Type.Integer(),
    problem: Type.Optional(Type.String()),
  }),
  disk: Type.Object({ ok: Type.Boolean(), freeBytes: Type.Number() }),
  /** Ways to tell people who look at no screen. */
  channels: Type.Object({
    configured: Type.Integer({ description: 'those that reach people; a webhook reaches a program' }),
    failing: Type.Integer({ description: 'of all' }),
  }),
  rejected: Type.Record(Type.String(), Type.Integer()),
  clock: Type.Enum(['system', 'manual']),
  troubles: Type.Array(Trouble),
})
export type SystemHealth = Type.Static<typeof SystemHealth>

export type LiveEventName =
  'snapshot' | 'incident' | 'ticket' | 'asset' | 'notice' | 'alarm' | 'health' | 'reset'

export const LiveSnapshot = Type.Object({
  cursor: Type.String(),
  now: InstantText,
  incidents: Type.Array(IncidentView),
  tickets: Type.Array(TicketView),
  notices: Type.Array(Type.Unknown()),
  assets: Type.Array(AssetState),
  health: SystemHealth,
})
export type LiveSnapshot = Type.Static<typeof LiveSnapshot>

/** A line for the event strip and, when `sound` is given, an alarm to acknowledge. */
export const LiveAlarm = Type.Object({
  id: Type.String(),
  at: InstantText,
  incidentId: Type.Optional(Type.String()),
  ticketId: Type.Optional(Type.String()),
  text: Type.Object({ zh: Type.String(), en: Type.String() }),
  sound: Type.Optional(Type.Enum(['special', 'first', 'system'])),
})
export type LiveAlarm = Type.Static<typeof LiveAlarm>

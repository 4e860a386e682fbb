/**
 * The words that outsiders rely on. Every list is written once, here; schemas, the policy pack, the
 * database and the page all take theirs from it. Plain values only, so the web bundle may import it.
 */

/** Kinds of ticket (第八条). One ticket is one defect. */
export const TICKET_KINDS = [
  'cover',
  'well_vent',
  'primary_leak',
  'hes_secondary',
  'indoor_leak',
  'not_hot',
  'consult',
  'complaint',
  'help_other',
] as const
export type TicketKind = (typeof TICKET_KINDS)[number]

/** Levels of urgency, highest first (第七条): 特级 4 h, 一级 24 h, 二级 48 h, 三级 72 h. */
export const LEVELS = ['special', 'first', 'second', 'third'] as const
export type Level = (typeof LEVELS)[number]

/** 0 for the highest level. */
export const rankOf = (level: Level): number => LEVELS.indexOf(level)

/** The levels of emergencies: they stand before the others on every list, and are heard when they open. */
export const isUrgent = (level: Level): level is 'special' | 'first' => rankOf(level) < 2

/** States of a ticket. */
export const TICKET_STATES = [
  'under_review',
  'answered_directly',
  'dispatched',
  'accepted',
  'assigned',
  'en_route',
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
  'submitted',
  'returned',
  'callback_due',
  'archived',
  'merged',
] as const
export type TicketState = (typeof TICKET_STATES)[number]

/** Event types that no command makes. */
export const AUTOMATIC_EVENTS = [
  'opened',
  'auto_dispatched',
  'deemed_accepted',
  'warned',
  'breached',
  'watched',
  'merged',
  'unmerged',
] as const

/** What has no limit and is still to be looked at; a `watched` event says so once (A20, A30, A46). */
export type WatchedThing =
  | 'safety_missing'
  | 'review_late'
  | 'appointment_near'
  | 'appointment_missed'
  | 'progress_due'
  | 'outage_to_report'
  | 'outage_to_compensate'

/** Marks on a ticket: left by an event for good, or true just now. A screen says each in words. */
export const TICKET_FLAGS = [
  'hot',
  'late_entry',
  'works_registered',
  'answered_directly',
  'phone_unanswered',
  'deemed_accepted',
  'mis_dispatched',
  'responsibility_changed',
  'plan_missing',
  'safety_missing',
  'review_late',
  'answer_after_due',
  'appointment_missed',
  'calendar_missing',
  'recategorised',
  'corrected',
  'dissatisfied',
  'reopened',
] as const
export type TicketFlag = (typeof TICKET_FLAGS)[number]

/** Names of the clocks that a ticket may have. */
export const CLOCK_KEYS = [
  'dispatch',
  'accept',
  'assign',
  'arrive',
  'contact_facility',
  'contact_reporter',
  'repair_cover',
  'repair_vent',
  'repair_leak',
  'watch_leak',
  'repair_station',
  'close_indoor_leak',
  'close_consult',
  'close_not_hot',
  'close_level',
  'call_back',
  'answer_extension',
  'contact_promptly',
] as const
export type ClockKey = (typeof CLOCK_KEYS)[number]

export const CLOCK_STATES = ['pending', 'running', 'met', 'breached', 'cancelled'] as const
export type ClockState = (typeof CLOCK_STATES)[number]

export const CLOCK_SEVERITIES = ['red', 'amber', 'grey'] as const
export type ClockSeverity = (typeof CLOCK_SEVERITIES)[number]

/** Rules of the routing table (第四条A), first match wins; `override` is the dispatcher's own word. */
export const ROUTING_RULES = [
  'override',
  'secondary_side',
  'trunk_under_warranty',
  'primary_in_service',
  'branch_under_construction',
  'station',
  'manual',
] as const
export type RoutingRule = (typeof ROUTING_RULES)[number]

/** What a contact is, apart from what is broken. */
export const CONTACT_KINDS = ['consult', 'help', 'complaint'] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

/** Where a report came from (“四来”, A33). */
export const CALL_SOURCES = ['phone', 'visit', 'letter', 'web', 'transferred'] as const
export type CallSource = (typeof CALL_SOURCES)[number]
export const TICKET_SOURCES = [...CALL_SOURCES, 'sensor'] as const
export type TicketSource = (typeof TICKET_SOURCES)[number]

export const INCIDENT_STATES = ['suspected', 'confirmed', 'cleared', 'closed', 'merged'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** Roles of people. */
export const ROLES = [
  'operator',
  'dispatcher',
  'service',
  'officer',
  'crew',
  'engineer',
  'admin',
  'wall',
] as const
export type Role = (typeof ROLES)[number]

export const NETWORK_LEVELS = ['primary', 'secondary'] as const
export type NetworkLevel = (typeof NETWORK_LEVELS)[number]
export const PIPE_CLASSES = ['trunk', 'branch'] as const
export const PIPE_SIDES = ['supply', 'return', 'both'] as const
export const POINT_KINDS = ['source', 'station', 'well', 'valve'] as const
export type PointKind = (typeof POINT_KINDS)[number]
export type AssetKind = PointKind | 'pipe'

export const NOTICE_KINDS = [
  'scope',
  'tariff',
  'service',
  'planned_works',
  'renovation',
  'fault_outage',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** Ways in which a device can be at fault. */
export const DEVICE_FAULTS = [
  'stuck',
  'drift',
  'offset',
  'spike',
  'silence',
  'battery',
  'skew',
  'unit',
  'swapped',
  'range',
] as const
export type DeviceFault = (typeof DEVICE_FAULTS)[number]

/** Alarms that a device decides itself. */
export const DEVICE_EVENTS = [
  'cover_open',
  'cover_closed',
  'cover_tilt',
  'cover_tamper',
  'water',
  'battery_low',
] as const
export type DeviceEvent = (typeof DEVICE_EVENTS)[number]

/** Departments that the policy names; areas add their own from the network file. */
export const DEPARTMENTS = {
  networkOps: 'network-ops',
  networkEng: 'network-eng',
  dispatch: 'dispatch',
} as const

/** Rungs of the escalation ladder, lowest first: a duty group stands on one of them. */
export const DUTY_RUNGS = ['crew', 'deputy', 'head', 'duty_lead', 'service_leader'] as const
export type DutyRung = (typeof DUTY_RUNGS)[number]

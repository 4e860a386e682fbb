import Type from 'typebox'
import { InstantText, Position } from './identity.ts'
import { LEVELS, TICKET_KINDS, type CommandName } from './vocabulary.ts'

const Text = Type.String({ minLength: 1, maxLength: 10000 })
const Short = Type.String({ minLength: 1, maxLength: 200 })
const Ids = Type.Array(Short, { maxItems: 100 })
const ExpectedMinutes = Type.Number({
  minimum: 0,
  maximum: 60 * 24 * 60,
  description: 'expected handling time',
})

export const RETURN_REASONS = ['not_detailed', 'not_in_norm', 'wrong_category', 'other'] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]
export const OUTCOMES = ['done', 'explained_unresolved'] as const

/** Clocks of a category found late: the facts were known at intake, or were reported since (A35). */
export const CLOCKS_FROM = ['received', 'reported'] as const

/**
 * Fields of each command beside `command`, `version` and `occurredAt` (contract.md §4 "Command").
 * Fields that are mandatory only sometimes (a phone dispatch's callee) are optional here and asked for
 * by the rule that needs them. Unknown fields are ignored.
 */
export const COMMAND_FIELDS = {
  answer: Type.Object({ text: Text }),
  approve: Type.Object({}),
  dispatch: Type.Object({
    departmentId: Type.Optional(Short),
    reason: Type.Optional(Text),
    channel: Type.Enum(['system', 'phone']),
    callee: Type.Optional(Short),
    answered: Type.Optional(Type.Boolean()),
  }),
  accept: Type.Object({}),
  reject: Type.Object({ reason: Text }),
  assign: Type.Object({ crewIds: Type.Array(Short, { minItems: 1, maxItems: 50 }) }),
  depart: Type.Object({}),
  arrive: Type.Object({
    scene: Text,
    heatAffected: Type.Boolean(),
    affected: Type.Optional(Text),
    expectedMinutes: ExpectedMinutes,
    position: Type.Optional(Position),
  }),
  safety: Type.Object({
    measures: Type.Array(Short, { maxItems: 50 }),
    barrier: Type.Optional(Type.Boolean()),
    cordon: Type.Optional(Type.Boolean()),
    reportedToServiceAt: Type.Optional(InstantText),
    noneReason: Type.Optional(Text),
  }),
  plan: Type.Object({ text: Text, confirmedBy: Short }),
  repair: Type.Object({ text: Text, attachmentIds: Type.Optional(Ids) }),
  restore: Type.Object({
    faultClearedAt: Type.Optional(InstantText),
    heatRestoredAt: InstantText,
    result: Text,
  }),
  contact: Type.Object({ reached: Type.Boolean(), note: Text, appointmentAt: Type.Optional(InstantText) }),
  contact_facility: Type.Object({
    callee: Short,
    note: Text,
    scene: Text,
    heatAffected: Type.Boolean(),
    expectedMinutes: ExpectedMinutes,
  }),
  submit: Type.Object({
    result: Text,
    finalKind: Type.Enum(TICKET_KINDS),
    outcome: Type.Enum(OUTCOMES),
    attachmentIds: Type.Optional(Ids),
  }),
  unfounded: Type.Object({
    surveyAt: InstantText,
    evidenceIds: Type.Array(Short, { minItems: 1, maxItems: 100 }),
    informed: Short,
  }),
  review: Type.Object({
    pass: Type.Boolean(),
    reason: Type.Optional(Type.Enum(RETURN_REASONS)),
    text: Type.Optional(Text),
    seenAbnormal: Type.Optional(Type.Boolean()),
    kind: Type.Optional(Type.Enum(TICKET_KINDS)),
    clocksFrom: Type.Optional(Type.Enum(CLOCKS_FROM)),
    reportedAt: Type.Optional(InstantText),
  }),
  callback: Type.Object({
    callId: Short,
    reached: Type.Boolean(),
    satisfied: Type.Optional(Type.Boolean()),
    qualityRating: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    opinion: Type.Optional(Text),
    suggestion: Type.Optional(Text),
  }),
  request_extension: Type.Object({ reason: Text, dueAt: InstantText }),
  answer_extension: Type.Object({ extensionId: Short, approve: Type.Boolean(), reason: Type.Optional(Text) }),
  confirm_extension: Type.Object({ extensionId: Short }),
  state_hindrance: Type.Object({ reason: Text }),
  remind: Type.Object({ note: Text }),
  raise_level: Type.Object({ level: Type.Enum(LEVELS), reason: Text }),
  reopen: Type.Object({ reason: Text }),
  note: Type.Object({ text: Text }),
  correct: Type.Object({ eventId: Short, reason: Text }),
} as const satisfies Record<CommandName, unknown>

export type CommandFields = { [Name in CommandName]: Type.Static<(typeof COMMAND_FIELDS)[Name]> }

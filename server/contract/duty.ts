import Type from 'typebox'
import { Id, InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'
import { DUTY_RUNGS } from './vocabulary.ts'

/** A local date of the years 2000 to 2100 and a local time of day, Asia/Shanghai. */
const LocalDate = Type.String({ pattern: '^(20\\d\\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const LocalTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
export const MonthDay = Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const Name = Type.String({ minLength: 1, maxLength: 80 })
const Note = Type.String({ maxLength: 2000 })
const Ids = Type.Array(Id, { maxItems: 100, uniqueItems: true })
const closed = { additionalProperties: false }

/** Somebody on a roster: a person, or a post whose people change behind one duty phone. */
export const DutyMember = Type.Object(
  {
    id: Type.String({ ...Id, description: 'user id where the person has an account' }),
    name: Name,
    phone: Type.String({ pattern: '^[+\\d][\\d -]{2,19}$' }),
    isPost: Type.Optional(Type.Boolean({ description: 'one phone, changing people: no overload' })),
  },
  closed,
)
export type DutyMember = Type.Static<typeof DutyMember>

/** People who cover an area at one rung of the ladder. */
export const DutyGroup = Type.Object(
  {
    id: Id,
    name: Name,
    rung: Type.Enum(DUTY_RUNGS),
    areaIds: Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: 100,
      description: 'empty: the whole department',
    }),
    needed: Type.Integer({ minimum: 0, maximum: 50, description: 'people on duty at once' }),
    hours: Type.Enum(['season', 'always'], {
      description: 'season: 24 h in the heating season, working hours outside it',
    }),
  },
  closed,
)
export type DutyGroup = Type.Static<typeof DutyGroup>

const ShiftBase = {
  id: Id,
  groupId: Id,
  season: Type.Enum(['in', 'out', 'all'], { description: 'when it holds: in or out of the season' }),
  lastDay: Type.Optional(LocalDate),
}

/** Teams take turns for ever: the first from `firstDay` at `handoverAt`, each for `turnHours`. */
const Rotation = Type.Object(
  {
    ...ShiftBase,
    kind: Type.Literal('rotation'),
    firstDay: LocalDate,
    handoverAt: LocalTime,
    turnHours: Type.Integer({ minimum: 1, maximum: 24 * 31 }),
    teams: Type.Array(Ids, { minItems: 1, maxItems: 60 }),
  },
  closed,
)

/** The same people at the same hours; `to` not after `from` means the next day. */
const FixedShift = Type.Object(
  {
    ...ShiftBase,
    kind: Type.Literal('fixed'),
    firstDay: Type.Optional(LocalDate),
    days: Type.Union([
      Type.Enum(['all', 'working', 'off']),
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        maxItems: 7,
        uniqueItems: true,
        description: '1 Monday … 7 Sunday',
      }),
    ]),
    from: LocalTime,
    to: LocalTime,
    memberIds: Ids,
  },
  closed,
)
export const DutyShift = Type.Union([Rotation, FixedShift])
export type DutyShift = Type.Static<typeof DutyShift>

/** A department's roster, replaced whole by each `PUT /roster`. */
export const DutyPlan = Type.Object(
  {
    departmentId: Id,
    contactId: Type.Optional(
      Type.String({ ...Id, description: 'answers outside the hours of duty; mandatory' }),
    ),
    connected: Type.Optional(
      Type.Boolean({ description: 'false: works without the system and answers in writing (第三条5)' }),
    ),
    responsibleId: Type.Optional(
      Type.String({ ...Id, description: 'who answers for a unit without the system; mandatory there' }),
    ),
    members: Type.Array(DutyMember, { maxItems: 500 }),
    groups: Type.Array(DutyGroup, { maxItems: 50 }),
    shifts: Type.Array(DutyShift, { maxItems: 200 }),
  },
  closed,
)
export type DutyPlan = Type.Static<typeof DutyPlan>

/** Body of `PUT /roster`: `version` is the one known so far, 0 for a first roster. */
export const RosterRequest = Type.Object(
  { ...DutyPlan.properties, version: Type.Integer({ minimum: 0 }), since: Type.Optional(InstantText) },
  closed,
)
export type RosterRequest = Type.Static<typeof RosterRequest>

const Season = Type.Object({ from: LocalDate, to: LocalDate }, closed)

/** Heating seasons by city and year, and the hours outside them (A32). */
export const DutySettings = Type.Object(
  {
    city: Id,
    seasons: Type.Record(
      Id,
      Type.Record(
        Type.String({ pattern: '^\\d{4}$', description: 'year in which it begins' }),
        Season,
        closed,
      ),
      closed,
    ),
    seasonDefault: Type.Object({ from: MonthDay, to: MonthDay }, closed),
    workingHours: Type.Object({ from: LocalTime, to: LocalTime }, closed),
    phoneTestMinutes: Type.Integer({ minimum: 1, maximum: 720, description: 'after the start of a turn' }),
    overloadHours: Type.Integer({ minimum: 1, maximum: 744, description: 'longest stretch without rest' }),
    overloadWeekHours: Type.Integer({ minimum: 1, maximum: 168, description: 'most within seven days' }),
  },
  closed,
)
export type DutySettings = Type.Static<typeof DutySettings>

const Exception = {
  departmentId: Id,
  groupId: Id,
  from: InstantText,
  to: InstantText,
  reason: Type.Optional(Note),
}
const Part = Type.Object({ memberId: Id, from: InstantText, to: InstantText }, closed)

/** Body of `POST /roster/overrides`: exceptions to the rule, for a while. */
export const OverrideRequest = Type.Union([
  Type.Object(
    { ...Exception, kind: Type.Literal('override'), remove: Type.Optional(Id), add: Type.Optional(Id) },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('swap'),
      departmentId: Id,
      groupId: Id,
      first: Part,
      second: Part,
      reason: Type.Optional(Note),
    },
    closed,
  ),
  Type.Object(
    { ...Exception, kind: Type.Literal('temporary'), parts: Type.Array(Part, { maxItems: 200 }) },
    closed,
  ),
])
export type OverrideRequest = Type.Static<typeof OverrideRequest>

const PHONE_TEST_STATES = ['waiting', 'answered', 'late', 'unanswered', 'missed'] as const
export type PhoneTestState = (typeof PHONE_TEST_STATES)[number]

/** The test of a duty phone owed at the start of a turn (R-64 “24 h 开机”). */
export const PhoneTestView = Type.Object({
  departmentId: Type.String(),
  groupId: Type.String(),
  memberId: Type.String(),
  name: Type.String(),
  phone: Type.String(),
  turnFrom: InstantText,
  dueAt: InstantText,
  state: Type.Enum(PHONE_TEST_STATES),
  testedAt: Type.Optional(InstantText),
  note: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
})
export type PhoneTestView = Type.Static<typeof PhoneTestView>

export const PhoneTestRequest = Type.Object(
  {
    departmentId: Id,
    groupId: Id,
    memberId: Id,
    turnFrom: InstantText,
    answered: Type.Boolean(),
    testedAt: Type.Optional(InstantText),
    note: Type.Optional(Note),
  },
  closed,
)
export type PhoneTestRequest = Type.Static<typeof PhoneTestRequest>

/** One person on duty, and why. */
export const OnDutyView = Type.Object({
  memberId: Type.String(),
  name: Type.String(),
  phone: Type.String(),
  departmentId: Type.String(),
  groupId: Type.String(),
  groupName: Type.String(),
  rung: Type.Enum(DUTY_RUNGS),
  areaIds: Type.Array(Type.String()),
  why: Type.Object({
    kind: Type.Enum(['shift', 'override', 'temporary', 'contact', 'responsible']),
    id: Type.Optional(Type.String()),
    from: Type.Optional(InstantText),
    to: Type.Optional(InstantText),
    insteadOf: Type.Optional(Type.String()),
    sentence: LocalizedText,
  }),
  phoneTest: Type.Optional(
    Type.Object({
      dueAt: InstantText,
      state: Type.Enum(PHONE_TEST_STATES),
      testedAt: Type.Optional(InstantText),
    }),
  ),
})
export type OnDutyView = Type.Static<typeof OnDutyView>

/** Fewer people than needed; `hours` is the length, `missing` how many lack. */
export const GapView = Type.Object({
  departmentId: Type.String(),
  groupId: Type.String(),
  groupName: Type.String(),
  rung: Type.Enum(DUTY_RUNGS),
  from: InstantText,
  to: InstantText,
  hours: Type.Number(),
  needed: Type.Integer(),
  present: Type.Integer(),
  clause: Type.String(),
})
export type GapView = Type.Static<typeof GapView>

export const OVERLOADS = ['no_rest', 'week', 'two_groups'] as const

/** Hours of duty of one person in the asked span, and what is too much of it. */
export const LoadView = Type.Object({
  memberId: Type.String(),
  name: Type.String(),
  hours: Type.Number(),
  longestHours: Type.Number(),
  weekHours: Type.Number(),
  overload: Type.Array(Type.Enum(OVERLOADS)),
})
export type LoadView = Type.Static<typeof LoadView>

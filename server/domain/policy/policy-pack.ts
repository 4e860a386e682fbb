import Type from 'typebox'
import { MonthDay } from '#contract/duty.ts'
import { LocalizedText } from '#contract/text.ts'
import { CLOCK_KEYS, LEVELS, TICKET_KINDS } from '#contract/vocabulary.ts'
import { Clause, Clauses } from './clauses.ts'
import { ClockRule, Inferred, Minutes } from './clock-rule.ts'

/** One kind of ticket and all that it obliges to. */
export const KindRule = Type.Object(
  {
    name: LocalizedText,
    clause: Clause,
    level: Type.Enum(LEVELS),
    emergency: Type.Boolean({
      description: 'opens or joins an incident; intake asks for beginning and scene',
    }),
    clocks: Type.Array(Type.Enum(CLOCK_KEYS), { minItems: 1, uniqueItems: true }),
    headline: Type.Enum(CLOCK_KEYS),
    intake: Type.Array(Type.Enum(['address', 'callerPhone', 'began', 'scene']), { uniqueItems: true }),
    onSite: Type.Enum(['required', 'own_facility', 'none']),
    barrierAndCordon: Type.Boolean(),
    noMeasuresAllowed: Type.Boolean({ description: '“none needed” with a reason may stand for measures' }),
    mayStayUnresolved: Type.Boolean({ description: 'explained_unresolved is a possible outcome (R-17)' }),
    extension: Type.Enum(['allowed', 'override', 'refused']),
    inferred: Inferred,
  },
  { additionalProperties: false },
)
export type KindRule = Type.Static<typeof KindRule>

const LevelRule = Type.Object(
  {
    name: LocalizedText,
    clause: Clause,
    closeMinutes: Minutes,
    atOnce: Type.Boolean({ description: 'goes out without the back-office check (A3)' }),
  },
  { additionalProperties: false },
)

const Flags = Type.Object(
  {
    arrive_from: Type.Enum(['dispatch', 'accept'], {
      description: 'A6: start of `arrive` for primary leaks',
    }),
    sensor_start: Type.Enum(['opened', 'event_time'], { description: 'start of received-based clocks' }),
    review_time: Type.Enum(['excluded', 'charged'], { description: 'A16: time between reply and return' }),
    callback_from: Type.Enum(['submitted', 'reviewed'], { description: 'A21: start of `call_back`' }),
    extension_answer: Type.Enum(['literal', 'half_remaining'], {
      description: 'A19: limit of `answer_extension`',
    }),
    same_day_cutoff: Type.Optional(
      Type.Union([Type.Null(), Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })], {
        description: 'A14: accepted after this local time, the reporter may be contacted the next morning',
      }),
    ),
    same_day_next: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'A14: until then' }),
  },
  { additionalProperties: false },
)

const Settings = Type.Object(
  {
    deemedAcceptMinutes: Minutes,
    planAutoStartMinutes: Minutes,
    lateEntryMinutes: Minutes,
    receivedReachesBackMinutes: Minutes,
    safetyAmberMinutes: Minutes,
    reviewTargetMinutes: Minutes,
    appointmentWarnMinutes: Minutes,
    progressMinutes: Type.Optional(
      Type.Number({
        ...Minutes,
        description: 'a hot matter without news for so long: the desk asks how it stands (第三条2)',
      }),
    ),
    clearShare: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'A42: share from which one department gets a leak that may lie in several',
      }),
    ),
    unreachableAttempts: Type.Integer({ minimum: 1, maximum: 20 }),
    unreachableDays: Type.Integer({ minimum: 1, maximum: 20 }),
    extensionMost: Type.Integer({ minimum: 0, maximum: 20 }),
    extensionMostShare: Type.Number({
      exclusiveMinimum: 0,
      maximum: 20,
      description: 'longest extension as a multiple of the original limit',
    }),
    joinRadiusM: Type.Number({ minimum: 0, maximum: 5000 }),
    nearbyRadiusM: Type.Number({ minimum: 0, maximum: 20000 }),
    noticeLeadMinutes: Minutes,
    checkInMinutes: Minutes,
    maxShelvingMinutes: Type.Optional(
      Type.Number({ ...Minutes, description: 'longest shelving of an incident; 12 hours where left out' }),
    ),
    travel: Type.Optional(
      Type.Object(
        {
          kmPerHour: Type.Number({ exclusiveMinimum: 0, maximum: 200 }),
          detour: Type.Number({ minimum: 1, maximum: 10, description: 'road over straight line' }),
          turnoutMinutes: Type.Number({ minimum: 0, maximum: 240, description: 'order to departure' }),
        },
        {
          additionalProperties: false,
          description: 'A29: what the estimate of the way is made of; none is shown where left out',
        },
      ),
    ),
    warnAtPercent: Type.Array(Type.Integer({ minimum: 1, maximum: 99 })),
    warnShortAtPercent: Type.Array(Type.Integer({ minimum: 1, maximum: 99 })),
    shortLimitMinutes: Minutes,
  },
  { additionalProperties: false },
)

const Escalation = Type.Object(
  {
    skippedRungs: Type.Partial(
      Type.Record(
        Type.Enum(LEVELS),
        Type.Integer({ minimum: 0, maximum: 4, description: 'rungs left out at each warning' }),
      ),
    ),
    unansweredMinutes: Type.Number({
      exclusiveMinimum: 0,
      maximum: 24 * 60,
      description: 'A31: an unanswered call reaches the dispatch centre after so long',
    }),
    inferred: Inferred,
  },
  { additionalProperties: false },
)

const Taker = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$', description: 'id of a department' })
const Routing = Type.Object(
  {
    trunk_under_warranty: Type.String({
      ...Taker,
      description: 'primary trunk under construction or in warranty',
    }),
    primary_in_service: Type.String({ ...Taker, description: 'primary network in service' }),
    branch_under_construction: Type.String({
      ...Taker,
      description: 'primary branch under construction (A9)',
    }),
    station: Type.String({
      ...Taker,
      description: 'the station itself (A8); `area`: the department of its area',
    }),
    branchInWarranty: Type.Enum(['trunk_under_warranty', 'primary_in_service'], {
      description: 'the rule of a branch still in warranty (A9)',
    }),
  },
  { additionalProperties: false, description: 'who takes what (第四条A); as in Wuda where it is left out' },
)

const Statutory = Type.Object(
  {
    law: Type.String({ minLength: 1, maxLength: 200 }),
    reportMinutes: Type.Optional(
      Type.Number({ ...Minutes, description: 'heat off so long: residents are informed, it is reported' }),
    ),
    compensateMinutes: Type.Optional(
      Type.Number({ ...Minutes, description: 'heat off so long: residents are compensated' }),
    ),
    verified: Type.Boolean({ description: 'somebody has read the law in force' }),
  },
  {
    additionalProperties: false,
    description: 'A40: timers of a law above this policy; off where left out, and never a breach',
  },
)

const HeatingSeason = Type.Object(
  { from: MonthDay, to: MonthDay },
  {
    additionalProperties: false,
    description: 'first and last day, MM-DD; settings of duty that somebody has entered win over it',
  },
)
/** In force where a pack names no season. */
export const DEFAULT_SEASON = { from: '10-15', to: '04-15' }

const ReviewLevel = Type.Object(
  {
    name: LocalizedText,
    targetMinutes: Type.Optional(
      Type.Number({ ...Minutes, description: 'internal target; settings.reviewTargetMinutes if left out' }),
    ),
    role: Type.Optional(
      Type.Enum(['dispatcher', 'service'], { description: 'who reviews; the dispatch centre if left out' }),
    ),
    inferred: Inferred,
  },
  { additionalProperties: false },
)
export type ReviewLevel = Type.Static<typeof ReviewLevel>

/** A misspelt name is a mistake, not something to overlook. */
const CLOSED = { additionalProperties: false }

/** A city's hotline policy as data: printed, checked and replaced without touching the engine. */
export const PolicyPack = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
    title: LocalizedText,
    publishedAt: Type.String({ maxLength: 40 }),
    legalBasis: Type.String({ maxLength: 200 }),
    hotline: Type.String({ maxLength: 40 }),
    levels: Type.Record(Type.Enum(LEVELS), LevelRule, CLOSED),
    kinds: Type.Record(Type.Enum(TICKET_KINDS), KindRule, CLOSED),
    clocks: Type.Record(Type.Enum(CLOCK_KEYS), ClockRule, CLOSED),
    flags: Flags,
    settings: Settings,
    clauses: Clauses,
    routing: Type.Optional(Routing),
    season: Type.Optional(HeatingSeason),
    statutory: Type.Optional(Statutory),
    escalation: Type.Optional(Escalation),
    reviewLevels: Type.Optional(
      Type.Array(ReviewLevel, {
        minItems: 1,
        maxItems: 5,
        description: 'A20: a reply passes them in this order, each by somebody else; one where left out',
      }),
    ),
  },
  { additionalProperties: false, title: 'Wellwatch policy pack' },
)
export type PolicyPack = Type.Static<typeof PolicyPack>

import Type from 'typebox'
import { LocalizedText } from '#contract/text.ts'
import { CLOCK_SEVERITIES, TICKET_KINDS } from '#contract/vocabulary.ts'
import { Clause } from './clauses.ts'

/** What starts a clock. `repair`: the same start as the kind's headline clock. */
const CLOCK_STARTS = [
  'received',
  'dispatched',
  'effective_accept',
  'plan',
  'repair',
  'slip',
  'extension_requested',
] as const
export type ClockStart = (typeof CLOCK_STARTS)[number]

/** What stops a clock. `repaired_heat` and `fault_heat`: the later of the two. */
const CLOCK_STOPS = [
  'dispatched',
  'accepted',
  'assigned',
  'arrived',
  'facility_contact',
  'reporter_contact',
  'repaired',
  'repaired_heat',
  'fault_heat',
  'submitted',
  'callback',
  'extension_answered',
] as const
export type ClockStop = (typeof CLOCK_STOPS)[number]

export const Inferred = Type.Optional(
  Type.String({
    pattern: '^(I|A\\d{1,2})$',
    description: 'not in the text: its entry in the ambiguity register',
  }),
)
export const Minutes = Type.Number({ exclusiveMinimum: 0, maximum: 60 * 24 * 366, description: 'minutes' })
/** One obligation: when it starts, how long it may take, what ends it. */
export const ClockRule = Type.Object(
  {
    name: LocalizedText,
    clause: Clause,
    start: Type.Enum(CLOCK_STARTS),
    stop: Type.Enum(CLOCK_STOPS),
    limitBy: Type.Enum(['minutes', 'level', 'same_day', 'working_days']),
    limitMinutes: Type.Optional(Minutes),
    secondLimit: Type.Optional(
      Type.Object(
        { limitMinutes: Minutes, when: LocalizedText, clause: Type.Optional(Clause) },
        {
          additionalProperties: false,
          description:
            'in place of limitMinutes once the unit has stated, with its reason, that `when` holds',
        },
      ),
    ),
    workingDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
    severity: Type.Enum(CLOCK_SEVERITIES),
    breach: Type.Enum(['breach', 'advice', 'measured'], {
      description: 'what passing the limit means: a breach, advice only, or a measurement',
    }),
    extendable: Type.Boolean({ description: 'an effective extension moves it' }),
    byKind: Type.Optional(
      Type.Partial(
        Type.Record(
          Type.Enum(TICKET_KINDS),
          Type.Object(
            {
              clause: Type.Optional(Clause),
              severity: Type.Optional(Type.Enum(CLOCK_SEVERITIES)),
              start: Type.Optional(Type.Enum(CLOCK_STARTS)),
            },
            { additionalProperties: false },
          ),
        ),
      ),
    ),
    inferred: Inferred,
  },
  { additionalProperties: false },
)
export type ClockRule = Type.Static<typeof ClockRule>

import Type from 'typebox'
import { RETURN_REASONS } from './commands/closing.ts'
import { InstantText } from './identity.ts'
import { CLOCK_KEYS } from './vocabulary.ts'

/** What figures can be split by (`GET /kpi?by=`). */
export const KPI_GROUPS = ['department', 'area', 'kind', 'level'] as const
export type KpiGroup = (typeof KPI_GROUPS)[number]

const Count = Type.Integer({ minimum: 0 })
const Name = Type.Object({ zh: Type.String(), en: Type.String() })
const NullableNumber = Type.Union([Type.Number(), Type.Null()])

export const Share = Type.Object(
  { count: Count, of: Count, share: NullableNumber },
  { description: 'count / of; share is null where there was nothing to count' },
)
export type Share = Type.Static<typeof Share>

export const Span = Type.Object(
  { count: Count, meanMinutes: NullableNumber, medianMinutes: NullableNumber, mostMinutes: NullableNumber },
  { description: 'spans of time in minutes' },
)
export type Span = Type.Static<typeof Span>

/** The figures of a set of tickets, by the clauses. */
export const Figures = Type.Object({
  tickets: Count,
  open: Count,
  clocks: Type.Array(
    Type.Object(
      {
        key: Type.Enum(CLOCK_KEYS),
        clause: Type.String(),
        name: Name,
        onTime: Count,
        late: Count,
        overdue: Count,
        share: NullableNumber,
      },
      { description: 'share = onTime / (onTime + late + open and overdue)' },
    ),
  ),
  firstArrival: Share,
  breachCauses: Type.Object({
    extension_pending: Count,
    mis_dispatch: Count,
    plan_missing: Count,
    other: Count,
  }),
  returned: Share,
  returnReasons: Type.Record(Type.Enum(RETURN_REASONS), Count),
  extensions: Type.Object({ requested: Count, answered: Count, answeredInTime: Share, approved: Count }),
  callbacksInTime: Share,
  satisfied: Share,
  unreached: Count,
  unfoundedSensor: Share,
  unfoundedCall: Share,
  answeredDirectly: Share,
  hidden: Span,
  pace: Type.Object(
    { notified: Span, planned: Span, repaired: Span },
    { description: 'opening to first order, order to confirmed plan, plan to repair: measured, not limited' },
  ),
  sensorLead: Span,
  sensorFirst: Share,
})
export type Figures = Type.Static<typeof Figures>

/** How many alarms asked for somebody, as ISA-18.2 and EEMUA 191 count; exercises and merged ones left out. */
export const AlarmFigures = Type.Object({
  count: Count,
  perTenMinutes: NullableNumber,
  mostInTenMinutes: Count,
  floods: Count,
  floodShare: Type.Union([Type.Number(), Type.Null()], { description: 'of the time, 0…1' }),
  standing: Count,
  stale: Type.Integer({ description: 'standing for more than a day' }),
  chattering: Type.Integer({ description: 'sources that spoke three times within an hour' }),
  byLevel: Type.Object({ special: Count, first: Count, second: Count, third: Count }),
})
export type AlarmFigures = Type.Static<typeof AlarmFigures>

/** `GET /kpi`: tickets opened in `[from, to)`, exercises and merged ones left out. */
export const Kpi = Type.Object({
  from: InstantText,
  to: InstantText,
  at: InstantText,
  total: Figures,
  notices: Share,
  alarms: AlarmFigures,
  roster: Type.Optional(
    Type.Object(
      {
        neededHours: Type.Number(),
        coveredHours: Type.Number(),
        missingHours: Type.Number(),
        withoutRoster: Type.Array(Type.String()),
      },
      { description: 'person-hours of duty in the heating season, as far as the period is past' },
    ),
  ),
  by: Type.Optional(Type.Enum(KPI_GROUPS)),
  groups: Type.Optional(Type.Array(Type.Object({ id: Type.String(), name: Name, figures: Figures }))),
})
export type Kpi = Type.Static<typeof Kpi>

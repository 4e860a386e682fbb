import type { LabEvent } from '../../simulators/laboratory/scenario.ts'
import type { Figure } from './figure.ts'
import { least, most, quantileFigure, rateFigure, shareFigure } from './figure.ts'
import type { EventOutcome, IncidentOutcome, Outcome } from './outcome.ts'

const YEAR_DAYS = 365.25
/** 15 October to 15 April. */
const SEASON_DAYS = 182

/** An event of one kind, with its outcome. */
export type Of<K extends LabEvent['kind']> = EventOutcome & { readonly event: Extract<LabEvent, { kind: K }> }

export function outcomesOf<K extends LabEvent['kind']>(
  outcomes: readonly Outcome[],
  kind: K,
): readonly Of<K>[] {
  return outcomes.flatMap(({ events }) => events.filter((one): one is Of<K> => one.event.kind === kind))
}

export const isFound = ({ foundAfterMin }: EventOutcome): boolean => foundAfterMin !== undefined
export const isSlow = ({ event }: Of<'leak'>): boolean => event.growH !== undefined

/** Every figure of the detector's quality, from what became of the scenarios. */
export function figuresOf(outcomes: readonly Outcome[]): readonly Figure[] {
  return [
    ...leakFigures(outcomes),
    ...wellFigures(outcomes),
    ...coverFigures(outcomes),
    ...falseFigures(outcomes),
    ...faultFigures(outcomes),
  ]
}

export const SIZE_CLASSES = [
  [1, 5],
  [5, 10],
  [10, 20],
  [20, 50],
  [50, 1000],
] as const

function leakFigures(outcomes: readonly Outcome[]): Figure[] {
  const abrupt = outcomesOf(outcomes, 'leak').filter((one) => !isSlow(one))
  const middling = outcomesOf(
    outcomes.filter(({ counted }) => counted.wells === 200),
    'leak',
  ).filter((one) => !isSlow(one))
  const from = (th: number, among: readonly Of<'leak'>[] = abrupt) =>
    among.filter(({ event }) => event.th >= th)
  const delays = (th: number, below = Infinity) =>
    abrupt.flatMap(({ event, foundAfterMin = [] }) =>
      event.th >= th && event.th < below ? foundAfterMin : [],
    )
  const slow = outcomesOf(outcomes, 'leak').filter(isSlow)
  const located = from(50).filter(isFound)
  return [
    shareFigure(
      { id: 'leak-recall', what: 'Leaks ≥ 5 t/h found within 24 h, 200 wells', target: least(0.95, 0.99) },
      from(5, middling).map(isFound),
    ),
    shareFigure(
      { id: 'leak-recall-all', what: 'Leaks ≥ 5 t/h found within 24 h, every network' },
      from(5).map(isFound),
    ),
    ...SIZE_CLASSES.map(([low, high]) =>
      shareFigure(
        {
          id: `leak-recall-${String(low)}`,
          what: `· ${String(low)} … ${high === 1000 ? 'more' : String(high)} t/h`,
        },
        abrupt.filter(({ event }) => event.th >= low && event.th < high).map(isFound),
      ),
    ),
    ...([20, 50] as const).flatMap((th) => [
      quantileFigure(
        {
          id: `leak-delay-${String(th)}`,
          what: `Median delay, leaks ≥ ${String(th)} t/h`,
          target: th === 20 ? most(60, 45) : most(40, 25),
        },
        delays(th),
        { share: 0.5, unit: 'min' },
      ),
      quantileFigure({ id: `leak-delay-${String(th)}-p90`, what: '· 90 % of them' }, delays(th), {
        share: 0.9,
        unit: 'min',
      }),
    ]),
    quantileFigure({ id: 'leak-delay-5', what: 'Median delay, leaks 5 … 20 t/h' }, delays(5, 20), {
      share: 0.5,
      unit: 'min',
    }),
    shareFigure({ id: 'slow-recall', what: 'Slow leaks found before they were mended' }, slow.map(isFound)),
    quantileFigure({ id: 'slow-size', what: '· median size when found' }, slow.flatMap(sizeWhenFound), {
      share: 0.5,
      unit: 't/h',
    }),
    shareFigure(
      { id: 'location-top-10', what: 'True well among the ten named, ≥ 50 t/h', target: least(0.8, 0.9) },
      from(50).map(({ location }) => location?.listed === true),
    ),
    quantileFigure(
      { id: 'location-hops', what: '· pipes from the first named to the hole, median' },
      located.flatMap(({ location }) => location?.hops ?? []),
      { share: 0.5, unit: 'hops' },
    ),
  ]
}

function sizeWhenFound({ event, foundAfterMin }: Of<'leak'>): number[] {
  if (foundAfterMin === undefined || event.growH === undefined) return []
  const first = event.fromTh ?? 0
  return [first + (event.th - first) * Math.min(1, foundAfterMin / 60 / event.growH)]
}

function wellFigures(outcomes: readonly Outcome[]): Figure[] {
  const leaks = outcomesOf(outcomes, 'well-leak')
  const hot = leaks.filter(({ secondary }) => secondary !== true)
  const cool = leaks.filter(({ secondary }) => secondary === true)
  const within = (minutes: number) => (one: EventOutcome) => (one.foundAfterMin ?? Infinity) <= minutes
  const secondary = outcomesOf(outcomes, 'secondary-leak')
  return [
    shareFigure(
      {
        id: 'well-recall',
        what: 'Leaks ≥ 0.5 t/h into a watched chamber found in 60 min',
        target: least(0.95, 0.99),
      },
      hot.filter(({ event }) => event.th >= 0.5).map(within(60)),
    ),
    shareFigure(
      { id: 'well-recall-small', what: '· smaller ones, at all' },
      hot.filter(({ event }) => event.th < 0.5).map(isFound),
    ),
    shareFigure(
      { id: 'well-recall-secondary', what: '· ≥ 0.5 t/h of secondary water, in 60 min' },
      cool.filter(({ event }) => event.th >= 0.5).map(within(60)),
    ),
    shareFigure(
      { id: 'secondary-recall', what: 'Secondary leaks ≥ 3 t/h found at their station' },
      secondary.filter(({ event }) => event.th >= 3).map(isFound),
    ),
  ]
}

function coverFigures(outcomes: readonly Outcome[]): Figure[] {
  const covers = outcomesOf(outcomes, 'cover')
  const years = outcomes.reduce((sum, { counted }) => sum + (counted.covers * counted.days) / YEAR_DAYS, 0)
  const alarms = incidents(outcomes, 'cover').filter((one) => !one.true)
  return [
    shareFigure(
      { id: 'cover-recall', what: 'Covers open, missing, displaced: found', target: least(0.99, 1) },
      covers.map(isFound),
    ),
    quantileFigure(
      {
        id: 'cover-delay',
        what: '· longest delay after the message of a device that decides itself',
        target: most(5, 1),
      },
      covers.flatMap(({ afterMessageS }) => afterMessageS ?? []),
      { share: 1, unit: 's' },
    ),
    rateFigure(
      { id: 'cover-false', what: 'False cover alarms per cover and year', target: most(0.05, 0.02) },
      alarms.length,
      years,
      '/year',
    ),
  ]
}

const incidents = (outcomes: readonly Outcome[], kind?: IncidentOutcome['kind']) =>
  outcomes.flatMap((outcome) => outcome.incidents.filter((one) => kind === undefined || one.kind === kind))

function falseFigures(outcomes: readonly Outcome[]): Figure[] {
  const all = incidents(outcomes)
  const leaks = incidents(outcomes, 'primary_leak')
  const wrong = leaks.filter((one) => !one.true)
  const days = outcomes.reduce((sum, { counted }) => sum + counted.days, 0)
  const sensorYears = outcomes.reduce(
    (sum, { counted }) => sum + (counted.pressureSensors * counted.days) / YEAR_DAYS,
    0,
  )
  const confirmed = all.filter((one) => one.confirmed)
  return [
    shareFigure(
      { id: 'precision', what: 'Confirmed incidents that were true', target: least(0.9, 0.95) },
      confirmed.map((one) => one.true),
    ),
    shareFigure(
      { id: 'precision-suspected', what: '· suspected ones' },
      all.filter((one) => !one.confirmed).map((one) => one.true),
    ),
    rateFigure(
      {
        id: 'false-sensor-year',
        what: 'False leak incidents per pressure sensor and year',
        target: most(0.1, 0.05),
      },
      ...([wrong.length, sensorYears, '/year'] as const),
    ),
    rateFigure(
      { id: 'false-season', what: 'False leak incidents per network and season', target: most(2, 0.5) },
      ...([wrong.length, days / SEASON_DAYS, '/season'] as const),
    ),
    rateFigure(
      { id: 'false-season-confirmed', what: '· confirmed ones' },
      ...([wrong.filter((one) => one.confirmed).length, days / SEASON_DAYS, '/season'] as const),
    ),
    rateFigure(
      { id: 'first-days-false', what: 'False incidents per network, first 48 h', target: most(1, 0.2) },
      ...([all.filter((one) => !one.true && one.openedH < 48).length, outcomes.length, '/network'] as const),
    ),
    rateFigure(
      { id: 'device-false', what: 'False device faults per device and year', target: most(0.5, 0.1) },
      outcomes.reduce((sum, { falseFaults }) => sum + falseFaults.length, 0),
      outcomes.reduce((sum, { counted }) => sum + (counted.devices * counted.days) / YEAR_DAYS, 0),
      '/year',
    ),
    shareFigure(
      { id: 'evidence', what: 'Incidents whose evidence is whole' },
      all.map((one) => one.evidenceWhole),
    ),
  ]
}

function faultFigures(outcomes: readonly Outcome[]): Figure[] {
  const faults = outcomesOf(outcomes, 'fault').filter((one) => one.expectedFault !== undefined)
  const pressure = faults.filter(({ event }) => event.signal?.endsWith('_mpa'))
  const alone = pressure.filter((one) => one.alone)
  return [
    shareFigure(
      { id: 'fault-named', what: 'Single sensor faults named within 12 h', target: least(0.95, 0.98) },
      faults.map(isFound),
    ),
    shareFigure(
      { id: 'fault-noticed', what: '· named or called something else' },
      faults.map((one) => isFound(one) || one.calledInstead !== undefined),
    ),
    shareFigure({ id: 'fault-pressure', what: '· of pressure sensors, named' }, pressure.map(isFound)),
    shareFigure(
      {
        id: 'fault-as-leak',
        what: 'Faults of a pressure sensor alone taken for a leak',
        target: most(0.03, 0.01),
      },
      alone.map((one) => one.takenForLeak === true),
    ),
    shareFigure(
      { id: 'leak-beside-fault', what: 'Leaks ≥ 5 t/h found while a sensor was at fault' },
      leaksBesideFaults(outcomes).map(isFound),
    ),
  ]
}

function leaksBesideFaults(outcomes: readonly Outcome[]): readonly Of<'leak'>[] {
  return outcomes.flatMap((outcome) => {
    const faults = outcomesOf([outcome], 'fault').filter(({ event }) => event.signal?.endsWith('_mpa'))
    return outcomesOf([outcome], 'leak').filter(
      ({ event, ...one }) =>
        event.th >= 5 &&
        !isSlow({ event, ...one }) &&
        faults.some(
          ({ event: fault }) =>
            fault.startH < event.startH + event.hours && fault.startH + fault.hours > event.startH,
        ),
    )
  })
}

import { DAY, HOUR, type Instant } from '../../instant.ts'
import { createCalibration } from '../core/calibration.ts'
import { judgePressures } from './pressure.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS, QUARTERS_OF_HOUR } from '../core/series.ts'
import { changesOf, LASTING_QUARTERS, type Changes } from './changes.ts'
import { fitZone } from './expectation.ts'
import { judgeLeak, leakBudget, ACCEPTED_AFTER } from './judge-leak.ts'
import type { Evaluation } from './evaluation.ts'
import { judgeSensors, sensorBudget, settleNamed } from './judge-sensors.ts'
import { flowShowsLeak } from './regressors.ts'
import { rememberHour } from './hourly-history.ts'
import { outliersOf } from './outliers.ts'
import { balanceOf, type WaterBalance } from './water-balance.ts'
import { weighHypotheses, type KnownLoss } from './hypotheses.ts'
import { NO_VALUE, type ZoneModel, type ZoneState } from '../core/zone-state.ts'
import type { LeakZone } from '../core/zones.ts'

/** Hours that the first model needs; before, every sensor is judged against its own past. */
export const HOURS_FOR_MODEL = 72
export const ENOUGH_SENSORS = 3
/** Changes are over the last hour; beside water that is being lost since less, over its latest half. */
const FRESH_QUARTERS = 2
/** Refitted in the quiet of the night, 02:00 in Shanghai. */
const REFIT_HOUR_UTC = 18

export function createZoneState(run: DetectorRun, id: string, anchor: Instant): ZoneState {
  const { settings } = run.context
  return {
    id,
    anchor,
    quarter: 0,
    heardAt: 0,
    held: 0,
    calm: 0,
    saidAt: 0,
    history: { hours: [], x: {}, y: {} },
    dips: [],
    suspects: {},
    named: {},
    mended: {},
    leak: createCalibration(leakBudget(settings)),
    sensor: createCalibration(sensorBudget(settings)),
  }
}

/** Judges the quarter hour that ends at `at`: remember, refit, compare, decide. */
export function judgeZone(
  run: DetectorRun,
  zone: LeakZone,
  watch: ZoneState,
  when: { readonly at: Instant; readonly knownAt: Instant },
): void {
  const { at, knownAt } = when
  const balance = balanceOf(run, zone, at)
  const loss = balance.alarmed ? balance.loss : undefined
  const frozen = (watch.raised !== undefined || loss !== undefined) && !isOld(watch, at)
  rememberHour(run, zone, watch, { at, frozen })
  const response = run.context.responses?.get(zone.id)
  if (response !== undefined && !frozen) refit(run, watch, response, at)
  const quarters = quartersOf(watch, balance, at)
  const { model } = watch
  if (response === undefined || model === undefined || response.sensors.length < ENOUGH_SENSORS) {
    judgePressures(run, zone, watch, { ...when, aided: loss !== undefined, quarters })
    return
  }
  const last = Math.floor((at - 1) / BUCKET_MS)
  const changes = changesOf(run, { watch, model, response, quarters }, last)
  settleNamed(run, watch, when, changes.named)
  const weighing = { model, response, flowShowsLeak: flowShowsLeak(run.context.network, zone.id) }
  const weighed = weighHypotheses(changes, weighing)
  if (weighed === undefined || changes.list.length < ENOUGH_SENSORS) return
  freeze(watch, changes, loss)
  const evaluation: Evaluation = {
    ...weighing,
    run,
    zone,
    watch,
    changes,
    weighed,
    balance,
    loss,
    at,
    knownAt,
  }
  const strays = outliersOf(evaluation)
  judgeSensors(evaluation, strays.byKey, strays.greatest)
  judgeLeak(evaluation)
}

/** How many quarter hours count as now: the longer a leak lasts, the better it is known. */
function quartersOf({ raised }: ZoneState, balance: WaterBalance, at: Instant): number {
  if (balance.alarmed && at - balance.since < HOUR) return FRESH_QUARTERS
  if (raised === undefined) return QUARTERS_OF_HOUR
  const since = Math.floor((at - raised.eventAt) / BUCKET_MS)
  return Math.min(Math.max(since, QUARTERS_OF_HOUR), LASTING_QUARTERS)
}

function isOld(watch: ZoneState, at: Instant): boolean {
  return watch.raised !== undefined && at - watch.raised.eventAt > ACCEPTED_AFTER
}

/** While water is being lost the day before stays the reference. */
function freeze(watch: ZoneState, changes: Changes, loss: KnownLoss | undefined): void {
  if (loss === undefined && watch.raised === undefined) delete watch.reference
  else {
    watch.reference ??= Object.fromEntries(
      changes.list.map(({ sensor, usualResidual }) => [sensor.key, Number(usualResidual.toFixed(3))]),
    )
  }
}

function refit(
  run: DetectorRun,
  watch: ZoneState,
  response: Parameters<typeof fitZone>[1],
  at: Instant,
): void {
  const { hours } = watch.history
  const newest = hours.at(-1)
  if (newest === undefined || hours.length < HOURS_FOR_MODEL) return
  const { model } = watch
  const due =
    model === undefined ||
    (newest > model.fittedAt && newest % 24 === REFIT_HOUR_UTC) ||
    newest - model.fittedAt >= DAY / HOUR ||
    (newest > model.fittedAt && at % HOUR < BUCKET_MS && hasLostRegressor(watch, model))
  if (!due) return
  const fitted = fitZone(watch.history, response, run.context.settings.pressureSigmaKpa)
  if (fitted === undefined) delete watch.model
  else watch.model = fitted
}

/** A meter that fell silent must not blind the zone: the model does without it. */
function hasLostRegressor({ history }: ZoneState, model: ZoneModel): boolean {
  return model.columns.some(({ name }) => (history.x[name]?.at(-1) ?? NO_VALUE) === NO_VALUE)
}

import { HOUR, SECOND } from '../../instant.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import type { Buckets } from '../core/state.ts'
import {
  BUCKET_MS,
  QUARTERS_OF_DAY,
  QUARTERS_OF_HOUR,
  meanOf,
  meansBetween,
  median,
  medianKnown,
} from '../core/series.ts'
import { stationDemand, meanDemand, unevenDemand, unevenKpa } from './station-demand.ts'
import { expectedOf, standardise } from './expectation.ts'
import { drivesOf, regressorsOf, type Drive } from './regressors.ts'
import type { ZoneResponse } from '../core/leak-response.ts'
import type { ZoneModel, ZoneState } from '../core/zone-state.ts'
import type { PressureSensor } from '../core/zones.ts'

/** One sensor at one evaluation: how far its residual is from what it was over the last day [kPa]. */
export interface Change {
  readonly sensor: PressureSensor
  /** Its column of the response, and its row of the model. */
  readonly column: number
  readonly row: number
  readonly offKpa: number
  readonly nowKpa: number
  /** Residual before: median of the 24 h, or the frozen one. */
  readonly usualResidual: number
  /** Residuals of the last day by quarter hour, newest last; NaN where not known. */
  readonly residuals: Float64Array
}

/** All changes of an evaluation, with what drove the zone then. */
export interface Changes {
  readonly list: readonly Change[]
  /** Flow of the last hour [t/h]; undefined: not measured. */
  readonly flowTh: number | undefined
  /** How far the hour lies outside what was learnt, against the day before: added variance in parts of a sensor's own. */
  readonly leverage: number
  /** Residuals of the sensors that are named at fault [kPa]. */
  readonly named: ReadonlyMap<string, number>
}

/** The longest stretch that counts as now. */
export const LASTING_QUARTERS = 12
const ENOUGH_BEFORE = 24

/**
 * d = median of the last hour's residuals less the median of the 24 h before, for every sound sensor that
 * speaks. Empty while what drives the zone is not known.
 * @param last number of the newest quarter hour
 */
export function changesOf(
  run: DetectorRun,
  of: {
    readonly watch: ZoneState
    readonly model: ZoneModel
    readonly response: ZoneResponse
    /** How many quarter hours count as now. */
    readonly quarters: number
  },
  last: number,
): Changes {
  const { watch, model, response, quarters } = of
  const from = last - QUARTERS_OF_DAY + 1
  const drives = drivesOf(run, response.zoneId, from, last)
  const rows = drives.map((drive, n) => {
    const values = regressorsOf(drive, (from + n + 0.5) * BUCKET_MS)
    return standardise(model.columns, (name) => values[name])
  })
  const flows = drives.slice(-quarters).flatMap(({ flowTh }) => flowTh ?? [])
  const flowTh = flows.length === 0 ? undefined : median(flows)
  if (rows.slice(-quarters).every((row) => row === undefined))
    return { list: [], flowTh, named: new Map(), leverage: 0 }
  const uneven = unevenBetween(run, { model, response, drives }, from, last)
  const rowOf = new Map(model.keys.map((key, row) => [key, row]))
  const list: Change[] = []
  const named = new Map<string, number>()
  for (const [column, sensor] of response.sensors.entries()) {
    const row = rowOf.get(sensor.key)
    if (row === undefined) continue
    const isNamed = Object.hasOwn(watch.named, sensor.key)
    const buckets = isNamed
      ? run.state.devices[sensor.deviceId]?.series[sensor.signal]?.buckets
      : soundBuckets(run, sensor.deviceId, sensor.signal)
    if (buckets === undefined) continue
    const expected = { model, response, row, column, onReturn: sensor.side === 'return' }
    const residuals = residualsOf(buckets, from, { drives, rows, uneven, ...expected })
    if (isNamed) {
      const now = medianKnown(residuals.subarray(QUARTERS_OF_DAY - quarters))
      if (!Number.isNaN(now)) named.set(sensor.key, now)
    } else list.push(...changeOf(run, watch, { sensor, column, row, residuals, buckets, last, quarters }))
  }
  return { list, flowTh, named, leverage: leverageOf(model, rows, quarters) }
}

/**
 * What metered stations take besides their part, by quarter hour; empty where it is not known. Of what is
 * long ago the hour is enough: its quarters share one row.
 */
function unevenBetween(
  run: DetectorRun,
  of: { readonly model: ZoneModel; readonly response: ZoneResponse; readonly drives: readonly Drive[] },
  from: number,
  last: number,
): readonly Float64Array[] {
  const { model, response, drives } = of
  const use = stationDemand(model, response)
  if (use === undefined) return []
  const { nominalTh } = response
  const rows: Float64Array[] = []
  for (let n = 0; n <= last - from;) {
    const length = n < QUARTERS_OF_DAY - LASTING_QUARTERS ? QUARTERS_OF_HOUR : 1
    const flows = drives.slice(n, n + length).flatMap(({ flowTh }) => flowTh ?? [])
    const flowTh = flows.length === 0 ? undefined : flows.reduce((sum, flow) => sum + flow, 0) / flows.length
    const row = unevenDemand(use, { flowTh, nominalTh }, meanDemand(run, response, from + n, length))
    for (let k = 0; k < length; k += 1) rows.push(row)
    n += length
  }
  return rows
}

/** Hours in a row stray alike, so that the regression is less sure than their number says. */
const ALIKE_HOURS = 4

/** xᵀ(XᵀX + penalty)⁻¹x of what the hour differs from the day before. */
function leverageOf(
  model: ZoneModel,
  rows: readonly (readonly number[] | undefined)[],
  quarters: number,
): number {
  const now = meanRow(rows.slice(-quarters))
  const before = meanRow(rows.slice(0, -QUARTERS_OF_HOUR))
  if (now === undefined || before === undefined) return 0
  const apart = now.map((value, c) => value - (before[c] ?? 0))
  let sum = 0
  for (const [a, row] of model.unsure.entries()) {
    for (const [b, value] of row.entries()) sum += (apart[a] ?? 0) * value * (apart[b] ?? 0)
  }
  return ALIKE_HOURS * Math.max(sum, 0)
}

function meanRow(rows: readonly (readonly number[] | undefined)[]): readonly number[] | undefined {
  const known = rows.filter((row) => row !== undefined)
  return known[0]?.map((_, c) => known.reduce((sum, row) => sum + (row[c] ?? 0), 0) / known.length)
}

function residualsOf(
  buckets: Buckets,
  from: number,
  of: {
    readonly drives: readonly Drive[]
    readonly rows: readonly (readonly number[] | undefined)[]
    readonly uneven: readonly Float64Array[]
    readonly model: ZoneModel
    readonly response: ZoneResponse
    readonly row: number
    readonly column: number
    readonly onReturn: boolean
  },
): Float64Array {
  const { drives, rows, uneven, model, response, onReturn } = of
  const beta = model.beta[of.row] ?? []
  const loss = (response.lossKpa[of.column] ?? 0) / (response.nominalTh ?? 1) ** 2
  const residuals = new Float64Array(QUARTERS_OF_DAY).fill(Number.NaN)
  let [row, byLoads] = [uneven[0], 0]
  if (row !== undefined) byLoads = unevenKpa(response, of.column, row)
  for (let n = 0; n < QUARTERS_OF_DAY; n += 1) {
    const [mean, drive, x] = [meanOf(buckets, from + n), drives[n], rows[n]]
    if (mean === undefined || drive === undefined || x === undefined) continue
    const own = onReturn ? drive.returnKpa : drive.supplyKpa
    const lost = response.nominalTh === undefined || drive.flowTh === undefined ? 0 : loss * drive.flowTh ** 2
    const prior = own === undefined ? 0 : onReturn ? own + lost : own - lost
    if (uneven[n] !== row) {
      row = uneven[n]
      byLoads = row === undefined ? 0 : unevenKpa(response, of.column, row)
    }
    residuals[n] = 1000 * mean - prior - byLoads - expectedOf(beta, x)
  }
  return residuals
}

function changeOf(
  run: DetectorRun,
  watch: ZoneState,
  found: {
    readonly sensor: PressureSensor
    readonly column: number
    readonly row: number
    readonly residuals: Float64Array
    readonly buckets: Buckets
    readonly last: number
    readonly quarters: number
  },
): readonly Change[] {
  const { sensor, column, row, residuals, buckets, last, quarters } = found
  const now = residuals.subarray(QUARTERS_OF_DAY - quarters)
  const intervalS = run.context.network.devices.get(sensor.deviceId)?.intervalS ?? 0
  if (countKnown(now) < (intervalS * SECOND > 2 * BUCKET_MS || quarters < QUARTERS_OF_HOUR ? 1 : 2)) return []
  const before = residuals.subarray(0, QUARTERS_OF_DAY - QUARTERS_OF_HOUR)
  const enough = Math.min(ENOUGH_BEFORE, Math.max(8, (12 * HOUR) / Math.max(intervalS * SECOND, 1)))
  const frozen = watch.reference?.[sensor.key] ?? watch.mended[sensor.key]?.usual
  if (frozen === undefined && countKnown(before) < enough) return []
  const usualResidual = frozen ?? medianKnown(before)
  const means = meansBetween(buckets, last - quarters + 1, last)
  return [
    {
      sensor,
      column,
      row,
      residuals,
      usualResidual,
      offKpa: medianKnown(now) - usualResidual,
      nowKpa: 1000 * median(means),
    },
  ]
}

function countKnown(values: Float64Array): number {
  let count = 0
  for (let n = 0; n < values.length; n += 1) if (!Number.isNaN(values[n] ?? Number.NaN)) count += 1
  return count
}

import { median } from '../core/series.ts'
import { stationDemand, unevenDemand, unevenKpa, usualDemand } from './station-demand.ts'
import { withLoads } from './factor-model.ts'
import { solveSymmetric } from './linear.ts'
import { REGRESSORS } from './regressors.ts'
import type { ZoneResponse } from '../core/leak-response.ts'
import { NO_VALUE, type ZoneHistory, type ZoneModel } from '../core/zone-state.ts'

type Columns = ZoneModel['columns']

/** Part of the hours that a regressor or a sensor must know to be used. */
const KNOWN_SHARE = 0.6
/** The daily course is learnt once it has been seen so often. */
const HOURS_FOR_COURSE = 96
const DAILY = new Set<string>(['sin1', 'cos1', 'sin2', 'cos2'])
/** Ridge penalty as a share of the number of hours: figures that move together share what they explain. */
const RIDGE = 0.01
/** Pressures follow their source's one to one; by physics they stray from that by no more than so [kPa/kPa]. */
const SLOPE_SIGMA = 0.02
const FOLLOWED = new Set<string>(['supply', 'return'])
const HOURS_OF_DAY = 24
const NO_DRAWS = new Float64Array(0)

/**
 * Ridge regression of each sensor's pressure on what drives the network,
 * around a physical prior: its source's pressure less the friction loss, which goes with the square of
 * the flow. Then how the differences stray together. Undefined: too few hours are usable.
 */
export function fitZone(
  history: ZoneHistory,
  response: ZoneResponse,
  sigmaFloorKpa: number,
): ZoneModel | undefined {
  const hours = history.hours.length
  const columns = columnsOf(history)
  const rows = standardised(history, columns)
  const penalties = columns.map(({ name, scale }) =>
    FOLLOWED.has(name) ? 1 / (SLOPE_SIGMA * scale) ** 2 : RIDGE * hours,
  )
  const draws = columns.some(({ name }) => name === 'flow') ? usualDemand(history, response) : []
  const use = stationDemand({ draws }, response)
  const uneven = history.hours.map((_, n) => {
    if (use === undefined) return NO_DRAWS
    const row = Float64Array.from(
      response.metered,
      (one) => known(history.draws?.[one.deviceId]?.[n]) ?? Number.NaN,
    )
    return unevenDemand(use, { flowTh: known(history.x['flow']?.[n]), nominalTh: response.nominalTh }, row)
  })
  const fits = response.sensors.flatMap((sensor, index) => {
    const y = history.y[sensor.key]
    if (y === undefined) return []
    const prior = history.hours.map((_, n) => priorAt(response, index, (name) => history.x[name]?.[n]))
    const residual = y.map((value, n) =>
      value === NO_VALUE
        ? Number.NaN
        : value - (prior[n] ?? 0) - unevenKpa(response, index, uneven[n] ?? NO_DRAWS),
    )
    const fitted = ridge(rows, residual, penalties)
    return fitted === undefined ? [] : [{ key: sensor.key, ...fitted }]
  })
  if (fits.length === 0) return undefined
  const strays = fits.map(({ left }) => changes(left))
  const freedom = hours / Math.max(hours - columns.length - 1, hours / 4)
  const columnOf = new Map(response.sensors.map(({ key }, column) => [key, column]))
  const loads = fits.map(({ key }) => response.loadModes[columnOf.get(key) ?? -1] ?? [])
  const { own, shared } = withLoads(strays, loads, { floor: sigmaFloorKpa, inflate: freedom })
  return {
    fittedAt: history.hours.at(-1) ?? 0,
    hours,
    keys: fits.map(({ key }) => key),
    columns,
    draws,
    beta: fits.map(({ beta }) => beta),
    own,
    shared,
    unsure: unsureness(rows, penalties),
  }
}

/** Pressure of a sensor by physics alone [kPa]; `valueOf` gives a regressor's value. */
function priorAt(
  response: ZoneResponse,
  index: number,
  valueOf: (name: string) => number | undefined,
): number {
  const sensor = response.sensors[index]
  const own = known(valueOf(sensor?.side === 'return' ? 'return' : 'supply'))
  const [flow, nominal] = [known(valueOf('flow')), response.nominalTh]
  if (own === undefined) return 0
  if (flow === undefined || nominal === undefined) return own
  const loss = (response.lossKpa[index] ?? 0) * (flow / nominal) ** 2
  return sensor?.side === 'return' ? own + loss : own - loss
}

function known(value: number | undefined): number | undefined {
  return value === NO_VALUE ? undefined : value
}

function columnsOf(history: ZoneHistory): Columns {
  const hours = history.hours.length
  return REGRESSORS.flatMap((name) => {
    if (DAILY.has(name) && hours < HOURS_FOR_COURSE) return []
    const values = (history.x[name] ?? []).filter((value) => value !== NO_VALUE)
    if (values.length < KNOWN_SHARE * hours || (history.x[name]?.at(-1) ?? NO_VALUE) === NO_VALUE) return []
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return scale <= 1e-6 * Math.max(1, Math.abs(mean)) ? [] : [{ name, mean, scale }]
  })
}

/** Row by hour, undefined where a regressor is not known. */
function standardised(history: ZoneHistory, columns: Columns): readonly (readonly number[] | undefined)[] {
  return history.hours.map((_, n) => standardise(columns, (name) => known(history.x[name]?.[n])))
}

/** The regressors of one moment as the model takes them; undefined: one of them is not known. */
export function standardise(
  columns: Columns,
  valueOf: (name: string) => number | undefined,
): readonly number[] | undefined {
  const row: number[] = []
  for (const { name, mean, scale } of columns) {
    const value = valueOf(name)
    if (value === undefined) return undefined
    row.push((value - mean) / scale)
  }
  return row
}

function ridge(
  rows: readonly (readonly number[] | undefined)[],
  values: readonly number[],
  penalties: readonly number[],
): { readonly beta: readonly number[]; readonly left: readonly number[] } | undefined {
  const size = penalties.length + 1
  const { gram, moment, count } = momentsOf(rows, values, size)
  if (count < KNOWN_SHARE * rows.length) return undefined
  penalise(gram, penalties)
  const beta = solveSymmetric(gram, moment, size)
  const left = rows.map((row, n) =>
    row === undefined ? Number.NaN : (values[n] ?? Number.NaN) - expectedOf(beta, row),
  )
  return { beta, left }
}

/** Lower triangle of XᵀX and Xᵀy over the rows where both are known; the first column is 1. */
function momentsOf(
  rows: readonly (readonly number[] | undefined)[],
  values: readonly number[],
  size: number,
) {
  const gram = new Float64Array(size * size)
  const moment = new Float64Array(size)
  const x = new Float64Array(size).fill(1)
  let count = 0
  for (const [n, row] of rows.entries()) {
    const value = values[n] ?? Number.NaN
    if (row === undefined || Number.isNaN(value)) continue
    count += 1
    for (let c = 1; c < size; c += 1) x[c] = row[c - 1] ?? 0
    for (let a = 0; a < size; a += 1) {
      moment[a] = (moment[a] ?? 0) + (x[a] ?? 0) * value
      for (let b = 0; b <= a; b += 1) {
        gram[a * size + b] = (gram[a * size + b] ?? 0) + (x[a] ?? 0) * (x[b] ?? 0)
      }
    }
  }
  return { gram, moment, count }
}

function penalise(gram: Float64Array, penalties: readonly number[]): void {
  const size = penalties.length + 1
  gram[0] = (gram[0] ?? 0) + 1e-9
  for (const [c, penalty] of penalties.entries()) {
    const at = (c + 1) * size + c + 1
    gram[at] = (gram[at] ?? 0) + penalty
  }
}

/** (XᵀX + penalty)⁻¹ without the intercept, row by column: how unsure the regression is away from its hours. */
function unsureness(
  rows: readonly (readonly number[] | undefined)[],
  penalties: readonly number[],
): readonly (readonly number[])[] {
  const size = penalties.length + 1
  const zeros = rows.map(() => 0)
  return penalties.map((_, c) => {
    const { gram } = momentsOf(rows, zeros, size)
    penalise(gram, penalties)
    const unit = new Float64Array(size)
    unit[c + 1] = 1
    return solveSymmetric(gram, unit, size).slice(1)
  })
}

/** What the regression adds to the prior [kPa]. */
export function expectedOf(beta: readonly number[], row: readonly number[]): number {
  let sum = beta[0] ?? 0
  for (let c = 0; c < row.length; c += 1) sum += (beta[c + 1] ?? 0) * (row[c] ?? 0)
  return sum
}

/** Each hour less the median of the 24 before it, as evaluations will see it; NaN where not known. */
function changes(left: readonly number[]): number[] {
  return left.slice(HOURS_OF_DAY).map((value, n) => {
    const before = left.slice(n, n + HOURS_OF_DAY).filter((one) => !Number.isNaN(one))
    return before.length < HOURS_OF_DAY / 2 ? Number.NaN : value - median(before)
  })
}

import { median } from '../core/series.ts'
import { choleskyInPlace, principal, solveSymmetric } from './linear.ts'

/** Covariance Σ = F·Fᵀ + diag(own): what sensors share, and what each has for itself. */
export interface FactorModel {
  /** Variance of each sensor's own [kPa²]. */
  readonly own: readonly number[]
  /** Row by sensor, column by factor [kPa]. */
  readonly shared: readonly (readonly number[])[]
}

const MAX_FACTORS = 6
const CLIP_SIGMAS = 4
/** Hours in a row are not independent: so many count as one. */
const HOURS_AS_ONE = 3

/**
 * The shrunk leak-free covariance: principal components beyond the edge that
 * pure noise reaches (Marchenko–Pastur 1967), the rest on the diagonal. A sensor that is away leaves its
 * row out, and nothing has to be inverted anew.
 * @param strays row by sensor, column by hour, NaN where not known
 */
function factorModel(
  strays: readonly (readonly number[])[],
  { floor, inflate }: { readonly floor: number; readonly inflate: number },
): FactorModel {
  const sensors = strays.length
  const sigma = strays.map((row) => spreadOf(row, floor))
  const hours = strays[0]?.length ?? 0
  const unit = strays.map((row, i) =>
    Float64Array.from(row, (value) => {
      const scaled = Number.isNaN(value) ? 0 : value / (sigma[i] ?? 1)
      return Math.min(CLIP_SIGMAS, Math.max(-CLIP_SIGMAS, scaled))
    }),
  )
  const edge = (1 + Math.sqrt((sensors * HOURS_AS_ONE) / Math.max(hours, 1))) ** 2
  const components = principal(unit, hours, Math.min(MAX_FACTORS, sensors - 1))
  const kept = components.filter(({ variance }) => variance > edge)
  const shared = strays.map((_, i) =>
    kept.map(({ vector, variance }) => Math.sqrt(inflate * variance) * (vector[i] ?? 0) * (sigma[i] ?? 1)),
  )
  const own = strays.map((_, i) => {
    const whole = inflate * (sigma[i] ?? 1) ** 2
    const inCommon = (shared[i] ?? []).reduce((sum, loading) => sum + loading ** 2, 0)
    return Math.max(whole - inCommon, 0.1 * whole, floor ** 2)
  })
  return { own, shared }
}

/** Standard deviation that single outliers do not blow up. */
function spreadOf(row: readonly number[], floor: number): number {
  const known = row.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return floor
  const robust = 1.4826 * median(known.map(Math.abs))
  const limit = CLIP_SIGMAS * Math.max(robust, floor)
  const clipped = known.reduce((sum, value) => sum + Math.min(Math.abs(value), limit) ** 2, 0)
  return Math.max(Math.sqrt(clipped / known.length), floor)
}

/** Ridge of the load modes, against their mean square. */
const MODE_RIDGE = 0.02

/**
 * The same with what physics knows beforehand: stations that take more or less move both sides in
 * patterns of the pipes (`modes`, row by sensor). How much they do is learnt, what is left has factors of
 * its own.
 */
export function withLoads(
  strays: readonly (readonly number[])[],
  modes: readonly (readonly number[])[],
  shape: { readonly floor: number; readonly inflate: number },
): FactorModel {
  const count = modes[0]?.length ?? 0
  const hours = strays[0]?.length ?? 0
  if (count === 0 || hours < 2 * count) return factorModel(strays, shape)
  const scores = scoresOf(strays, modes, { count, hours })
  const left = strays.map((row, i) =>
    row.map((value, h) => {
      let explained = 0
      for (let m = 0; m < count; m += 1) explained += (modes[i]?.[m] ?? 0) * (scores[m]?.[h] ?? 0)
      return value - explained
    }),
  )
  const rest = factorModel(left, shape)
  const root = covarianceRoot(scores, hours)
  const shared = strays.map((_, i) => [
    ...scores.map((_score, m) => {
      let loading = 0
      for (let k = m; k < count; k += 1) loading += (modes[i]?.[k] ?? 0) * (root[k * count + m] ?? 0)
      return Math.sqrt(shape.inflate) * loading
    }),
    ...(rest.shared[i] ?? []),
  ])
  return { own: rest.own, shared }
}

/** How strong each mode was in each hour: ridge regression of the strays on the modes. */
function scoresOf(
  strays: readonly (readonly number[])[],
  modes: readonly (readonly number[])[],
  { count, hours }: { readonly count: number; readonly hours: number },
): readonly Float64Array[] {
  const gram = new Float64Array(count * count)
  for (const row of modes) {
    for (let a = 0; a < count; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        gram[a * count + b] = (gram[a * count + b] ?? 0) + (row[a] ?? 0) * (row[b] ?? 0)
      }
    }
  }
  let trace = 0
  for (let a = 0; a < count; a += 1) trace += gram[a * count + a] ?? 0
  for (let a = 0; a < count; a += 1)
    gram[a * count + a] = (gram[a * count + a] ?? 0) + (MODE_RIDGE * trace) / count
  const scores = Array.from({ length: count }, () => new Float64Array(hours))
  for (let h = 0; h < hours; h += 1) {
    const moment = new Float64Array(count)
    for (const [i, row] of modes.entries()) {
      const value = strays[i]?.[h] ?? Number.NaN
      if (Number.isNaN(value)) continue
      for (let m = 0; m < count; m += 1) moment[m] = (moment[m] ?? 0) + (row[m] ?? 0) * value
    }
    for (const [m, score] of solveSymmetric(Float64Array.from(gram), moment, count).entries()) {
      const its = scores[m]
      if (its !== undefined) its[h] = score
    }
  }
  return scores
}

/** Lower Cholesky factor of the scores' covariance. */
function covarianceRoot(scores: readonly Float64Array[], hours: number): Float64Array {
  const count = scores.length
  const covariance = new Float64Array(count * count)
  for (const [a, one] of scores.entries()) {
    for (let b = 0; b <= a; b += 1) {
      let sum = 0
      for (let h = 0; h < hours; h += 1) sum += (one[h] ?? 0) * (scores[b]?.[h] ?? 0)
      covariance[a * count + b] = sum / hours + (a === b ? 1e-9 : 0)
    }
  }
  choleskyInPlace(covariance, count)
  return covariance
}

import type { Changes } from './changes.ts'
import { solveSymmetric } from './linear.ts'
import {
  covarianceOf,
  likelihood,
  type KnownLoss,
  type WeighedHypotheses,
  type Weighing,
} from './hypotheses.ts'

/** A well with its posterior share, and the number of the likelier of its places. */
export interface PlaceShare {
  readonly assetId: string
  readonly share: number
  readonly place: number
}

/** How far a single sensor's answer may be off the model's, in parts of it: pipes are not as the file says. */
const MISMATCH = 0.05
/**
 * One sensor in so many fails just when a leak begins, and by so much [kPa]: so few that a sensor is doubted
 * only for what no error of the pipes explains. The one beside a great leak strays from the model most.
 */
const FAULT_CHANCE = 1e-12
const FAULT_KPA = 25
/** Places beyond the best by each plain measure are too unlikely to be looked at closely. */
const CLOSELY = 60
const ROUNDS = 4
/** Where no sensor is doubted and the size stands still, a further round changes nothing. */
const UNDOUBTED = 1e-3
const SETTLED = 0.02
/** A size that the make-up does not say: anything up to some hundred t/h. */
const ANY_SIZE: KnownLoss = { flowTh: 0, sigmaTh: 100 }

/**
 * Wells by how probable a leak there is, best first, with a size near what
 * the make-up says. Each sensor is believed only so far: its answer may be off the model's by a share, and
 * a few may be at fault at the same time, which none but the place that explains all the others has to pay for.
 */
export function locate(
  weighed: WeighedHypotheses,
  changes: Changes,
  weighing: Weighing,
  loss: KnownLoss | undefined,
): readonly PlaceShare[] {
  const { places } = weighing.response
  const seen = seenOf(changes, weighing)
  const chosen = promising(weighed, loss)
  const logs = evidencesOf(
    seen,
    chosen.map((n) => weighed.effects[n] ?? NOTHING),
    loss ?? ANY_SIZE,
  )
  const greatest = logs.reduce((most, value) => Math.max(most, value), -Infinity)
  const byAsset = new Map<string, { weight: number; most: number; place: number }>()
  for (const [k, place] of chosen.entries()) {
    const assetId = places[place]?.assetId ?? ''
    const weight = Math.exp((logs[k] ?? -Infinity) - greatest)
    const known = byAsset.get(assetId) ?? { weight: 0, most: -1, place }
    known.weight += weight
    if (weight > known.most) {
      known.most = weight
      known.place = place
    }
    byAsset.set(assetId, known)
  }
  const whole = [...byAsset.values()].reduce((sum, { weight }) => sum + weight, 0)
  return [...byAsset]
    .map(([assetId, { weight, place }]) => ({ assetId, share: weight / whole, place }))
    .sort((a, b) => b.share - a.share || (a.assetId < b.assetId ? -1 : 1))
}

const NOTHING = new Float64Array(0)

/** Wells that no sensor tells apart, as on a branch beyond the last one, are looked at once. */
function evidencesOf(seen: Seen, effects: readonly Float64Array[], size: KnownLoss): readonly number[] {
  const known = new Map<Float64Array, number>()
  return effects.map((effect) => {
    const log = known.get(effect) ?? evidenceAt(seen, effect, size)
    known.set(effect, log)
    return log
  })
}

/** The places that are looked at closely, with all sensors or without the worst. */
function promising({ fits }: WeighedHypotheses, loss: KnownLoss | undefined): readonly number[] {
  const plain = fits.map((fit) => likelihood(fit, loss))
  const without = fits.map((fit) => likelihood({ ...fit, num: fit.numWithout, den: fit.denWithout }, loss))
  return [...new Set([plain, without].flatMap((values) => greatestOf(values)))]
}

function greatestOf(values: readonly number[]): readonly number[] {
  const order = values.map((_, n) => n)
  return order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b).slice(0, CLOSELY)
}

/** What was seen: changes and their own variances, and the shared factors row by sensor, the last column free. */
interface Seen {
  readonly change: Float64Array
  readonly own: Float64Array
  readonly width: number
  readonly rows: Float64Array
}

function seenOf(changes: Changes, weighing: Weighing): Seen {
  const { own, shared } = covarianceOf(changes, weighing)
  const width = (shared[0]?.length ?? 0) + 1
  const rows = new Float64Array(own.length * width)
  for (const [i, loadings] of shared.entries()) rows.set(loadings, i * width)
  return { change: Float64Array.from(changes.list, ({ offKpa }) => offKpa), own, width, rows }
}

/**
 * Log-evidence of a leak with this effect [kPa per t/h]: size and shared factors are solved for with each
 * sensor weighed by how far it still strays (iteratively reweighted least squares), then integrated out
 * (Laplace).
 */
function evidenceAt(seen: Seen, effect: Float64Array, size: KnownLoss): number {
  const { change, own, width, rows } = seen
  const last = width - 1
  for (let i = 0; i < change.length; i += 1) rows[i * width + last] = effect[i] ?? 0
  const variance = Float64Array.from(own)
  const weight = Float64Array.from(own, (one) => 1 / one)
  let off = change
  let solution: readonly number[] = []
  let lower = new Float64Array(0)
  let before = size.flowTh
  for (let round = 0; round < ROUNDS; round += 1) {
    const flow = round === 0 ? size.flowTh : Math.max(solution[last] ?? 0, 0)
    let doubted = 0
    for (let i = 0; i < change.length; i += 1) {
      const at = (own[i] ?? 1) + (MISMATCH * flow * (effect[i] ?? 0)) ** 2
      variance[i] = at
      const sound = round === 0 ? 1 : soundness(off[i] ?? 0, at)
      weight[i] = sound / at + (1 - sound) / (at + FAULT_KPA ** 2)
      doubted = Math.max(doubted, 1 - sound)
    }
    const isSettled = round > 0 && doubted < UNDOUBTED && Math.abs(flow - before) < SETTLED * before
    if (isSettled) break
    before = flow
    lower = gramOf(seen, weight)
    const right = momentOf(seen, weight)
    for (let a = 0; a < last; a += 1) lower[a * width + a] = (lower[a * width + a] ?? 0) + 1
    const pull = 1 / size.sigmaTh ** 2
    lower[width * width - 1] = (lower[width * width - 1] ?? 0) + pull
    right[last] = (right[last] ?? 0) + pull * size.flowTh
    solution = solveSymmetric(lower, right, width)
    off = strayed(seen, solution)
  }
  const flow = solution[last] ?? 0
  let log = -((flow - size.flowTh) ** 2) / (2 * size.sigmaTh ** 2) - Math.log(size.sigmaTh)
  for (let a = 0; a < last; a += 1) log -= (solution[a] ?? 0) ** 2 / 2
  for (let i = 0; i < change.length; i += 1) log += Math.log(densityOf(off[i] ?? 0, variance[i] ?? 1))
  // `lower` is now the Cholesky factor: the logarithms of its diagonal sum up to half that of the determinant.
  for (let a = 0; a < width; a += 1) log -= Math.log(lower[a * width + a] ?? 1)
  return log
}

/** Lower triangle of XᵀWX. */
function gramOf({ change, width, rows }: Seen, weight: Float64Array): Float64Array<ArrayBuffer> {
  const gram = new Float64Array(width * width)
  for (let i = 0; i < change.length; i += 1) {
    for (let a = 0; a < width; a += 1) {
      const scaled = (weight[i] ?? 0) * (rows[i * width + a] ?? 0)
      if (scaled === 0) continue
      for (let b = 0; b <= a; b += 1) {
        gram[a * width + b] = (gram[a * width + b] ?? 0) + scaled * (rows[i * width + b] ?? 0)
      }
    }
  }
  return gram
}

/** XᵀWd. */
function momentOf({ change, width, rows }: Seen, weight: Float64Array): Float64Array {
  const moment = new Float64Array(width)
  for (let i = 0; i < change.length; i += 1) {
    const scaled = (weight[i] ?? 0) * (change[i] ?? 0)
    for (let a = 0; a < width; a += 1) moment[a] = (moment[a] ?? 0) + scaled * (rows[i * width + a] ?? 0)
  }
  return moment
}

/** What neither the leak nor the shared factors explain [kPa]; water does not come out of a leak backwards. */
function strayed({ change, width, rows }: Seen, solution: readonly number[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(change, (value, i) => {
    let left = value
    for (let a = 0; a < width; a += 1) {
      const of = a === width - 1 ? Math.max(solution[a] ?? 0, 0) : (solution[a] ?? 0)
      left -= of * (rows[i * width + a] ?? 0)
    }
    return left
  })
}

const normal = (off: number, variance: number): number =>
  Math.exp(-(off ** 2) / (2 * variance)) / Math.sqrt(variance)
const soundPart = (off: number, variance: number): number => (1 - FAULT_CHANCE) * normal(off, variance)
const densityOf = (off: number, variance: number): number =>
  Math.max(soundPart(off, variance) + FAULT_CHANCE * normal(off, variance + FAULT_KPA ** 2), 1e-300)

/** Probability that the sensor is not at fault. */
function soundness(off: number, variance: number): number {
  return soundPart(off, variance) / densityOf(off, variance)
}

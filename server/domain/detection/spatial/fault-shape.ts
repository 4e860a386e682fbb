/** How a residual left its usual level. */
export interface Shape {
  readonly kind: 'step' | 'ramp'
  /** Level before. */
  readonly level: number
  /** Index of the first value of the new behaviour. */
  readonly from: number
  /** Level after a step less the level before; change per value of a ramp. */
  readonly size: number
  /** Sum of squares left by the better shape as a share of that of the other. */
  readonly ratio: number
}

const MIN_BEFORE = 8
const MIN_AFTER = 2

/**
 * Step or ramp: both are fitted with every possible beginning, the smaller sum of squares is the shape.
 * @param values equally spaced, NaN where not known; undefined with too few of them
 */
export function shapeOf(values: Float64Array): Shape | undefined {
  const known = [...values.keys()].filter((n) => !Number.isNaN(values[n] ?? Number.NaN))
  if (known.length < MIN_BEFORE + MIN_AFTER) return undefined
  let step: Fitted | undefined
  let ramp: Fitted | undefined
  for (let k = MIN_BEFORE; k <= known.length - MIN_AFTER; k += 1) {
    const before = known.slice(0, k)
    const after = known.slice(k)
    const level = mean(before.map((n) => values[n] ?? 0))
    const still = squares(before.map((n) => (values[n] ?? 0) - level))
    const [aStep, aRamp] = [stepFrom(values, after, level), rampFrom(values, after, level)]
    if (step === undefined || still + aStep.left < step.left)
      step = { ...aStep, level, left: still + aStep.left }
    if (ramp === undefined || still + aRamp.left < ramp.left)
      ramp = { ...aRamp, level, left: still + aRamp.left }
  }
  if (step === undefined || ramp === undefined) return undefined
  const kind = ramp.left < step.left ? 'ramp' : 'step'
  const [better, other] = kind === 'ramp' ? [ramp, step] : [step, ramp]
  const { from, size, level } = better
  return { kind, from, size, level, ratio: better.left / Math.max(other.left, 1e-9) }
}

interface Candidate {
  readonly from: number
  readonly size: number
  readonly left: number
}

interface Fitted extends Candidate {
  readonly level: number
}

function stepFrom(values: Float64Array, after: readonly number[], level: number): Candidate {
  const size = mean(after.map((n) => values[n] ?? 0)) - level
  return { from: after[0] ?? 0, size, left: squares(after.map((n) => (values[n] ?? 0) - level - size)) }
}

function rampFrom(values: Float64Array, after: readonly number[], level: number): Candidate {
  const from = after[0] ?? 0
  let [product, square] = [0, 0]
  for (const n of after) {
    const since = n - from + 0.5
    product += since * ((values[n] ?? 0) - level)
    square += since * since
  }
  const size = product / square
  const left = squares(after.map((n) => (values[n] ?? 0) - level - size * (n - from + 0.5)))
  return { from, size, left }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0)

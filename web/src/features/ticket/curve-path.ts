import type { CurvePoint } from '../../model/curve-scale.ts'
import type { TimeAxis } from './time-axis.ts'

export interface PathScale {
  readonly axis: TimeAxis
  /** Value → 0 (top) … 100 (bottom). */
  readonly y: (value: number) => number
  readonly stepped: boolean
}

/** A curve as an SVG path in a box of 1000 × 100. */
export function curvePath(points: readonly CurvePoint[], { axis, y, stepped }: PathScale): string {
  let path = ''
  for (const [at, value] of points) {
    if (at < axis.from || at > axis.to) continue
    const [px, py] = [(axis.x(at) * 1000).toFixed(1), y(value).toFixed(2)]
    if (path === '') path = `M${px} ${py}`
    else path += stepped ? `H${px}V${py}` : `L${px} ${py}`
  }
  return path
}

/** The point farthest from the expected value; undefined without either. */
export function extremeOf(
  points: readonly CurvePoint[],
  expected: number | undefined,
): CurvePoint | undefined {
  if (expected === undefined) return undefined
  let found: CurvePoint | undefined
  for (const point of points) {
    if (found === undefined || Math.abs(point[1] - expected) > Math.abs(found[1] - expected)) found = point
  }
  return found
}

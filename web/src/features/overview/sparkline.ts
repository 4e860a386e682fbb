import type { CurvePoint } from '../../model/curve-scale.ts'

export interface Sparkline {
  /** SVG paths in the box asked for: the course, and the ground under it. */
  readonly line: string
  readonly area: string
  readonly low: number
  readonly high: number
  /** The median of the course, and how far down in the box it lies. */
  readonly usual: number
  readonly usualY: number
}

/** A course without axes; never less than a tenth of its value is the whole height, so noise stays noise. */
export function sparkline(
  points: readonly CurvePoint[],
  { width, height }: { readonly width: number; readonly height: number },
): Sparkline | undefined {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || last[0] === first[0]) return undefined
  const values = points.map(([, value]) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(high - low, Math.abs(high) * 0.1, 0.001)
  const base = (low + high) / 2 - room / 2
  const x = (at: number): number => ((at - first[0]) / (last[0] - first[0])) * width
  const y = (value: number): number => height * (0.94 - 0.88 * ((value - base) / room))
  const line = points
    .map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('')
  const usual = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? low
  return { line, area: `${line}V${String(height)}H0Z`, low, high, usual, usualY: y(usual) }
}

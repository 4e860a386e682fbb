import type { Interval } from './interval.ts'
import { poisson, wilson, medianInterval } from './interval.ts'

/** One figure of the detector's quality, with what it must and should be. */
export interface Figure {
  readonly id: string
  readonly what: string
  readonly unit: '' | 'min' | 's' | '/year' | '/season' | '/network' | 'hops' | 't/h'
  /** Undefined: nothing happened that it could be measured by. */
  readonly value?: number
  readonly interval?: Interval
  /** What it was made from: “57 of 60”, “n = 31”. */
  readonly basis: string
  readonly target?: Target
}

export interface Target {
  readonly at: 'most' | 'least'
  readonly must: number
  readonly aim: number
}

export const least = (must: number, aim: number): Target => ({ at: 'least', must, aim })
export const most = (must: number, aim: number): Target => ({ at: 'most', must, aim })

export type Verdict = 'aim' | 'must' | 'missed' | 'unknown' | 'told'

export function verdictOf({ value, target }: Pick<Figure, 'value' | 'target'>): Verdict {
  if (target === undefined) return 'told'
  if (value === undefined) return 'unknown'
  const reaches = (limit: number) => (target.at === 'least' ? value >= limit : value <= limit)
  return reaches(target.aim) ? 'aim' : reaches(target.must) ? 'must' : 'missed'
}

type Named = Pick<Figure, 'id' | 'what'> & { readonly target?: Target }

export function shareFigure(named: Named, among: readonly boolean[]): Figure {
  const count = among.filter(Boolean).length
  const interval = wilson(count, among.length)
  return {
    ...named,
    unit: '',
    basis: `${String(count)} of ${String(among.length)}`,
    ...(interval === undefined ? {} : { value: count / among.length, interval }),
  }
}

const PER = { '/year': 'years', '/season': 'seasons', '/network': 'networks' } as const

export function rateFigure(named: Named, count: number, exposure: number, unit: keyof typeof PER): Figure {
  const interval = poisson(count, exposure)
  return {
    ...named,
    unit,
    basis: `${String(count)} in ${exposure.toFixed(1)} ${PER[unit]}`,
    ...(interval === undefined ? {} : { value: count / exposure, interval }),
  }
}

/** The value below which a share of all lies. */
export function quantileFigure(
  named: Named,
  values: readonly number[],
  { share, unit }: { readonly share: number; readonly unit: Figure['unit'] },
): Figure {
  const sorted = values.toSorted((a, b) => a - b)
  const value = quantile(sorted, share)
  const interval = share === 0.5 ? medianInterval(sorted) : undefined
  return {
    ...named,
    unit,
    basis: `n = ${String(values.length)}`,
    ...(value === undefined ? {} : { value }),
    ...(interval === undefined ? {} : { interval }),
  }
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  if (sorted.length === 0) return undefined
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
  return low + (high - low) * (place - Math.floor(place))
}

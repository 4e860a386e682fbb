/** 95 % of a normal distribution lies within so many standard deviations. */
const Z = 1.959964

export type Interval = readonly [low: number, high: number]

/** Wilson's interval of a share: right for few trials and for shares near 0 and 1. Undefined of none. */
export function wilson(count: number, of: number): Interval | undefined {
  if (of === 0) return undefined
  const share = count / of
  const centre = share + Z ** 2 / (2 * of)
  const reach = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))
  const whole = 1 + Z ** 2 / of
  return [Math.max(0, (centre - reach) / whole), Math.min(1, (centre + reach) / whole)]
}

/**
 * Interval of a rate: `count` events in `exposure` units. Exact (Garwood) up to the approximation of the
 * chi-squared quantile (Wilson and Hilferty), which is good to a few thousandths.
 */
export function poisson(count: number, exposure: number): Interval | undefined {
  if (exposure <= 0) return undefined
  const high = chiSquared(Z, 2 * (count + 1)) / 2
  const low = count === 0 ? 0 : chiSquared(-Z, 2 * count) / 2
  return [low / exposure, high / exposure]
}

function chiSquared(z: number, freedom: number): number {
  const part = 2 / (9 * freedom)
  return freedom * Math.max(0, 1 - part + z * Math.sqrt(part)) ** 3
}

/** Interval of a median by ranks: the order statistics that enclose it at 95 %. Undefined of few. */
export function medianInterval(sorted: readonly number[]): Interval | undefined {
  const n = sorted.length
  const reach = (Z * Math.sqrt(n)) / 2
  const [low, high] = [sorted[Math.floor(n / 2 - reach)], sorted[Math.ceil(n / 2 + reach) - 1]]
  return low === undefined || high === undefined ? undefined : [low, high]
}

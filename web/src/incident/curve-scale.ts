export type CurvePoint = readonly [number, number]

export interface CurveScale {
  readonly low: number
  readonly high: number
}

/** Room around the measured values and the expected band, so that a quiet curve does not fill the height. */
export function curveScale(
  points: readonly CurvePoint[],
  band: readonly number[],
  boolean: boolean,
): CurveScale {
  if (boolean) return { low: -0.2, high: 1.2 }
  const values = [...points.map(([, value]) => value), ...band]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const span = Math.max(most - least, Math.abs(most) * 0.02, 0.001)
  return { low: least - span * 0.12, high: most + span * 0.12 }
}

/** A value with as many digits as its unit deserves: 0.712 MPa, 61.8 t/h, 75°. */
export function valueText(value: number, unit: string): string {
  const digits =
    unit === 'MPa'
      ? 3
      : unit === '°' || unit === '%RH'
        ? 0
        : unit === 'm' || unit === 'g' || unit === 'V'
          ? 2
          : 1
  return value.toFixed(digits)
}

/** A difference with its sign; a pressure in kPa, which is how dispatchers speak of it. */
export function deltaText(delta: number, unit: string): string {
  const sign = delta < 0 ? '−' : '+'
  if (unit === 'MPa') return `${sign}${Math.abs(delta * 1000).toFixed(0)}\u00a0kPa`
  return `${sign}${valueText(Math.abs(delta), unit)}`
}

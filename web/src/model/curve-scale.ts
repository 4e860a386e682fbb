import type { Evidence } from '#contract/incident.ts'

export type CurvePoint = readonly [number, number]

export interface CurveScale {
  readonly low: number
  readonly high: number
}

/** The expected value and its band in the signal's own unit; undefined where the evidence has none for it. */
export function expectedBand(
  { unit, baseline, sigma }: Pick<Evidence, 'unit' | 'baseline' | 'sigma'>,
  signalUnit: string,
): { readonly value: number; readonly band: readonly [number, number] } | undefined {
  if (baseline === undefined) return undefined
  const inKpa = unit === 'kPa' && signalUnit === 'MPa'
  const same = unit === undefined || unit === signalUnit || (unit === 'K' && signalUnit === '°C')
  if (!inKpa && !same) return undefined
  const factor = inKpa ? 0.001 : 1
  const value = baseline * factor
  const half = sigma === undefined || sigma === 0 ? Math.abs(value) * 0.01 : 2 * sigma * factor
  return { value, band: [value - half, value + half] }
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

/** A value with as many digits as its unit deserves: 0.712 MPa, 61.8 t/h, 75°; a real minus. */
export function valueText(value: number, unit: string): string {
  const digits =
    unit === 'MPa'
      ? 3
      : unit === '°' || unit === '%RH'
        ? 0
        : unit === 'm' || unit === 'g' || unit === 'V'
          ? 2
          : 1
  return value.toFixed(digits).replace('-', '−')
}

/** A difference with its sign; a pressure in kPa, which is how dispatchers speak of it. */
export function deltaText(delta: number, unit: string): string {
  const sign = delta < 0 ? '−' : '+'
  if (unit === 'MPa') return `${sign}${Math.abs(delta * 1000).toFixed(0)}\u00a0kPa`
  return `${sign}${valueText(Math.abs(delta), unit)}`
}

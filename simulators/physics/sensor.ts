import { signalDefinition } from '#contract/signals.ts'
import { normal } from '../seeded-random.ts'

/** What a sensor shows of a true value: noise, resolution, the signal's physical range. */
export function measured(
  truth: number,
  sensor: { readonly seed: number; readonly deviceId: string; readonly signal: string; readonly at: number },
): number {
  const { noise, min = -Infinity, max = Infinity } = signalDefinition(sensor.signal) ?? {}
  if (noise === undefined) return truth
  const noisy = truth + noise.sigma * normal(sensor.seed, sensor.deviceId, sensor.signal, sensor.at)
  const limited = Math.min(max, Math.max(min, noisy))
  return Number((Math.round(limited / noise.step) * noise.step).toFixed(4))
}

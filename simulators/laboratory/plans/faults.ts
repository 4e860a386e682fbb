import type { FaultEvent, LabEvent } from '../scenario.ts'
import type { Dice, Plan } from './dice.ts'
import { round, turns } from './dice.ts'

/** A fault of a pressure sensor; the slow and small ones, which look like leaks, are the commonest. */
export function pressureFault(
  { dice, places }: Pick<Plan, 'dice' | 'places'>,
  { startH, hours, key }: { readonly startH: number; readonly hours: number; readonly key: string },
): LabEvent[] {
  const sensor = dice.pick(places.pressureSensors, 'fault at', key)
  if (sensor === undefined) return []
  const { fault, size } = faultAndSize(dice, key)
  const { device, signal } = sensor
  return [{ kind: 'fault', device, signal, fault, ...(size === undefined ? {} : { size }), startH, hours }]
}

function faultAndSize(dice: Dice, key: string): { readonly fault: string; readonly size?: number } {
  const sign = dice.sign('sign', key)
  const looksLikeALeak = [
    { fault: 'stuck' },
    { fault: 'drift', size: sign * round(dice.between([0.0005, 0.005], 'drift', key), 5) },
    { fault: 'offset', size: sign * round(dice.between([0.005, 0.04], 'offset', key), 4) },
  ]
  const others = [
    { fault: 'spike', size: 0.3 },
    { fault: 'open-circuit' },
    { fault: 'wrong-unit', size: dice.chance('unit', key) < 0.5 ? 10 : 1000 },
    { fault: 'swapped', size: round(dice.between([0.6, 0.85], 'swapped', key), 2) },
  ]
  return dice.pick([...looksLikeALeak, ...looksLikeALeak, ...others], 'fault', key) ?? { fault: 'stuck' }
}

/** Faults of everything but pressures: chambers, covers, clocks, batteries, radio. */
export function deviceFaults(plan: Plan): LabEvent[] {
  return turns(plan, 30, 30).flatMap((turn, i) => {
    const startH = turn + plan.dice.between([0, 6], 'device fault start', i)
    const chosen = plan.dice.pick(deviceFaultChoices(plan, i), 'device fault', i)
    return chosen === undefined ? [] : [{ kind: 'fault' as const, ...chosen, startH }]
  })
}

function deviceFaultChoices(
  { dice, places }: Plan,
  i: number,
): readonly Omit<FaultEvent, 'kind' | 'startH'>[] {
  const chamber = `chamber-${dice.pick(places.hotChambers, 'chamber fault at', i) ?? ''}`
  const cover = `cover-${dice.pick(places.covers, 'cover fault at', i) ?? ''}`
  const frequent = places.batteryDevices.filter((id) => !id.startsWith('cover'))
  return [
    { device: dice.pick(frequent, 'silence at', i) ?? chamber, fault: 'silence', hours: 20 },
    { device: chamber, fault: 'open-circuit', signal: 'chamber_c', hours: 20 },
    { device: chamber, fault: 'stuck', signal: 'chamber_c', hours: 20 },
    { device: chamber, fault: 'condensation', hours: 20 },
    { device: chamber, fault: 'spike', signal: 'chamber_c', size: 0, hours: 20 },
    { device: chamber, fault: 'low-battery', size: 3.15, hours: 29 },
    { device: chamber, fault: 'clock-skew', size: -8 * 3_600_000, hours: 20 },
    { device: chamber, fault: 'clock-skew', size: 7 * 60_000, hours: 20 },
    { device: cover, fault: 'switch-bounce', hours: 26 },
    { device: chamber, fault: 'duplicates', hours: 20 },
    { device: chamber, fault: 'late-batch', hours: 8 },
    { device: chamber, fault: 'out-of-order', hours: 20 },
    { device: chamber, fault: 'quantisation', signal: 'chamber_c', size: 1, hours: 20 },
  ]
}

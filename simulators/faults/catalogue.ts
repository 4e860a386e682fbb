import type { Sending } from '../sample.ts'
import type { Values } from '../sample.ts'
import { clockSkew } from './clock-skew.ts'
import { condensation } from './condensation.ts'
import { drift } from './drift.ts'
import { duplicates } from './duplicates.ts'
import type { AppliedFault, Fault } from './fault.ts'
import { lateBatch } from './late-batch.ts'
import { lowBattery } from './low-battery.ts'
import { offset } from './offset.ts'
import { openCircuit } from './open-circuit.ts'
import { outOfOrder } from './out-of-order.ts'
import { quantisation } from './quantisation.ts'
import { silence } from './silence.ts'
import { spike } from './spike.ts'
import { stuck } from './stuck.ts'
import { swapped } from './swapped.ts'
import { switchBounce } from './switch-bounce.ts'
import { wrongUnit } from './wrong-unit.ts'

/** Every way in which a simulated sensor can fail. */
export const FAULTS: readonly Fault[] = [
  stuck,
  drift,
  offset,
  spike,
  openCircuit,
  quantisation,
  lowBattery,
  condensation,
  switchBounce,
  clockSkew,
  duplicates,
  lateBatch,
  outOfOrder,
  swapped,
  wrongUnit,
  silence,
]

export function faultById(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id)
}

/** What becomes of a sending under all faults that hold at its time. */
export function passThrough(
  sending: Sending,
  context: {
    readonly deviceId: string
    readonly seed: number
    readonly faults: readonly AppliedFault[]
    readonly valuesAt: (at: number) => Values
  },
): readonly Sending[] {
  let sendings: readonly Sending[] = [sending]
  for (const applied of context.faults) {
    const { ts } = sending.sample
    if (applied.deviceId !== context.deviceId || ts < applied.from || ts >= (applied.until ?? Infinity))
      continue
    const fault = faultById(applied.fault)
    if (fault === undefined) throw new Error(`no fault is called ${applied.fault}`)
    sendings = sendings.flatMap((one) =>
      fault.apply(one, { applied, seed: context.seed, valuesAt: context.valuesAt }),
    )
  }
  return sendings
}

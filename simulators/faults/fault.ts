import type { DeviceFault } from '#contract/vocabulary.ts'
import type { Sending } from '../sample.ts'
import type { Values } from '../sample.ts'

/** A fault of one device, for a time. */
export interface AppliedFault {
  readonly deviceId: string
  readonly fault: string
  readonly from: number
  readonly until?: number
  /** The signal that is at fault; every number otherwise. */
  readonly signal?: string
  /** Size in the fault's own unit; each fault has a usual one. */
  readonly size?: number
}

export interface FaultContext {
  readonly applied: AppliedFault
  readonly seed: number
  /** What the device would have measured at another time. */
  readonly valuesAt: (at: number) => Values
}

/** A way in which sensors fail: what becomes of a sample. Pure. */
export interface Fault {
  readonly id: string
  readonly title: string
  /** What the detector should call it; undefined where nothing is wrong that a person must mend. */
  readonly expected?: DeviceFault
  apply(sending: Sending, context: FaultContext): readonly Sending[]
}

/** Changes the numbers that the fault concerns. */
export function changing(
  change: (value: number, context: FaultContext & { readonly signal: string; readonly at: number }) => number,
): Fault['apply'] {
  return (sending, context) => {
    const { ts, values } = sending.sample
    const changed = Object.entries(values).map(([signal, value]) => {
      const concerned = context.applied.signal === undefined || context.applied.signal === signal
      const isNumber = typeof value === 'number' && concerned
      return [signal, isNumber ? round(change(value, { ...context, signal, at: ts })) : value]
    })
    return [{ ...sending, sample: { ts, values: Object.fromEntries(changed) as Values } }]
  }
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

import type { Fault } from './fault.ts'

/** Water on the sensor: humidity pinned at 100 %, the float stuck where it was. */
export const condensation: Fault = {
  id: 'condensation',
  title: '凝露 condensation',
  expected: 'stuck',
  apply(sending, { applied, valuesAt }) {
    const { ts, values } = sending.sample
    const level = valuesAt(applied.from)['water_level_m']
    const pinned = { humidity_pct: 100, ...(level === undefined ? {} : { water_level_m: level }) }
    return [{ ...sending, sample: { ts, values: { ...values, ...pinned } } }]
  },
}

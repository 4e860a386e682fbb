import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** The value of the onset for ever. */
export const stuck: Fault = {
  id: 'stuck',
  title: '读数卡死 stuck value',
  expected: 'stuck',
  apply: changing((value, { applied, signal, valuesAt }) => {
    const frozen = valuesAt(applied.from)[signal]
    return typeof frozen === 'number' ? frozen : value
  }),
}

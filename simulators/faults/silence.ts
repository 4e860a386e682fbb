import type { Fault } from './fault.ts'

/** Nothing at all. */
export const silence: Fault = { id: 'silence', title: '失联 silence', expected: 'silence', apply: () => [] }

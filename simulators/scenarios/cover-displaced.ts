import { MINUTE } from '../time.ts'
import { coverPlan } from './cover.ts'
import type { Scenario } from './scenario.ts'

export const coverDisplaced: Scenario = {
  name: 'cover-displaced',
  title: '井盖移位: the cover lies askew',
  lasts: 3 * MINUTE,
  speed: 1,
  everyS: 30,
  plan: coverPlan('cover-displaced', { tilt: [16, 40], open: false, shockG: 2 }),
}

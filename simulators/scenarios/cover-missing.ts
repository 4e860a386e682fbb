import { MINUTE } from '../time.ts'
import { coverPlan } from './cover.ts'
import type { Scenario } from './scenario.ts'

export const coverMissing: Scenario = {
  name: 'cover-missing',
  title: '井盖缺失: the cover is off',
  lasts: 3 * MINUTE,
  speed: 1,
  everyS: 30,
  plan: coverPlan('cover-missing', { tilt: [70, 110], open: true, shockG: 3 }),
}

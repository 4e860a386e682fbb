import { isRefusal } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import { MINUTE } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { measuring, mustBe } from './scenario.ts'

const ONSET = MINUTE

export const waterRising: Scenario = {
  name: 'water-rising',
  title: '热力井冒水: water rises in a secondary well',
  lasts: 40 * MINUTE,
  speed: 10,
  everyS: 60,
  plan(scene) {
    const { asset, seed, from } = scene
    const wrong = mustBe(asset, 'well', 'secondary')
    if (wrong !== undefined) return wrong
    const deviceIds = measuring(scene, 'water_level_m')
    if (isRefusal(deviceIds)) return deviceIds
    const flowTh = Math.round(between(seed, [9, 14], 'water', asset.id) * 10) / 10
    const onset = from + ONSET
    return {
      effects: [{ kind: 'well-leak', wellId: asset.id, flowTh, from: onset }],
      faults: [],
      deviceIds,
      truth: {
        kind: 'water-rising',
        assetId: asset.id,
        onset,
        size: { value: flowTh, unit: 't/h' },
        expected: 'well_vent',
      },
    }
  },
}

import { isRefusal } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import { MINUTE, SECOND } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { measuring, mustBe } from './scenario.ts'

const ONSET = 20 * SECOND

export const steam: Scenario = {
  name: 'steam',
  title: '热力井冒汽: hot water flashes to steam in a primary well',
  lasts: 10 * MINUTE,
  speed: 1,
  everyS: 15,
  plan(scene) {
    const { asset, seed, from } = scene
    const wrong = mustBe(asset, 'well', 'primary')
    if (wrong !== undefined) return wrong
    const deviceIds = measuring(scene, 'chamber_c')
    if (isRefusal(deviceIds)) return deviceIds
    const flowTh = Math.round(between(seed, [2, 5], 'steam', asset.id) * 10) / 10
    const onset = from + ONSET
    return {
      effects: [{ kind: 'well-leak', wellId: asset.id, flowTh, from: onset }],
      faults: [],
      deviceIds,
      truth: {
        kind: 'steam',
        assetId: asset.id,
        onset,
        size: { value: flowTh, unit: 't/h' },
        expected: 'well_vent',
      },
    }
  },
}

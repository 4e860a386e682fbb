import { isRefusal } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import type { CoverMoved } from '../effects.ts'
import { MINUTE, SECOND } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { measuring, mustBe } from './scenario.ts'

const PASSES = [5 * SECOND, 40 * SECOND, 75 * SECOND]
const PASS_MS = 1500

export const passingTruck: Scenario = {
  name: 'passing-truck',
  title: '车辆碾压: trucks rock the cover, each for less than two seconds',
  lasts: 3 * MINUTE,
  speed: 1,
  everyS: 60,
  plan(scene) {
    const { asset, seed, from } = scene
    const wrong = mustBe(asset, 'well')
    if (wrong !== undefined) return wrong
    const deviceIds = measuring(scene, 'cover_tilt_deg')
    if (isRefusal(deviceIds)) return deviceIds
    const effects = PASSES.map((after): CoverMoved => {
      const tiltDeg = Math.round(between(seed, [15, 24], 'truck', asset.id, after))
      const start = from + after
      return {
        kind: 'cover',
        wellId: asset.id,
        tiltDeg,
        open: false,
        shockG: 1.4,
        from: start,
        until: start + PASS_MS,
      }
    })
    return {
      effects,
      faults: [],
      deviceIds,
      truth: { kind: 'passing-truck', assetId: asset.id, onset: from + (PASSES[0] ?? 0) },
    }
  },
}

import { isRefusal } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import type { CoverMoved } from '../effects.ts'
import { SECOND } from '../time.ts'
import type { Scenario, Scene } from './scenario.ts'
import { measuring, mustBe } from './scenario.ts'

const ONSET = 5 * SECOND

/** A cover that lies differently from `ONSET` on. */
export function coverPlan(
  kind: string,
  moved: { readonly tilt: readonly [number, number]; readonly open: boolean; readonly shockG: number },
): Scenario['plan'] {
  return (scene: Scene) => {
    const { asset, seed, from } = scene
    const wrong = mustBe(asset, 'well')
    if (wrong !== undefined) return wrong
    const deviceIds = measuring(scene, 'cover_tilt_deg')
    if (isRefusal(deviceIds)) return deviceIds
    const tiltDeg = Math.round(between(seed, moved.tilt, kind, asset.id) * 10) / 10
    const onset = from + ONSET
    const effect: CoverMoved = {
      kind: 'cover',
      wellId: asset.id,
      tiltDeg,
      open: moved.open,
      shockG: moved.shockG,
      from: onset,
    }
    return {
      effects: [effect],
      faults: [],
      deviceIds,
      truth: { kind, assetId: asset.id, onset, size: { value: tiltDeg, unit: '°' }, expected: 'cover' },
    }
  }
}

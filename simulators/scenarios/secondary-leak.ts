import { isRefusal } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import { MINUTE } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { measuring, mustBe } from './scenario.ts'

const ONSET = 2 * MINUTE

export const secondaryLeak: Scenario = {
  name: 'secondary-leak',
  title: '二次网失压: a secondary main breaks; pressure falls and make-up rises',
  lasts: 15 * MINUTE,
  speed: 1,
  everyS: 30,
  plan(scene) {
    const { asset, seed, from } = scene
    const wrong = mustBe(asset, 'station')
    if (wrong !== undefined) return wrong
    const deviceIds = measuring(scene, 'secondary_return_mpa')
    if (isRefusal(deviceIds)) return deviceIds
    const capacityTh = Math.max(2, (asset.kind === 'station' ? (asset.nominalFlowTh ?? 0) : 0) * 0.08)
    const flowTh = Math.round((capacityTh + between(seed, [6, 9], 'secondary-leak', asset.id)) * 10) / 10
    const onset = from + ONSET
    return {
      effects: [{ kind: 'secondary-leak', stationId: asset.id, flowTh, from: onset }],
      faults: [],
      deviceIds,
      truth: {
        kind: 'secondary-leak',
        assetId: asset.id,
        onset,
        size: { value: flowTh, unit: 't/h' },
        expected: 'hes_secondary',
      },
    }
  },
}

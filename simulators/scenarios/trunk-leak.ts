import { isRefusal, refuse } from '#contract/problem.ts'
import { between } from '../seeded-random.ts'
import { HOUR } from '../time.ts'
import type { World } from '../world.ts'
import type { Scenario } from './scenario.ts'

const ONSET = 3 * HOUR

export const trunkLeak: Scenario = {
  name: 'trunk-leak',
  title: '一次网泄漏: a primary pipe breaks; source and stations see it',
  lasts: 5 * HOUR,
  speed: 120,
  plan({ world, asset, seed, from }) {
    if (asset.network !== 'primary' || asset.kind === 'source') {
      return refuse('bad-value', {
        zh: `${asset.id} 不是一次网的热力井、阀门或换热站`,
        en: `${asset.id} is not a well, valve or station of the primary network`,
      })
    }
    if (world.unsolved !== undefined) return world.unsolved
    const deviceIds = rtus(world)
    if (isRefusal(deviceIds)) return deviceIds
    const flowTh = Math.round(between(seed, [30, 80], 'trunk-leak', asset.id))
    const onset = from + ONSET
    return {
      effects: [{ kind: 'pipe-leak', pointId: asset.id, side: 'supply', flowTh, from: onset }],
      faults: [],
      deviceIds,
      truth: {
        kind: 'trunk-leak',
        assetId: asset.id,
        onset,
        size: { value: flowTh, unit: 't/h' },
        expected: 'primary_leak',
      },
    }
  },
}

/** Whoever measures make-up or pressure of the primary network; the spares stay with their testers. */
function rtus(world: World) {
  const all = [...world.devices.values()].filter(({ device }) => device.power !== 'battery')
  const source = all.filter(
    ({ asset, device }) => asset.kind === 'source' && device.signals.includes('makeup_flow_t_h'),
  )
  if (source.length === 0)
    return refuse('bad-value', {
      zh: '没有热源的设备测量 makeup_flow_t_h',
      en: 'no device at a source measures makeup_flow_t_h',
    })
  const stations = all.filter(({ device }) => device.signals.includes('primary_supply_mpa'))
  return [...new Set([...source, ...stations])].map(({ device }) => device.id)
}

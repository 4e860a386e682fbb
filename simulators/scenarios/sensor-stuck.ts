import { isRefusal } from '#contract/problem.ts'
import { HOUR, MINUTE } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { sensorAt } from './sensor.ts'

const ONSET = 30 * MINUTE

export const sensorStuck: Scenario = {
  name: 'sensor-stuck',
  title: '读数卡死: a sensor shows one value while its neighbours move',
  lasts: 4 * HOUR,
  speed: 120,
  everyS: 300,
  plan(scene) {
    const sensor = sensorAt(scene)
    if (isRefusal(sensor)) return sensor
    const onset = scene.from + ONSET
    return {
      effects: [],
      faults: [{ ...sensor, fault: 'stuck', from: onset }],
      deviceIds: [sensor.deviceId],
      truth: { kind: 'sensor-stuck', assetId: scene.asset.id, onset, deviceFault: 'stuck' },
    }
  },
}

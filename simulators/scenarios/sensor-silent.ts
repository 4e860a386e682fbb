import { isRefusal } from '#contract/problem.ts'
import { MINUTE } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { sensorAt } from './sensor.ts'

const ONSET = 2 * MINUTE

export const sensorSilent: Scenario = {
  name: 'sensor-silent',
  title: '失联: a device reports, then never again',
  lasts: 5 * MINUTE,
  speed: 1,
  everyS: 30,
  plan(scene) {
    const sensor = sensorAt(scene)
    if (isRefusal(sensor)) return sensor
    const onset = scene.from + ONSET
    return {
      effects: [],
      faults: [{ deviceId: sensor.deviceId, fault: 'silence', from: onset }],
      deviceIds: [sensor.deviceId],
      truth: { kind: 'sensor-silent', assetId: scene.asset.id, onset, deviceFault: 'silence' },
    }
  },
}

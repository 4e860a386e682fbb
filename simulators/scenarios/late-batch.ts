import { isRefusal } from '#contract/problem.ts'
import { HOUR, MINUTE } from '../time.ts'
import type { Scenario } from './scenario.ts'
import { sensorAt } from './sensor.ts'

const LASTS = 6 * HOUR

export const lateBatch: Scenario = {
  name: 'late-batch',
  title: '补传: no radio for six hours, then everything in one message',
  lasts: LASTS,
  speed: 720,
  everyS: 300,
  plan(scene) {
    const sensor = sensorAt(scene)
    if (isRefusal(sensor)) return sensor
    const back = scene.from + LASTS - 10 * MINUTE
    return {
      effects: [],
      faults: [{ deviceId: sensor.deviceId, fault: 'late-batch', from: scene.from, until: back }],
      deviceIds: [sensor.deviceId],
      truth: { kind: 'late-batch', assetId: scene.asset.id, onset: scene.from },
    }
  },
}

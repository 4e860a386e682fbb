import { coverDisplaced } from './cover-displaced.ts'
import { coverMissing } from './cover-missing.ts'
import { lateBatch } from './late-batch.ts'
import { passingTruck } from './passing-truck.ts'
import type { Scenario } from './scenario.ts'
import { secondaryLeak } from './secondary-leak.ts'
import { sensorSilent } from './sensor-silent.ts'
import { sensorStuck } from './sensor-stuck.ts'
import { steam } from './steam.ts'
import { trunkLeak } from './trunk-leak.ts'
import { waterRising } from './water-rising.ts'

/** Every scenario of `npm run simulate`. */
export const SCENARIOS: readonly Scenario[] = [
  coverDisplaced,
  coverMissing,
  passingTruck,
  steam,
  waterRising,
  trunkLeak,
  secondaryLeak,
  sensorStuck,
  sensorSilent,
  lateBatch,
]

export function scenarioByName(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}

import { parentPort, workerData } from 'node:worker_threads'
import type { Scenario } from '../../simulators/laboratory/scenario.ts'
import { judge } from './judge.ts'
import { play } from './play.ts'

/** One scenario in a thread of its own: says how far it is, then what became of it. */
const scenario = workerData as Scenario
let told = 0
const played = await play(scenario, (share) => {
  if (share - told < 0.01 && share < 1) return
  told = share
  parentPort?.postMessage({ kind: 'progress', share })
})
parentPort?.postMessage({ kind: 'done', outcome: judge(scenario.id, played) })

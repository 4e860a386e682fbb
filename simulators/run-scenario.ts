import { isRefusal } from '#contract/problem.ts'
import type { Refusal } from '#contract/problem.ts'
import { refuse } from '#contract/problem.ts'
import { createFleet } from './fleet.ts'
import { runLive } from './live.ts'
import type { Scenario, Scene, ScenarioPlan } from './scenarios/scenario.ts'
import { createSimulatedClock } from './simulated-clock.ts'
import { eventReportsOf } from './event-reports.ts'
import type { World } from './world.ts'

export interface ScenarioRun {
  readonly world: World
  readonly scenario: Scenario
  readonly place: Pick<Scene, 'asset' | 'deviceId'>
  readonly seed: number
  readonly speed: number
  readonly url: string
  readonly password: string
  readonly now: () => number
  readonly onPlan: (plan: ScenarioPlan, from: number) => void
  readonly onProblem: (problem: unknown) => void
  readonly signal: AbortSignal
}

/** An asset by its id, or the asset where a device of that id stands. */
export function placeOf(world: World, id: string): Pick<Scene, 'asset' | 'deviceId'> | Refusal {
  const asset = world.assets.get(id)
  if (asset !== undefined) return { asset }
  const standing = world.devices.get(id)
  if (standing !== undefined) return { asset: standing.asset, deviceId: id }
  return refuse('not-found', {
    zh: `没有名为 ${id} 的设施或设备`,
    en: `no asset and no device is called ${id}`,
  })
}

/**
 * Publishes a scenario as the devices that see it. Accelerated, it begins in the past and ends now: its
 * times are never in the future, which the server would correct.
 */
export async function runScenario(run: ScenarioRun): Promise<ScenarioPlan | Refusal> {
  const { world, scenario, seed, speed, now } = run
  const from = now() - scenario.lasts + scenario.lasts / speed
  const plan = scenario.plan({ world, ...run.place, seed, from })
  if (isRefusal(plan)) return plan
  world.add(...plan.effects)
  run.onPlan(plan, from)

  const fleet = createFleet({ url: run.url, password: run.password })
  try {
    await fleet.connect(plan.deviceIds)
    await runLive({
      world,
      fleet,
      seed,
      clock: createSimulatedClock(from, speed, now),
      deviceIds: plan.deviceIds,
      faults: plan.faults,
      wakes: plan.effects.flatMap((effect) => eventReportsOf(world, effect)),
      until: from + scenario.lasts,
      signal: run.signal,
      onProblem: run.onProblem,
      ...(scenario.everyS === undefined ? {} : { everyS: scenario.everyS }),
    })
  } finally {
    await fleet.close()
  }
  return plan
}

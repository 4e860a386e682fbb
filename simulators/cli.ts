import { isRefusal } from '#contract/problem.ts'
import { DEMO_SEED, demoNetwork } from './demo-network.ts'
import { readNetworkFile } from './network-file.ts'
import { placeOf, runScenario } from './run-scenario.ts'
import { SCENARIOS, scenarioByName } from './scenarios/catalogue.ts'
import type { ScenarioPlan } from './scenarios/scenario.ts'
import { MINUTE, SHANGHAI_OFFSET } from './time.ts'
import { createWorld } from './world.ts'
import { argumentsOf } from './arguments.ts'

const USAGE = `npm run simulate -- --list
npm run simulate -- --scenario NAME --at ASSET|DEVICE [--seed N] [--speed X]
                    [--url mqtt://127.0.0.1:1883] [--network FILE] [--password demo]

Publishes over MQTT as the devices at that asset, of the demo network or of a network file.
A connection as a device ends that device's own: beside a running demo, take spare-1 … spare-4.`

const OPTIONS = {
  list: { type: 'boolean' },
  help: { type: 'boolean' },
  scenario: { type: 'string' },
  at: { type: 'string' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string' },
  url: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
  network: { type: 'string' },
  password: { type: 'string', default: 'demo' },
} as const

process.exitCode = await main()

async function main(): Promise<number> {
  const asked = argumentsOf(OPTIONS)
  if (typeof asked === 'string') return failed(asked)
  if (asked.list === true) return list()
  if (asked.help === true || asked.scenario === undefined || asked.at === undefined) {
    console.info(USAGE)
    return asked.help === true ? 0 : 2
  }
  const scenario = scenarioByName(asked.scenario)
  if (scenario === undefined) {
    return failed(
      `no scenario is called ${asked.scenario}; there are: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    )
  }
  const seed = Number(asked.seed)
  if (!Number.isSafeInteger(seed)) return failed(`--seed ${asked.seed} is not a whole number`)
  const speed = asked.speed === undefined ? scenario.speed : Number(asked.speed)
  if (!(speed > 0 && speed <= 10_000)) return failed(`--speed ${asked.speed} is not between 0 and 10000`)
  if (!URL.canParse(asked.url) || !/^(mqtts?|wss?):$/.test(new URL(asked.url).protocol)) {
    return failed(`--url ${asked.url} is not an MQTT address such as mqtt://127.0.0.1:1883`)
  }

  const file = asked.network === undefined ? demoNetwork() : await readNetworkFile(asked.network)
  if (isRefusal(file)) return failed(file.detailEn)
  // What is normal at a place must not change from run to run: only the event follows the seed.
  const world = await createWorld(file, DEMO_SEED, { seasonal: false })
  const place = placeOf(world, asked.at)
  if (isRefusal(place)) return failed(place.detailEn)

  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort())
  try {
    const outcome = await runScenario({
      world,
      scenario,
      place,
      seed,
      speed,
      url: asked.url,
      password: asked.password,
      now: Date.now,
      onPlan: (plan, from) => announce(plan, { from, lasts: scenario.lasts, speed, title: scenario.title }),
      onProblem: (problem) => void failed(problem instanceof Error ? problem.message : String(problem)),
      signal: stop.signal,
    })
    if (isRefusal(outcome)) return failed(outcome.detailEn)
    console.info(stop.signal.aborted ? 'stopped' : 'done')
    return 0
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

function list(): number {
  for (const { name, title, lasts, speed } of SCENARIOS) {
    const takes = `${Math.round(lasts / MINUTE)} min${speed === 1 ? '' : `, × ${speed}`}`
    console.info(`${name.padEnd(18)}${takes.padEnd(16)}${title}`)
  }
  return 0
}

function announce(
  plan: ScenarioPlan,
  run: { readonly from: number; readonly lasts: number; readonly speed: number; readonly title: string },
): void {
  const { truth } = plan
  const takes = (run.lasts / run.speed / MINUTE).toFixed(1)
  console.info(run.title)
  console.info(`simulated time ${clock(run.from)} to ${clock(run.from + run.lasts)}, in ${takes} min`)
  console.info(`publishing as  ${plan.deviceIds.slice(0, 6).join(', ')}${more(plan.deviceIds.length - 6)}`)
  console.info(
    `ground truth   ${JSON.stringify({ ...truth, onset: clock(truth.onset), expected: truth.expected ?? null })}`,
  )
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : ''
}

function clock(at: number): string {
  return `${new Date(at + SHANGHAI_OFFSET).toISOString().slice(0, 19)}+08:00`
}

function failed(why: string): number {
  console.error(`simulate: ${why}`)
  return 1
}

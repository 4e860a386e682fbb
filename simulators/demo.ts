import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { writeBadNight } from './bad-night.ts'
import { createHotline } from './callers.ts'
import { DEMO_SEED, demoNetwork } from './demo-network.ts'
import type { Fleet } from './fleet.ts'
import { createFleet } from './fleet.ts'
import { isSpare, publishHistory } from './history.ts'
import { runLive } from './live.ts'
import { createSimulatedClock } from './simulated-clock.ts'
import { keepSparesAlive } from './spare-heartbeat.ts'
import type { Story } from './demo-story.ts'
import { historyStart, writeStory } from './demo-story.ts'
import { hangWall } from './wall-screen.ts'
import type { EventReport } from './event-reports.ts'
import { eventReportsOf } from './event-reports.ts'
import type { World } from './world.ts'
import { createWorld } from './world.ts'

export type StoryName = 'usual' | 'bad-night'

export interface DemoOptions {
  readonly mqttUrl: string
  readonly httpUrl: string
  /** The server's time at the start; history ends here. */
  readonly startAt: number
  readonly seed?: number
  readonly password?: string
  /** Normal operation only. */
  readonly quiet?: boolean
  /** A restart: history is in and the story is told; go on live. */
  readonly seeded?: boolean
  /** A manual clock: history, and then nothing. */
  readonly mute?: boolean
  /** False leaves the story out, as `quiet` does; one that is named is told after a restart too. */
  readonly story?: StoryName | false
  /** Between two signs of life of the spare devices; a day unless told otherwise. */
  readonly spareEveryMs?: number
  readonly onSeeded?: () => void
  readonly onProblem?: (what: string, problem: unknown) => void
  readonly signal: AbortSignal
}

/** The demo's simulated devices and callers. Resolves when aborted, or at once after history when mute. */
export async function runDemoDevices(options: DemoOptions): Promise<void> {
  const seed = options.seed ?? DEMO_SEED
  const file = demoNetwork(seed)
  const world = await createWorld(file, seed, { seasonal: false })
  if (world.unsolved !== undefined)
    throw new Error(`the demo network cannot be solved: ${world.unsolved.detailEn}`)
  const told = options.seeded === true && options.story !== 'bad-night'
  const silent = options.quiet === true || told || options.mute === true || options.story === false
  const write = options.story === 'bad-night' ? writeBadNight : writeStory
  const story = silent ? undefined : write(file, seed, options.startAt)
  if (story !== undefined) world.add(story.leak)

  const fleet = createFleet({
    url: options.mqttUrl,
    password: options.password ?? 'demo',
    attributes: (id) => attributesOf(world, id),
  })
  try {
    await Promise.race([goOn({ options, seed, world, story, fleet }), aborted(options.signal)])
  } finally {
    await fleet.close()
  }
}

interface Demo {
  readonly options: DemoOptions
  readonly seed: number
  readonly world: World
  readonly story: Story | undefined
  readonly fleet: Fleet
}

async function goOn({ options, seed, world, story, fleet }: Demo): Promise<void> {
  const everyId = [...world.devices.keys()]
  const spares = everyId.filter(isSpare)
  const regular = everyId.filter((id) => !isSpare(id))
  await fleet.connect(options.seeded === true ? regular : everyId)
  if (options.seeded !== true) {
    const { startAt } = options
    await publishHistory({ world, seed, from: historyStart(startAt), to: startAt }, fleet)
    // From here on the spares belong to whoever tries them by hand.
    await Promise.all(spares.map((id) => fleet.disconnect(id)))
  }
  options.onSeeded?.()
  if (options.mute === true) return

  const readyAt = Date.now()
  const effects = story?.live(readyAt) ?? []
  world.add(...effects)
  const wakes: readonly EventReport[] = effects.flatMap((effect) => eventReportsOf(world, effect))
  const { signal } = options
  const onProblem = (problem: unknown) => options.onProblem?.('publishing', problem)
  await Promise.all([
    runLive({
      world,
      fleet,
      seed,
      clock: createSimulatedClock(readyAt, 1, Date.now),
      deviceIds: regular,
      faults: [],
      wakes,
      signal,
      onProblem,
    }),
    keepSparesAlive({
      world,
      spares,
      httpUrl: options.httpUrl,
      password: options.password ?? 'demo',
      everyMs: options.spareEveryMs,
      onProblem: (problem) => options.onProblem?.('heartbeat of the spare devices', problem),
      signal,
    }),
    phone(options, story?.calls(readyAt) ?? []),
    ...(story?.walls(readyAt) ?? []).map((wall) =>
      hangWall({ httpUrl: options.httpUrl, password: options.password ?? 'demo' }, wall, signal).catch(
        (problem: unknown) => options.onProblem?.('a screen on a wall', problem),
      ),
    ),
  ])
}

async function phone(options: DemoOptions, calls: ReturnType<Story['calls']>): Promise<void> {
  const hotline = createHotline({
    httpUrl: options.httpUrl,
    username: 'operator',
    password: options.password ?? 'demo',
  })
  for (const { at, call } of calls) {
    if (!(await pause(at - Date.now(), options.signal))) return
    await hotline.report(call).catch((problem: unknown) => options.onProblem?.('a resident’s call', problem))
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** False when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  return wait(Math.max(0, ms), true, { signal }).catch(() => false)
}

function attributesOf(world: World, deviceId: string): object {
  const device = world.devices.get(deviceId)?.device
  return {
    model: device?.power === 'battery' ? 'WW-LID-2' : 'WW-RTU-8',
    firmware: device?.power === 'battery' ? '1.4.2' : '3.0.7',
    interval_s: device?.intervalS ?? 0,
  }
}

/** As a process of its own, started by `npm run demo`: options as JSON, “seeded” said over IPC. */
if (import.meta.main) {
  const stop = new AbortController()
  const fail = (problem: unknown): void => {
    say(problem instanceof Error ? problem.message : String(problem))
    process.exitCode = 1
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort())
  process.on('disconnect', () => {
    if (!stop.signal.aborted) fail('the server has gone')
    stop.abort()
  })
  await runDemoDevices({
    ...(JSON.parse(process.argv[2] ?? '{}') as Omit<DemoOptions, 'signal'>),
    signal: stop.signal,
    onSeeded: () => process.connected && process.send?.('seeded'),
    onProblem: (what, problem) =>
      say(`${what}: ${problem instanceof Error ? problem.message : String(problem)}`),
  }).catch(fail)
  // An open channel would keep the process alive.
  stop.abort()
  if (process.connected) process.disconnect?.()
}

function say(line: string): void {
  console.error(`simulated devices: ${line}`)
}

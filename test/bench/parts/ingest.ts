import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile, type Figure, type Part, type Run } from '../figure.ts'
import { runLoad, startLoad } from '../load.ts'
import { foreignCores } from '../foreign-cores.ts'
import { benchNetwork } from '../network.ts'
import { startServer, type BenchServer } from '../server.ts'

/**
 * Broker → journal → store → detector, QoS 1, 100 devices, one sample a message, server and load on the
 * same cores. Sustained is the highest offered rate at which store and detector keep up; flat out is
 * what is acknowledged while they may fall behind.
 */
export const ingest: Part = async (run) => {
  const figures: Figure[] = []
  for (const values of [1, 8]) {
    const server = await startServer(benchNetwork(DEVICES, 0))
    try {
      // Half a minute of life in a few seconds: the code is compiled and the days' files are there.
      await runLoad({
        port: server.mqttPort,
        devices: DEVICES,
        values,
        rate: 10_000,
        seconds: run.quick ? 1 : 4,
      })
      await server.drained()
      const stage: Stage = { run, server, values }
      figures.push(...(await flatOut(stage)), ...(await atTheAim(stage)))
      if (!run.quick) figures.push(await sustained(stage))
    } finally {
      await server.remove()
    }
  }
  return figures
}

const DEVICES = 100
const FAST_MS = 50
const AIM = 20_000
/** Behind by less than a second is keeping up: that is on its way. */
const BEHIND_S = 1

interface Stage {
  readonly run: Run
  readonly server: BenchServer
  readonly values: number
}

const shape = (values: number): string => (values === 1 ? 'one value' : `${String(values)} values`)
const idOf = (values: number, name: string): string => `ingest-${String(values)}-${name}`

async function flatOut({ run, server, values }: Stage): Promise<Figure[]> {
  await server.cost()
  const load = await runLoad({ port: server.mqttPort, devices: DEVICES, values, seconds: run.quick ? 2 : 5 })
  const drainMs = await server.drained()
  const { cpuSeconds } = await server.cost()
  const rate = load.acknowledged / load.seconds
  const through = load.sent / (load.seconds + drainMs / 1000)
  run.say(
    `${shape(values)}, flat out: ${rate.toFixed(0)} acknowledged/s, ${through.toFixed(0)}/s stored and judged`,
  )
  return [
    {
      id: idOf(values, 'flat'),
      what: `flat out, ${shape(values)}: acknowledged`,
      value: rate,
      unit: 'msg/s',
    },
    { id: idOf(values, 'through'), what: '… stored and judged', value: through, unit: 'msg/s' },
    {
      id: idOf(values, 'cpu'),
      what: '… server CPU per 100 k',
      value: (cpuSeconds / load.sent) * 1e5,
      unit: 's',
    },
  ]
}

interface Trial {
  readonly rate: number
  readonly keepsUp: boolean
  readonly p99Ms: number
  readonly loopMs: number
  readonly idleLoopMs: number
  readonly foreign: number
  readonly cpuSeconds: number
}

/** Medians of a few runs at the rate that is wanted. */
async function atTheAim(stage: Stage): Promise<Figure[]> {
  const trials: Trial[] = []
  for (let n = 0; n < (stage.run.quick ? 1 : 3); n += 1) trials.push(await offer(stage, AIM))
  const median = (of: (trial: Trial) => number): number => percentile(trials.map(of), 0.5)
  const { values } = stage
  const at = `${AIM.toLocaleString('en-US')} msg/s, ${shape(values)}`
  const most = { at: 'most', value: FAST_MS } as const
  return [
    {
      id: idOf(values, 'p99'),
      what: `at ${at}: p99 of the acknowledgement`,
      unit: 'ms',
      target: most,
      value: median(({ p99Ms }) => p99Ms),
    },
    {
      id: idOf(values, 'loop'),
      what: '… event loop late, p99.9',
      unit: 'ms',
      target: most,
      value: median(({ loopMs }) => loopMs),
    },
    {
      id: idOf(values, 'idle-loop'),
      what: '… the same in an idle process beside it',
      unit: 'ms',
      value: median(({ idleLoopMs }) => idleLoopMs),
    },
    {
      id: idOf(values, 'aim-cpu'),
      what: '… server CPU per 100 k',
      unit: 's',
      value: median(({ cpuSeconds }) => cpuSeconds),
    },
    {
      id: idOf(values, 'foreign'),
      what: '… taken by other programs meanwhile',
      unit: 'cores',
      value: median(({ foreign }) => foreign),
    },
  ]
}

const STEPS = 4

/** Offers rates until the highest that it keeps up with is known to within one step. */
async function sustained(stage: Stage): Promise<Figure> {
  let low = 0
  let high: number | undefined
  for (let n = 0, rate = AIM; n < STEPS; n += 1) {
    if ((await offer(stage, rate)).keepsUp) low = rate
    else high = rate
    const next = high === undefined ? low * 1.5 : (low + high) / 2
    rate = Math.round(next / 1000) * 1000
  }
  const { values } = stage
  return {
    id: idOf(values, 'sustained'),
    what: `sustained, ${shape(values)}`,
    value: low,
    unit: 'msg/s',
    target: { at: 'least', value: AIM },
  }
}

async function offer({ run, server, values }: Stage, rate: number): Promise<Trial> {
  const seconds = run.quick ? 3 : 6
  await server.cost()
  const others = foreignCores()
  const idle = monitorEventLoopDelay({ resolution: 5 })
  const load = startLoad({ port: server.mqttPort, devices: DEVICES, values, rate, seconds })
  await load.begun
  idle.enable()
  await sleep((seconds - 0.3) * 1000)
  const behind = await Promise.all(
    ['store', 'detector'].map((who) => server.metric('wellwatch_journal_pending_messages', who)),
  )
  idle.disable()
  const result = await load.result
  const cost = await server.cost()
  const foreign = others(cost.cpuSeconds + result.cpuSeconds)
  await server.drained()
  const acknowledged = result.acknowledged / result.seconds
  const keepsUp = acknowledged >= rate * 0.97 && Math.max(...behind) < rate * BEHIND_S
  run.say(
    `${shape(values)}, ${String(rate)}/s offered: ${acknowledged.toFixed(0)} acknowledged/s, p99 ` +
      `${result.p99Ms.toFixed(1)} ms, behind ${behind.join(' in the store, ')} in the detector, ` +
      `others take ${foreign.toFixed(1)} cores: ${keepsUp ? 'keeps up' : 'falls behind'}`,
  )
  return {
    rate,
    keepsUp,
    p99Ms: result.p99Ms,
    loopMs: cost.loopP999Ms,
    foreign,
    idleLoopMs: Math.max(0, idle.percentile(99.9) / 1e6 - 5),
    cpuSeconds: (cost.cpuSeconds / result.sent) * 1e5,
  }
}

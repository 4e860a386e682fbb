import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure, Part, Run } from '../figure.ts'
import { runLoad, startLoad } from '../load.ts'
import { benchNetwork } from '../network.ts'
import { startServer, type BenchServer } from '../server.ts'

/**
 * Broker → journal → store → detector, QoS 1, 100 devices, one sample a message, server and load on the
 * same cores. Sustained is the highest offered rate at which store and detector keep up and the
 * acknowledgement stays fast; flat out is what is acknowledged while they may fall behind.
 */
export const ingest: Part = async (run) => {
  const figures: Figure[] = []
  for (const values of [1, 8]) {
    const server = await startServer(benchNetwork(DEVICES, 0))
    try {
      await runLoad({ port: server.mqttPort, devices: DEVICES, values, rate: 5000, seconds: 1.5 })
      await server.drained()
      figures.push(...(await flatOut(run, server, values)), ...(await sustained(run, server, values)))
    } finally {
      await server.remove()
    }
  }
  return figures
}

const DEVICES = 100
const FAST_MS = 50
const AIM = 20_000
/** Behind by less than this is keeping up: what arrived within it is still on its way. */
const BEHIND_S = 1

function shape(values: number): string {
  return values === 1 ? 'one value' : `${String(values)} values`
}

async function flatOut(run: Run, server: BenchServer, values: number): Promise<Figure[]> {
  await server.cost()
  const load = await runLoad({ port: server.mqttPort, devices: DEVICES, values, seconds: run.quick ? 2 : 5 })
  const drainMs = await server.drained()
  const { cpuSeconds } = await server.cost()
  const rate = load.acknowledged / load.seconds
  const through = load.sent / (load.seconds + drainMs / 1000)
  run.say(`${shape(values)}, flat out: ${rate.toFixed(0)} acknowledged/s, p99 ${load.p99Ms.toFixed(1)} ms`)
  const id = (name: string) => `ingest-${String(values)}-${name}`
  return [
    { id: id('flat'), what: `flat out, ${shape(values)}: acknowledged`, value: rate, unit: 'msg/s' },
    {
      id: id('through'),
      what: `flat out, ${shape(values)}: stored and judged`,
      value: through,
      unit: 'msg/s',
    },
    {
      ...{ id: id('cpu'), what: `server CPU per 100 k messages, ${shape(values)}` },
      ...{ value: (cpuSeconds / load.sent) * 1e5, unit: 's' },
    },
  ]
}

interface Trial {
  readonly rate: number
  readonly keepsUp: boolean
  readonly p99Ms: number
  readonly loopP999Ms: number
  readonly loopMaxMs: number
}

/** Offers rates until the highest that it keeps up with is known to within one step. */
async function sustained(run: Run, server: BenchServer, values: number): Promise<Figure[]> {
  let [low, high] = [0, 64_000]
  let best: Trial | undefined
  let worst: Trial | undefined
  const rates = run.quick ? 3 : 6
  for (let n = 0, rate = AIM; n < rates; n += 1, rate = nextRate(low, high)) {
    const trial = await offer(run, server, { values, rate })
    if (trial.keepsUp) [low, best] = [rate, trial]
    else [high, worst] = [rate, trial]
  }
  const told = best ?? worst
  const id = (name: string) => `ingest-${String(values)}-${name}`
  return [
    {
      ...{ id: id('sustained'), what: `sustained, ${shape(values)}`, value: best?.rate ?? 0, unit: 'msg/s' },
      target: { at: 'least', value: AIM },
    },
    {
      ...{
        id: id('p99'),
        what: `p99 of the acknowledgement at that rate`,
        value: told?.p99Ms ?? 0,
        unit: 'ms',
      },
      target: { at: 'most', value: FAST_MS },
    },
    {
      ...{
        id: id('loop'),
        what: `event loop late at that rate, p99.9`,
        value: told?.loopP999Ms ?? 0,
        unit: 'ms',
      },
      target: { at: 'most', value: FAST_MS },
    },
    { id: id('loop-max'), what: 'event loop late, longest', value: told?.loopMaxMs ?? 0, unit: 'ms' },
  ]
}

function nextRate(low: number, high: number): number {
  const middle = low === 0 ? high / 2 : high === 64_000 ? low * 1.5 : (low + high) / 2
  return Math.round(middle / 500) * 500
}

async function offer(
  run: Run,
  server: BenchServer,
  { values, rate }: { values: number; rate: number },
): Promise<Trial> {
  const seconds = run.quick ? 3 : 6
  await server.cost()
  const loading = startLoad({ port: server.mqttPort, devices: DEVICES, values, rate, seconds })
  await loading.begun
  await sleep((seconds - 0.3) * 1000)
  const [store, detector] = await Promise.all(
    ['store', 'detector'].map((who) => server.metric('wellwatch_journal_pending_messages', who)),
  )
  const load = await loading.result
  const cost = await server.cost()
  await server.drained()
  const behind = Math.max(store ?? 0, detector ?? 0)
  const keepsUp =
    load.acknowledged >= rate * load.seconds * 0.97 && behind < rate * BEHIND_S && load.p99Ms < FAST_MS
  run.say(
    `${shape(values)}, ${String(rate)}/s offered: ${(load.acknowledged / load.seconds).toFixed(0)} acknowledged/s, ` +
      `p99 ${load.p99Ms.toFixed(1)} ms, behind ${String(store)} in the store, ${String(detector)} in the detector, ` +
      `loop p99.9 ${cost.loopP999Ms.toFixed(0)} ms: ${keepsUp ? 'keeps up' : 'falls behind'}`,
  )
  return { rate, keepsUp, p99Ms: load.p99Ms, loopP999Ms: cost.loopP999Ms, loopMaxMs: cost.loopMaxMs }
}

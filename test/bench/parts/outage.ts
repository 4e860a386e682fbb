import { setTimeout as sleep } from 'node:timers/promises'
import { startInflux, type Influx } from '../../support/influx.ts'
import type { Figure, Part } from '../figure.ts'
import { runLoad, startLoad } from '../load.ts'
import { lostSamples } from '../lost-samples.ts'
import { benchNetwork } from '../network.ts'
import { startServer, type BenchServer } from '../server.ts'

/**
 * InfluxDB 1.6 is stopped under load and comes back while the load goes on. Catch-up is counted from
 * the first batch that it takes again until what is left is on its way as usual.
 */
export const outage: Part = async (run) => {
  const influx = await startInflux()
  const server = await startServer(benchNetwork(DEVICES, 0), {
    WELLWATCH_INFLUX_URL: influx.url,
    WELLWATCH_INFLUX_VERSION: '1',
    WELLWATCH_INFLUX_USERNAME: influx.admin.username,
    WELLWATCH_INFLUX_PASSWORD: influx.admin.password,
  })
  try {
    const before = await runLoad({ ...load(server), seconds: run.quick ? 1 : 12 })
    await server.drained()
    const rssMb = (await server.cost()).rssMb
    const loading = startLoad({ ...load(server), keep: true })
    await loading.begun
    await sleep(2000)
    await influx.signal('SIGKILL')
    const stoppedS = run.quick ? 4 : 60
    run.say(`InfluxDB is stopped for ${String(stoppedS)} s at ${String(RATE)} messages a second`)
    await sleep(stoppedS * 1000)
    const behind = await server.metric(PENDING, 'store')
    const grownMb = (await server.cost()).rssMb - rssMb
    await influx.start()
    const { rate, seconds } = await catchUp(server)
    const catchUpMb = (await server.cost()).rssMb - rssMb
    loading.stop()
    const { kept, p99Ms } = await loading.result
    await server.drained()
    const lost = await lostSamples(kept, readBack(influx))
    run.say(
      `${String(behind)} waited, caught up in ${seconds.toFixed(1)} s at ${rate.toFixed(0)}/s; ` +
        `${String(lost)} of ${String(kept.length)} acknowledged are lost`,
    )
    return figures({
      lost,
      kept: kept.length,
      times: rate / RATE,
      p99Ms,
      p99Before: before.p99Ms,
      grownMb,
      catchUpMb,
    })
  } finally {
    await server.remove()
    await influx.remove()
  }
}

const DEVICES = 100
/** Ten times a city of a thousand devices that send every ten seconds. */
const RATE = 1000
const PENDING = 'wellwatch_journal_pending_messages'
const STORED = 'wellwatch_store_samples_total'

const load = (server: BenchServer) => ({ port: server.mqttPort, devices: DEVICES, values: 8, rate: RATE })

async function catchUp(server: BenchServer): Promise<{ rate: number; seconds: number }> {
  const stored = await server.metric(STORED)
  while ((await server.metric(STORED)) === stored) await sleep(20)
  const began = performance.now()
  while ((await server.metric(PENDING, 'store')) > RATE) await sleep(20)
  const seconds = (performance.now() - began) / 1000
  return { rate: ((await server.metric(STORED)) - stored) / SAMPLES_A_MESSAGE / seconds, seconds }
}

/** A sample of eight values lies in two measurements, so it counts twice. */
const SAMPLES_A_MESSAGE = 2

interface Answer {
  readonly results: readonly {
    readonly series?: readonly { readonly values: readonly (readonly [number, number])[] }[]
  }[]
}

function readBack(influx: Influx) {
  return async (deviceId: string): Promise<ReadonlyMap<number, number>> => {
    const statement = `SELECT pressure_mpa FROM well WHERE device_id = '${deviceId}'`
    const answer = (await influx.query(statement, 'wellwatch')) as Answer
    return new Map(answer.results.flatMap(({ series }) => series?.flatMap(({ values }) => values) ?? []))
  }
}

interface Sums {
  readonly lost: number
  readonly kept: number
  readonly times: number
  readonly p99Ms: number
  readonly p99Before: number
  readonly grownMb: number
  readonly catchUpMb: number
}

function figures({ lost, kept, times, p99Ms, p99Before, grownMb, catchUpMb }: Sums): Figure[] {
  return [
    {
      id: 'outage-lost',
      what: 'InfluxDB stopped: acknowledged and lost',
      value: lost,
      unit: 'samples',
      target: { at: 'most', value: 0 },
    },
    { id: 'outage-acknowledged', what: 'InfluxDB stopped: acknowledged', value: kept, unit: 'samples' },
    {
      id: 'outage-catch-up',
      what: 'catch-up, times the arrival rate',
      value: times,
      unit: '×',
      target: { at: 'least', value: 5 },
    },
    { id: 'outage-p99-before', what: 'p99 of the acknowledgement before', value: p99Before, unit: 'ms' },
    { id: 'outage-p99', what: 'p99 of the acknowledgement, outage and catch-up', value: p99Ms, unit: 'ms' },
    {
      id: 'outage-memory',
      what: 'memory grown while it is away',
      value: grownMb,
      unit: 'MB',
      target: { at: 'most', value: 50 },
    },
    { id: 'outage-memory-after', what: '… and after the catch-up', value: catchUpMb, unit: 'MB' },
  ]
}

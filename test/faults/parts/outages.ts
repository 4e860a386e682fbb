import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure, Part, Run } from '../../bench/figure.ts'
import { runLoad, startLoad } from '../../bench/load.ts'
import { lostSamples } from '../../bench/lost-samples.ts'
import { OUTAGES, type Outage } from '../influx-gate.ts'
import { DEVICES, RATE, storedInInflux, type StoredInInflux } from '../stored-in-influx.ts'

const LONG_S = 600
const SHORT_S = 20

/** F3: InfluxDB refuses, hangs, answers 503 or 401, cuts off; the first of them for ten minutes. */
export const outages: Part = async (run) => {
  const parts = await storedInInflux()
  const figures: Figure[] = []
  try {
    const order = { port: parts.server.mqttPort, devices: DEVICES, values: 8, rate: RATE }
    const { p99Ms } = await runLoad({ ...order, seconds: run.quick ? 2 : 20 })
    await parts.server.drained()
    for (const how of run.quick ? (['hangs', 'answers 401'] as const) : OUTAGES) {
      const seconds = run.quick ? 2 : how === 'refuses' ? LONG_S : SHORT_S
      figures.push(...(await oneOutage(run, parts, { how, seconds, p99Before: p99Ms })))
    }
    return figures
  } finally {
    await parts.remove()
  }
}

async function oneOutage(
  run: Run,
  { server, gate, readBack }: StoredInInflux,
  { how, seconds, p99Before }: { how: Outage; seconds: number; p99Before: number },
): Promise<Figure[]> {
  const rssMb = (await server.cost()).rssMb
  const load = startLoad({ port: server.mqttPort, devices: DEVICES, values: 8, rate: RATE, keep: true })
  await load.begun
  await gate.fail(how)
  await sleep(seconds * 1000)
  const grownMb = (await server.cost()).rssMb - rssMb
  const tries = gate.tries() / seconds
  await gate.fail(undefined)
  const behind = await server.metric('wellwatch_journal_pending_messages', 'store')
  const began = performance.now()
  while ((await server.metric('wellwatch_journal_pending_messages', 'store')) > RATE) await sleep(50)
  const times = behind / RATE / ((performance.now() - began) / 1000)
  load.stop()
  const { kept, p99Ms } = await load.result
  await server.drained()
  const lost = await lostSamples(kept, readBack)
  run.say(
    `${how} for ${String(seconds)} s: ${String(lost)} of ${String(kept.length)} lost, p99 ${p99Ms.toFixed(0)} ms ` +
      `(${p99Before.toFixed(0)} before), ${grownMb.toFixed(0)} MB grown, ${tries.toFixed(1)} tries/s, ${times.toFixed(1)} × back`,
  )
  const name = how.replace(' ', '-')
  const most = (value: number) => ({ at: 'most' as const, value })
  return [
    {
      id: `outage-${name}-lost`,
      what: `InfluxDB ${how}: lost`,
      value: lost,
      unit: 'samples',
      target: most(0),
    },
    {
      id: `outage-${name}-memory`,
      what: `InfluxDB ${how}: memory grown`,
      value: grownMb,
      unit: 'MB',
      target: most(50),
    },
    {
      id: `outage-${name}-tries`,
      what: `InfluxDB ${how}: tries a second`,
      value: tries,
      unit: '/s',
      target: most(2),
    },
    {
      id: `outage-${name}-p99`,
      what: `InfluxDB ${how}: p99 of the acknowledgement`,
      value: p99Ms,
      unit: 'ms',
    },
    {
      id: `outage-${name}-back`,
      what: `InfluxDB ${how}: catch-up, times the arrival rate`,
      value: times,
      unit: '×',
    },
  ]
}

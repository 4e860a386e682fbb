import { connectAsync } from 'mqtt'
import type { Figure, Part, Run } from '../figure.ts'
import { percentile } from '../figure.ts'
import type { TicketView } from '#contract/ticket.ts'
import { openFeed, type Feed } from '../feed.ts'
import { startLoad } from '../load.ts'
import { benchNetwork, lidDevice, lidWell } from '../network.ts'
import { SECRET, startServer, type BenchServer } from '../server.ts'

/** From a device's word that its cover is open, QoS 1, to the ticket on a screen's live feed. */
export const cover: Part = async (run) => {
  const trials = run.quick ? 40 : 200
  const server = await startServer(benchNetwork(LOADS, trials * 2))
  const feed = await openFeed(server.url, { username: 'wall', password: SECRET })
  try {
    const idle = await timeCovers(server, feed, { from: 0, to: trials })
    tell(run, 'idle', idle)
    const load = startLoad({ port: server.mqttPort, devices: LOADS, values: 8, rate: RATE })
    await load.begun
    const busy = await timeCovers(server, feed, { from: trials, to: trials * 2 })
    load.stop()
    await load.result
    tell(run, `at ${String(RATE)} messages a second`, busy)
    return [...figuresOf('idle', idle), ...figuresOf(`at ${String(RATE)} msg/s`, busy)]
  } finally {
    feed.close()
    await server.remove()
  }
}

const LOADS = 100
const RATE = 2000

/** One cover after the other, each of its own well; milliseconds of each. */
export async function timeCovers(
  server: BenchServer,
  feed: Feed,
  lids: { from: number; to: number },
): Promise<number[]> {
  const took: number[] = []
  for (let n = lids.from; n < lids.to; n += 1) {
    const id = lidDevice(n)
    const client = await connectAsync(`mqtt://127.0.0.1:${String(server.mqttPort)}`, {
      clientId: id,
      username: id,
      password: SECRET,
      reconnectPeriod: 0,
    })
    const seen = feed.next<TicketView>('ticket', ({ assetId }) => assetId === lidWell(n))
    const began = performance.now()
    client.publish(`dh/v1/${id}/event`, JSON.stringify({ ts: Date.now(), event: 'cover_open' }), { qos: 1 })
    const ticket = await seen
    took.push(performance.now() - began)
    if (ticket.kind !== 'cover' || ticket.state !== 'dispatched') {
      throw new Error(`${id} brought a ticket ${ticket.kind} in ${ticket.state}`)
    }
    await client.endAsync(true)
  }
  return took
}

function tell(run: Run, when: string, took: readonly number[]): void {
  const at = (share: number): string => percentile(took, share).toFixed(0)
  run.say(
    `${String(took.length)} covers, ${when}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`,
  )
}

function figuresOf(when: string, took: readonly number[]): Figure[] {
  const id = (name: string): string => `cover-${when === 'idle' ? 'idle' : 'load'}-${name}`
  return [
    {
      id: id('p99'),
      what: `cover open → ticket on the feed, ${when}, p99`,
      value: percentile(took, 0.99),
      unit: 'ms',
      target: { at: 'most', value: 500 },
    },
    { id: id('p50'), what: `the same, median`, value: percentile(took, 0.5), unit: 'ms' },
  ]
}

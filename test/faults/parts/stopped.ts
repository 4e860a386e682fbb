import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../../bench/figure.ts'
import { openFeed } from '../../bench/feed.ts'
import { startLoad } from '../../bench/load.ts'
import { lostSamples } from '../../bench/lost-samples.ts'
import { benchNetwork } from '../../bench/network.ts'
import { timeCovers } from '../../bench/parts/cover.ts'
import { readBack } from '../../bench/parts/kill.ts'
import { SECRET, startServer } from '../../bench/server.ts'

const LOADS = 20

/** F21: the process is frozen for a minute under load and goes on. */
export const stopped: Part = async (run) => {
  const server = await startServer(benchNetwork(LOADS, 1))
  const from = Date.now()
  try {
    const load = startLoad({ port: server.mqttPort, devices: LOADS, values: 1, rate: 200, keep: true })
    await load.begun
    await sleep(1000)
    process.kill(server.pid, 'SIGSTOP')
    await sleep(run.quick ? 2000 : 60_000)
    process.kill(server.pid, 'SIGCONT')
    const began = performance.now()
    while (!(await fetch(`${server.url}/readyz`).catch(() => ({ ok: false }))).ok) await sleep(50)
    const readyMs = performance.now() - began
    const feed = await openFeed(server.url, { username: 'wall', password: SECRET })
    const [coverMs = Infinity] = await timeCovers(server, feed, { from: 0, to: 1 })
    feed.close()
    const { items } = await server.get<{ items: readonly object[] }>('/tickets')
    load.stop()
    const { kept } = await load.result
    await server.drained()
    const lost = await lostSamples(kept, readBack(server, from))
    run.say(
      `ready ${readyMs.toFixed(0)} ms after it went on, a cover on a screen in ${coverMs.toFixed(0)} ms, ` +
        `${String(lost)} of ${String(kept.length)} lost, ${String(items.length)} ticket`,
    )
    const most = (value: number) => ({ at: 'most' as const, value })
    return [
      {
        id: 'stopped-lost',
        what: 'frozen for a minute: lost',
        value: lost,
        unit: 'samples',
        target: most(0),
      },
      {
        id: 'stopped-ready',
        what: 'frozen for a minute: ready again',
        value: readyMs,
        unit: 'ms',
        target: most(5000),
      },
      {
        id: 'stopped-tickets',
        what: 'frozen for a minute: tickets of nothing',
        value: items.length - 1,
        unit: '',
        target: most(0),
      },
    ]
  } finally {
    await server.remove()
  }
}

import { percentile, type Part } from '../../bench/figure.ts'
import { openFeed } from '../../bench/feed.ts'
import { startLoad } from '../../bench/load.ts'
import { benchNetwork } from '../../bench/network.ts'
import { timeCovers } from '../../bench/parts/cover.ts'
import { SECRET, startServer } from '../../bench/server.ts'

const LOADS = 100
/** Ten times a city of a thousand devices that send every ten seconds. */
const RATE = 1000

/** F13: ten times the nominal rate for five minutes; what a screen and the API see of it. */
export const burst: Part = async (run) => {
  const covers = run.quick ? 5 : 300
  const server = await startServer(benchNetwork(LOADS, covers))
  const feed = await openFeed(server.url, { username: 'wall', password: SECRET })
  try {
    const load = startLoad({ port: server.mqttPort, devices: LOADS, values: 8, rate: RATE })
    await load.begun
    const api: number[] = []
    const screen: number[] = []
    const began = performance.now()
    for (let n = 0; n < covers; n += 1) {
      screen.push(...(await timeCovers(server, feed, { from: n, to: n + 1 })))
      const asked = performance.now()
      await server.get('/tickets?state=open')
      api.push(performance.now() - asked)
      const due = began + n * 1000
      if (!run.quick && performance.now() < due)
        await new Promise((wait) => setTimeout(wait, due - performance.now()))
    }
    const { rssMb } = await server.cost()
    load.stop()
    await load.result
    const [screenMs, apiMs] = [percentile(screen, 0.99), percentile(api, 0.99)]
    run.say(`screen p99 ${screenMs.toFixed(0)} ms, API p99 ${apiMs.toFixed(0)} ms, ${rssMb.toFixed(0)} MB`)
    return [
      {
        id: 'burst-screen',
        what: 'ten times the load: cover to screen, p99',
        value: screenMs,
        unit: 'ms',
        target: { at: 'most', value: 5000 },
      },
      {
        id: 'burst-api',
        what: 'ten times the load: board over HTTP, p99',
        value: apiMs,
        unit: 'ms',
        target: { at: 'most', value: 500 },
      },
      {
        id: 'burst-memory',
        what: 'ten times the load: memory',
        value: rssMb,
        unit: 'MB',
        target: { at: 'most', value: 600 },
      },
    ]
  } finally {
    feed.close()
    await server.remove()
  }
}

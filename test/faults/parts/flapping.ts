import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../../bench/figure.ts'
import { startLoad } from '../../bench/load.ts'
import { lostSamples } from '../../bench/lost-samples.ts'
import { DEVICES, RATE, storedInInflux } from '../stored-in-influx.ts'

/** F4: InfluxDB comes and goes every ten seconds for ten minutes. */
export const flapping: Part = async (run) => {
  const { server, gate, readBack, remove } = await storedInInflux()
  try {
    const everyMs = run.quick ? 500 : 10_000
    const load = startLoad({ port: server.mqttPort, devices: DEVICES, values: 8, rate: RATE, keep: true })
    await load.begun
    let most = 0
    for (let round = 0; round < (run.quick ? 4 : 30); round += 1) {
      await gate.fail('cuts off')
      await sleep(everyMs)
      most = Math.max(most, gate.tries() / (everyMs / 1000))
      await gate.fail(undefined)
      await sleep(everyMs)
    }
    load.stop()
    const { kept } = await load.result
    await server.drained()
    const lost = await lostSamples(kept, readBack)
    run.say(`${String(lost)} of ${String(kept.length)} lost, at most ${most.toFixed(1)} tries a second`)
    return [
      {
        id: 'flapping-lost',
        what: 'InfluxDB comes and goes: lost',
        value: lost,
        unit: 'samples',
        target: { at: 'most', value: 0 },
      },
      {
        id: 'flapping-tries',
        what: 'InfluxDB comes and goes: most tries a second',
        value: most,
        unit: '/s',
        target: { at: 'most', value: run.quick ? 10 : 2 },
      },
    ]
  } finally {
    await remove()
  }
}

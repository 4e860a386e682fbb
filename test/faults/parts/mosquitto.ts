import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { Part } from '../../bench/figure.ts'
import { readBack } from '../../bench/parts/kill.ts'
import { benchNetwork, loadDevice } from '../../bench/network.ts'
import { startServer } from '../../bench/server.ts'
import { prepareMosquitto } from '../../mqtt/mosquitto.ts'
import { tcpGate } from '../tcp-gate.ts'

const DEVICES = 5

/** F10: the line to an external broker is cut for ten minutes, then the broker itself is restarted. */
export const mosquitto: Part = async (run) => {
  const ids = Array.from({ length: DEVICES }, (_, n) => loadDevice(n))
  const broker = await prepareMosquitto(ids)
  await broker.start()
  const gate = await tcpGate(broker.port)
  const server = await startServer(benchNetwork(DEVICES, 0), {
    WELLWATCH_MQTT_URL: `mqtt://127.0.0.1:${String(gate.port)}`,
    WELLWATCH_MQTT_USERNAME: broker.server.username,
    WELLWATCH_MQTT_PASSWORD: broker.server.password,
  })
  const from = Date.now()
  const kept = new Map<string, Set<number>>(ids.map((id) => [id, new Set()]))
  let stopping = false
  const publishing = ids.map(async (id) => {
    const client = await connectAsync(broker.url, {
      clientId: id,
      username: id,
      password: `secret-${id}`,
      clean: false,
      reconnectPeriod: 200,
    })
    client.on('error', () => undefined)
    for (let ts = Date.now(); !stopping; ts = Math.max(ts + 1, Date.now())) {
      const body = JSON.stringify({ ts, values: { pressure_mpa: 0.6 } })
      await client.publishAsync(`dh/v1/${id}/telemetry`, body, { qos: 1 })
      kept.get(id)?.add(ts)
      await sleep(90)
    }
    await client.endAsync()
  })
  try {
    await sleep(1000)
    gate.cut()
    await sleep(run.quick ? 2000 : 600_000)
    gate.mend()
    await sleep(run.quick ? 1000 : 10_000)
    await broker.stop()
    await sleep(1000)
    await broker.start()
    await sleep(run.quick ? 1500 : 10_000)
    stopping = true
    await Promise.all(publishing)
    const acknowledged = [...kept.values()].reduce((sum, one) => sum + one.size, 0)
    let lost = acknowledged
    const began = performance.now()
    while (lost > 0 && performance.now() - began < 60_000) {
      await server.drained()
      lost = 0
      for (const [id, mine] of kept) {
        const stored = await readBack(server, from)(id)
        lost += [...mine].filter((ts) => !stored.has(ts)).length
      }
      if (lost > 0) await sleep(200)
    }
    run.say(`${String(lost)} of ${String(acknowledged)} that Mosquitto had acknowledged are lost`)
    return [
      {
        id: 'mosquitto-lost',
        what: 'external broker cut off and restarted: lost',
        value: lost,
        unit: 'samples',
        target: { at: 'most', value: 0 },
      },
      {
        id: 'mosquitto-acknowledged',
        what: 'external broker cut off: acknowledged',
        value: acknowledged,
        unit: 'samples',
      },
    ]
  } finally {
    stopping = true
    await server.remove()
    await gate.close()
    await broker.remove()
  }
}

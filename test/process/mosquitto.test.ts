import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { prepareMosquitto, type Mosquitto } from '../mqtt/mosquitto.ts'
import { eventually, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

vi.setConfig({ testTimeout: 90_000 })

let mosquitto: Mosquitto
let server: ServerProcess
const devices: MqttClient[] = []
beforeAll(async () => {
  mosquitto = await prepareMosquitto(['dev-w1', 'dev-w2'])
  await mosquitto.start()
  server = await serverProcess(await furnishedDir(), {
    env: {
      WELLWATCH_MQTT_URL: mosquitto.url,
      WELLWATCH_MQTT_USERNAME: mosquitto.server.username,
      WELLWATCH_MQTT_PASSWORD: mosquitto.server.password,
    },
  })
  await server.start()
}, 90_000)
afterAll(async () => {
  await Promise.all(devices.map((device) => device.endAsync(true)))
  await server.remove()
  await mosquitto.remove()
})

async function aDevice(id: string): Promise<MqttClient> {
  const device = await connectAsync(mosquitto.url, { clientId: id, username: id, password: `secret-${id}` })
  devices.push(device)
  return device
}

describe('F10 behind a Mosquitto of one’s own', () => {
  it('a cover is a ticket; what is published while the server lies dead is all there afterwards', async () => {
    const [w1, w2] = [await aDevice('dev-w1'), await aDevice('dev-w2')]
    await w1.publishAsync('dh/v1/dev-w1/telemetry', JSON.stringify(openCover(Date.now() - 40_000, 3)), {
      qos: 1,
    })
    await eventually(
      () => server.as('dispatcher').tickets(),
      (tickets) => tickets.length === 1 && tickets[0]?.kind === 'cover',
    )

    const from = Date.now() - 600_000
    const publish = (i: number) =>
      w2.publishAsync(
        'dh/v1/dev-w2/telemetry',
        JSON.stringify({ ts: from + i, values: { battery_v: 3.6 } }),
        { qos: 1 },
      )
    const first = Array.from({ length: 300 }, (_, i) => publish(i))
    await Promise.all(first.slice(0, 100))
    await server.kill()
    await Promise.all([...first, ...Array.from({ length: 300 }, (_, i) => publish(300 + i))])
    await w1.publishAsync('dh/v1/dev-w1/event', JSON.stringify({ event: 'cover_closed' }), { qos: 1 })
    await w2.publishAsync('dh/v1/dev-w2/event', JSON.stringify({ event: 'cover_open' }), { qos: 1 })
    await server.start()
    await eventually(
      async () => {
        const path = `/readings?device=dev-w2&signal=battery_v&from=${String(from)}`
        const { series } = await server.as('engineer').get<{ series: { points: unknown[] }[] }>(path)
        return series[0]?.points.length ?? 0
      },
      (count) => count === 600,
    )
    const tickets = await eventually(
      () => server.as('dispatcher').tickets(),
      (found) => found.length === 2,
    )
    expect(tickets.map(({ assetId }) => assetId).sort()).toEqual(['w1', 'w2'])
  })

  it('says in /readyz that its broker is away, and comes back with it', async () => {
    const ready = async () => (await fetch(`${server.url}/readyz`)).status
    await mosquitto.stop()
    await eventually(ready, (status) => status === 503)
    await mosquitto.start()
    await eventually(ready, (status) => status === 200, 30_000)
  })
})

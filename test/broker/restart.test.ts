import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type MqttClient } from 'mqtt'
import { afterEach, describe, expect, it } from 'vitest'
import { CONNACK_OK, device, openBroker, signedIn, type TestBroker } from './support.ts'

let opened: TestBroker[] = []
async function open(...args: Parameters<typeof openBroker>): Promise<TestBroker> {
  const broker = await openBroker(...args)
  opened.push(broker)
  return broker
}
afterEach(async () => {
  for (const broker of opened) await broker.close()
  opened = []
})

describe('over a restart of the broker', () => {
  it('commands for an absent device wait on disk, and retained status is there for the device', async () => {
    const first = await openBroker()
    const kept = { clean: false }
    let client: MqttClient = await device(first.port, 'd1', kept)
    await client.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
    await client.publishAsync('dh/v1/d1/status', '{"state":"online"}', { qos: 1, retain: true })
    await client.publishAsync('dh/v1/d1/telemetry', '{"chamber_c":20}', { qos: 1, retain: true })
    await client.endAsync()
    await expect.poll(() => first.broker.stats().clients).toBe(0)
    for (const n of [1, 2, 3]) await first.broker.publishCommand('d1', 'interval', `${n}`)
    await first.broker.close()

    const second = await open({ persistencePath: first.path })
    const commands: string[] = []
    const login = { clientId: 'd1', username: 'd1', password: 'secret-d1' }
    // Commands come with the CONNACK: the handler must be there before.
    client = connect(`mqtt://127.0.0.1:${second.port}`, { ...login, ...kept, reconnectPeriod: 0 })
    client.on('message', (topic, body) => commands.push(`${topic} ${body}`))
    await expect.poll(() => commands).toEqual([1, 2, 3].map((n) => `dh/v1/d1/cmd/interval ${n}`))
    commands.length = 0
    await client.subscribeAsync(['dh/v1/d1/status', 'dh/v1/d1/telemetry'], { qos: 1 })
    await expect.poll(() => commands).toEqual(['dh/v1/d1/status {"state":"online"}'])
    await client.endAsync()
    await first.close()
  })

  it('a clean connect throws away what waited', async () => {
    const { port, broker } = await open()
    const kept = await device(port, 'd1', { clean: false })
    await kept.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
    await kept.endAsync()
    await expect.poll(() => broker.stats().clients).toBe(0)
    await broker.publishCommand('d1', 'x', 'old')
    const raw = await signedIn(port)
    await sleep(100)
    expect(raw.received()).toEqual(CONNACK_OK)
    raw.socket.destroy()
  })
})

import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createExternalMqtt,
  type DevicePublish,
  type ExternalMqtt,
  type Ingest,
} from '../../server/mqtt/external.ts'
import { prepareMosquitto, type Mosquitto } from './mosquitto.ts'

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
let mosquitto: Mosquitto
let open: ExternalMqtt[] = []
let devices: MqttClient[] = []

beforeEach(async () => {
  mosquitto = await prepareMosquitto(['d1', 'd2', 'UPPER'])
  await mosquitto.start()
})
afterEach(async () => {
  for (const client of devices) await client.endAsync(true)
  for (const external of open) await external.close()
  devices = []
  open = []
  await mosquitto.remove()
})

async function server(ingest: Ingest): Promise<ExternalMqtt> {
  const { url, server: login } = mosquitto
  const external = createExternalMqtt({ url, ...login, ingest, log: silent, retryMs: 100 })
  open.push(external)
  await expect.poll(external.connected, { timeout: 10_000 }).toBe(true)
  return external
}

async function device(id: string): Promise<MqttClient> {
  const client = await connectAsync(mosquitto.url, {
    clientId: id,
    username: id,
    password: `secret-${id}`,
    reconnectPeriod: 0,
  })
  devices.push(client)
  return client
}

const publish = async (client: MqttClient, ...bodies: number[]) => {
  for (const body of bodies) await client.publishAsync('dh/v1/d1/telemetry', `${body}`, { qos: 1 })
}
const numbers = (messages: DevicePublish[]) => messages.map(({ body }) => Number(`${body}`))

describe('an external broker', () => {
  it('hands over what devices publish on the four channels', async () => {
    const messages: DevicePublish[] = []
    const external = await server((message, done) => {
      messages.push(message)
      done()
    })
    const client = await device('d1')
    await client.publishAsync('dh/v1/d1/telemetry', '{"chamber_c":21}', { qos: 1 })
    await client.publishAsync('dh/v1/d1/event', '{"event":"water"}', { qos: 1 })
    await client.publishAsync('dh/v1/d1/attributes', '{}', { qos: 1, retain: true })
    await client.publishAsync('dh/v1/d1/status', '{"state":"online"}', { qos: 0, retain: true })
    await expect.poll(() => messages.length).toBe(4)
    expect(messages.map(({ channel }) => channel)).toEqual(['telemetry', 'event', 'attributes', 'status'])
    expect(messages[0]).toMatchObject({ deviceId: 'd1', topic: 'dh/v1/d1/telemetry' })
    expect(external.stats()).toMatchObject({ connects: 1, messages: 4, messagesPerMinute: 4, foreign: 0 })
  })

  it('keeps a message until the journal has it, also when the server goes away before', async () => {
    const seen: DevicePublish[] = []
    const first = await server((message) => seen.push(message))
    await publish(await device('d1'), 1, 2, 3)
    await expect.poll(() => seen.length).toBe(3)
    await first.close()
    const again: DevicePublish[] = []
    const second = await server((message, done) => {
      again.push(message)
      done()
    })
    await expect.poll(() => numbers(again)).toEqual([1, 2, 3])
    await second.close()
    const third: DevicePublish[] = []
    await server((message, done) => {
      third.push(message)
      done()
    })
    await publish(await device('d1'), 4)
    await expect.poll(() => numbers(third)).toEqual([4])
  })

  it('sends again what could not be written', async () => {
    const written: DevicePublish[] = []
    let full = true
    const external = await server((message, done) => {
      if (full) return setImmediate(done, new Error('disk full'))
      written.push(message)
      setImmediate(done)
    })
    await publish(await device('d1'), 1, 2, 3)
    await expect.poll(() => external.stats().refused).toBeGreaterThan(0)
    full = false
    await expect.poll(() => numbers(written), { timeout: 10_000 }).toEqual([1, 2, 3])
  })

  it('does not wait for one commit before it reads the next message', async () => {
    const waiting: (() => void)[] = []
    await server((_message, done) => waiting.push(done))
    await publish(await device('d1'), ...Array.from({ length: 100 }, (_, n) => n))
    await expect.poll(() => waiting.length, { timeout: 5000 }).toBe(100)
    waiting.forEach((done) => done())
  })

  it('F10 delivers over a restart of the broker what it had acknowledged to devices', async () => {
    const written: DevicePublish[] = []
    let stuck = true
    const external = await server((message, done) => {
      if (stuck) return
      written.push(message)
      done()
    })
    await publish(await device('d1'), 1, 2, 3)
    await expect.poll(() => external.stats().messages).toBe(3)
    await mosquitto.stop()
    await expect.poll(external.connected).toBe(false)
    stuck = false
    await mosquitto.start()
    await expect.poll(external.connected, { timeout: 15_000 }).toBe(true)
    await publish(await device('d1'), 4)
    await expect.poll(() => numbers(written), { timeout: 10_000 }).toEqual([1, 2, 3, 4])
  })

  it('carries commands to devices, and says so when it cannot', async () => {
    const external = await server((_message, done) => done())
    const client = await device('d1')
    await client.subscribeAsync('dh/v1/d1/cmd/#', { qos: 1 })
    const received = new Promise((got) => client.once('message', (topic, body) => got([topic, `${body}`])))
    await external.publishCommand('d1', 'interval', '{"s":60}')
    expect(await received).toEqual(['dh/v1/d1/cmd/interval', '{"s":60}'])
    await mosquitto.stop()
    await expect.poll(external.connected).toBe(false)
    await expect(external.publishCommand('d1', 'interval', '{}')).rejects.toThrow('not connected')
  })

  it('counts and acknowledges what no device of ours may be called', async () => {
    const seen: DevicePublish[] = []
    const external = await server((message, done) => {
      seen.push(message)
      done()
    })
    const stranger = await device('UPPER')
    await stranger.publishAsync('dh/v1/UPPER/telemetry', '1', { qos: 1 })
    await expect.poll(() => external.stats().foreign).toBe(1)
    await external.close()
    const again = await server((message, done) => {
      seen.push(message)
      done()
    })
    await publish(await device('d1'), 2)
    await expect.poll(() => numbers(seen)).toEqual([2])
    expect(again.stats().foreign).toBe(0)
  })

  it('with our access list keeps a device to its own topics', async () => {
    const seen: DevicePublish[] = []
    await server((message, done) => {
      seen.push(message)
      done()
    })
    const spy = await device('d2')
    const overheard: string[] = []
    spy.on('message', (topic) => overheard.push(topic))
    // Mosquitto grants a subscription and filters what it delivers.
    spy.subscribe(['dh/v1/d1/cmd/#', 'dh/v1/+/telemetry', '#'], { qos: 1 }, () => undefined)
    await spy.publishAsync('dh/v1/d1/telemetry', '666', { qos: 1 })
    await publish(await device('d1'), 1)
    await expect.poll(() => numbers(seen)).toEqual([1])
    expect(overheard).toEqual([])
  })
})

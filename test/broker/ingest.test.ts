import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  connectFrame,
  device,
  field,
  frame,
  openBroker,
  publishFrame,
  rawClient,
  signedIn,
  useBrokers,
} from './support.ts'

const { open } = useBrokers()

const BODY = '{"pressure_mpa":0.61}'

describe('a message of a device', () => {
  it('is ingested with its device, channel, body and topic, at every QoS', async () => {
    const { port, messages } = await open()
    const client = await device(port, 'd1')
    await client.publishAsync('dh/v1/d1/telemetry', BODY, { qos: 0 })
    await client.publishAsync('dh/v1/d1/event', '{"event":"water"}', { qos: 1 })
    await client.publishAsync('dh/v1/d1/attributes', '{"model":"x"}', { qos: 2, retain: true })
    await client.endAsync()
    expect(
      messages.map(({ deviceId, channel, topic, body }) => [deviceId, channel, topic, `${body}`]),
    ).toEqual([
      ['d1', 'telemetry', 'dh/v1/d1/telemetry', BODY],
      ['d1', 'event', 'dh/v1/d1/event', '{"event":"water"}'],
      ['d1', 'attributes', 'dh/v1/d1/attributes', '{"model":"x"}'],
    ])
  })

  it('is acknowledged only after ingest has said that it is on disk', async () => {
    const waiting: (() => void)[] = []
    const { port } = await open({ ingest: (_message, done) => waiting.push(done) })
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d1/telemetry', BODY, 7), publishFrame('dh/v1/d1/telemetry', BODY, 8))
    await sleep(150)
    expect(raw.received()).toHaveLength(4)
    expect(waiting).toHaveLength(2)
    waiting.forEach((done) => done())
    expect([...(await raw.bytes(12)).subarray(4)]).toEqual([0x40, 2, 0, 7, 0x40, 2, 0, 8])
  })

  it('is answered in the order of the messages, whether somebody may hear them or nobody', async () => {
    const waiting: (() => void)[] = []
    const { port } = await open({ ingest: (_message, done) => waiting.push(done) })
    const raw = await signedIn(port)
    const retained = (id: number) => frame(0x33, field('dh/v1/d1/status'), 0, id, Buffer.from('{}'))
    const said = (id: number) => publishFrame('dh/v1/d1/telemetry', BODY, id)
    raw.send(said(1), retained(2), said(3), said(4), retained(5), said(6))
    await expect.poll(() => waiting).toHaveLength(6)
    for (const done of waiting) done()
    const answers = (await raw.bytes(4 + 6 * 4)).subarray(4)
    expect([1, 2, 3, 4, 5, 6].map((_, n) => answers.readUInt32BE(n * 4))).toEqual(
      [1, 2, 3, 4, 5, 6].map((id) => 0x40020000 + id),
    )
    raw.socket.destroy()
  })

  it('gets no PUBACK and loses its connection when it could not be written', async () => {
    const { port, broker } = await open({ ingest: (_message, done) => done(new Error('disk full')) })
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d1/telemetry', BODY, 7))
    expect(await raw.closed).toHaveLength(4)
    expect(broker.stats().refused.ingest_failed).toBe(1)
  })

  it('of QoS 0 is ingested too and loses its connection on the same error', async () => {
    const { port } = await open({ ingest: (_message, done) => done(new Error('disk full')) })
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d1/telemetry', BODY))
    expect(await raw.closed).toHaveLength(4)
  })

  it('is accepted also when the device does not wait for its CONNACK', async () => {
    const { port, messages } = await open()
    const raw = await rawClient(port)
    const frames = Array.from({ length: 200 }, (_, n) => publishFrame('dh/v1/d1/telemetry', `${n}`, n + 1))
    raw.send(connectFrame(), ...frames)
    await raw.bytes(4 + 200 * 4)
    expect(messages.map(({ body }) => Number(`${body}`))).toEqual(Array.from({ length: 200 }, (_, n) => n))
    raw.socket.destroy()
  })

  it('with a body of 64 KiB passes whole', async () => {
    const { port, messages } = await open()
    const client = await device(port, 'd1')
    await client.publishAsync('dh/v1/d1/telemetry', Buffer.alloc(64 * 1024, 0x20), { qos: 1 })
    await client.endAsync()
    expect(messages[0]?.body).toHaveLength(64 * 1024)
  })

  it('counts in the messages of the last minute', async () => {
    const { port, broker } = await open()
    const client = await device(port, 'd1')
    for (let n = 0; n < 5; n++) await client.publishAsync('dh/v1/d1/telemetry', BODY, { qos: 1 })
    await client.endAsync()
    expect(broker.stats()).toMatchObject({ messages: 5, messagesPerMinute: 5, connects: 1 })
  })

  it('arrives from Debian’s own client', async () => {
    const { port, messages } = await open()
    const run = promisify(execFile)
    const login = ['-p', `${port}`, '-u', 'spare-1', '-P', 'secret-spare-1', '-i', 'spare-1']
    await run('mosquitto_pub', [...login, '-q', '1', '-t', 'dh/v1/spare-1/telemetry', '-m', BODY])
    expect(messages).toMatchObject([{ deviceId: 'spare-1', channel: 'telemetry' }])
  })

  it('does not wait any longer once its device has left: it will be sent again', async () => {
    const { port, messages } = await open({ limits: { messagesPerS: 20, burst: 5 } })
    for (let times = 0; times < 4; times += 1) {
      const raw = await signedIn(port)
      raw.send(...Array.from({ length: 500 }, (_, n) => publishFrame('dh/v1/d1/telemetry', `${n}`, n + 1)))
      await expect.poll(() => raw.received().length, { interval: 5 }).toBeGreaterThan(4)
      raw.socket.destroy()
      await raw.closed
    }
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d1/telemetry', 'the last', 1))
    // Two thousand in line would take a hundred seconds.
    await expect.poll(() => `${messages.at(-1)?.body}`, { timeout: 5000 }).toBe('the last')
    await raw.bytes(8)
    expect(messages.length).toBeLessThan(300)
  })

  it('waits its turn, in order, when the device sends more than its share', async () => {
    const { port, messages } = await open({ limits: { messagesPerS: 50, burst: 5 } })
    const raw = await signedIn(port)
    const other = await device(port, 'd2')
    const started = performance.now()
    raw.send(...Array.from({ length: 20 }, (_, n) => publishFrame('dh/v1/d1/telemetry', `${n}`, n + 1)))
    await other.publishAsync('dh/v1/d2/telemetry', BODY, { qos: 1 })
    const before = (raw.received().length - 4) / 4
    const acknowledged = await raw.bytes(4 + 20 * 4)
    expect(performance.now() - started).toBeGreaterThan(250)
    expect(before).toBeLessThan(20)
    expect(Array.from({ length: 20 }, (_, n) => acknowledged[4 + n * 4 + 3])).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    )
    expect(messages.filter(({ deviceId }) => deviceId === 'd1').map(({ body }) => Number(`${body}`))).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    )
    await other.endAsync()
  })
})

describe('a last will', () => {
  it('is ingested as status when the connection breaks', async () => {
    const { port, messages } = await open()
    const client = await device(port, 'd1', {
      will: { topic: 'dh/v1/d1/status', payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    })
    client.stream.destroy()
    await expect.poll(() => messages).toMatchObject([{ deviceId: 'd1', channel: 'status' }])
    expect(`${messages[0]?.body}`).toBe('{"state":"offline"}')
  })

  it('is not told when the device signs off, nor when the server stops', async () => {
    const first = await openBroker()
    const will = { topic: 'dh/v1/d1/status', payload: Buffer.from('{}'), qos: 1 as const, retain: true }
    const leaving = await device(first.port, 'd1', { will })
    await leaving.endAsync()
    await device(first.port, 'd2', { will: { ...will, topic: 'dh/v1/d2/status' } })
    await first.close()
    expect(first.messages).toEqual([])
  })
})

describe('closing', () => {
  it('still acknowledges what was read before', async () => {
    const waiting: (() => void)[] = []
    const broker = await openBroker({ ingest: (_message, done) => waiting.push(done) })
    const raw = await signedIn(broker.port)
    raw.send(publishFrame('dh/v1/d1/telemetry', BODY, 9))
    await expect.poll(() => waiting.length).toBe(1)
    const closed = broker.close()
    await sleep(50)
    waiting[0]?.()
    await closed
    expect([...(await raw.closed).subarray(4)]).toEqual([0x40, 2, 0, 9])
  })

  it('ends connections that never said anything', async () => {
    const broker = await openBroker()
    const raw = await rawClient(broker.port)
    await broker.close()
    expect(await raw.closed).toHaveLength(0)
  })
})

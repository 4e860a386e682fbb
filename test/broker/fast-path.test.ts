import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { DevicePublish } from '../../broker/connection.ts'
import {
  connectFrame,
  device,
  field,
  frame,
  publishFrame,
  rawClient,
  signedIn,
  useBrokers,
} from './support.ts'

const { open } = useBrokers()

const TOPIC = 'dh/v1/d1/telemetry'
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n)
const said = (messages: readonly DevicePublish[]) => messages.map(({ body }) => String(body))
/** Packet ids of the PUBACKs among the answers. */
function pubacks(received: Buffer): number[] {
  const ids: number[] = []
  for (let at = 0; at < received.length; at += 2 + (received[at + 1] ?? 0)) {
    if (received[at] === 0x40) ids.push(received.readUInt16BE(at + 2))
  }
  return ids
}

/** One thing that a device may send between its messages, and whether it is a message. */
type Sent = 'telemetry' | 'again' | 'long' | 'qos0' | 'qos2' | 'other topic' | 'retained' | 'ping'
const KINDS: readonly Sent[] = [
  'telemetry',
  'telemetry',
  'again',
  'long',
  'qos0',
  'qos2',
  'other topic',
  'retained',
  'ping',
]

function framesOf(kind: Sent, id: number): Buffer {
  const body = `${kind} ${String(id)}`
  const packetId = Buffer.from([id >> 8, id & 255])
  switch (kind) {
    case 'ping':
      return Buffer.from([0xc0, 0])
    case 'qos0':
      return publishFrame(TOPIC, body)
    case 'qos2':
      return frame(0x34, field(TOPIC), packetId, Buffer.from(body))
    case 'again':
      return frame(0x3a, field(TOPIC), packetId, Buffer.from(body))
    case 'retained':
      return frame(0x33, field('dh/v1/d1/status'), packetId, Buffer.from(body))
    case 'other topic':
      return publishFrame('dh/v1/d1/event', body, id)
    case 'long':
      return publishFrame(TOPIC, body.padEnd(300, '.'), id)
    case 'telemetry':
      return publishFrame(TOPIC, body, id)
  }
}

describe('what a device says on its own topics', () => {
  it('comes in whole and in order, whatever lies between and wherever the bytes are cut', async () => {
    const { port, messages } = await open({ ingest: (_message, done) => setImmediate(done) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
        async (kinds, cuts) => {
          messages.length = 0
          const raw = await signedIn(port)
          raw.send(publishFrame(TOPIC, 'first', 1))
          await raw.bytes(8)
          const bytes = Buffer.concat(kinds.map((kind, n) => framesOf(kind, n + 2)))
          for (let at = 0; at < bytes.length;) {
            const to = at + (cuts.next().value ?? 1)
            raw.socket.write(bytes.subarray(at, to))
            at = to
            if (at % 3 === 0) await new Promise(setImmediate)
          }
          const spoken = kinds.flatMap((kind, n) => (kind === 'ping' ? [] : [`${kind} ${String(n + 2)}`]))
          await expect.poll(() => said(messages).length, { interval: 2 }).toBe(spoken.length + 1)
          expect(said(messages).map((body) => body.replace(/\.+$/, ''))).toEqual(['first', ...spoken])
          const acknowledged = kinds.flatMap((kind, n) =>
            ['ping', 'qos0', 'qos2'].includes(kind) ? [] : [n + 2],
          )
          await expect.poll(() => pubacks(raw.received()), { interval: 2 }).toEqual([1, ...acknowledged])
          raw.socket.destroy()
        },
      ),
      { numRuns: 25 },
    )
  })

  it('waits in the socket while enough of it is on its way to the disk, and loses nothing by it', async () => {
    const waiting: (() => void)[] = []
    const { port, messages } = await open({
      ingest: (_message, done) => waiting.push(() => done()),
      limits: { messagesPerS: 100_000, burst: 100_000 },
    })
    const raw = await signedIn(port)
    raw.send(publishFrame(TOPIC, 'first', 60_000))
    await expect.poll(() => waiting.length).toBe(1)
    waiting.shift()?.()
    await raw.bytes(8)
    // One read of a socket brings many more.
    raw.send(Buffer.concat(numbers(1, 3000).map((id) => publishFrame(TOPIC, String(id), id))))
    await expect.poll(() => waiting.length).toBeGreaterThanOrEqual(200)
    await sleep(200)
    expect(waiting.length).toBe(200)
    const drain = setInterval(() => waiting.splice(0).forEach((done) => done()), 1)
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(3001)
    await expect.poll(() => pubacks(raw.received()).length).toBe(3001)
    clearInterval(drain)
    expect(pubacks(raw.received()).slice(1)).toEqual(numbers(1, 3000))
  })

  it('is not acknowledged when it cannot be kept, and the connection ends', async () => {
    let full = false
    const { port, broker } = await open({
      ingest: (_message, done) => done(full ? new Error('full') : undefined),
    })
    const raw = await signedIn(port)
    raw.send(publishFrame(TOPIC, 'kept', 1))
    await raw.bytes(8)
    full = true
    raw.send(publishFrame(TOPIC, 'lost', 2), publishFrame(TOPIC, 'lost too', 3))
    expect(pubacks(await raw.closed)).toEqual([1])
    expect(broker.stats().refused.ingest_failed).toBe(1)
  })

  it.each([
    ['the packet id 0', publishFrame(TOPIC, 'x', 0)],
    ['a topic that is cut off', frame(0x32, Buffer.from([0, 18, 0x64]))],
    ['no room for its packet id', frame(0x32, field(TOPIC), 1)],
  ])('breaks the rules with %s as ever', async (_what, bytes) => {
    const { port, broker, messages } = await open()
    const raw = await signedIn(port)
    raw.send(publishFrame(TOPIC, 'good', 1))
    await raw.bytes(8)
    raw.send(bytes)
    await raw.closed
    expect(messages).toHaveLength(1)
    expect(broker.stats().refused.malformed).toBe(1)
  })

  it('does not wait for the rest of one that declares more than is allowed, or never comes', async () => {
    const { port, broker } = await open({ limits: { frameTimeoutMs: 300 } })
    const long = await signedIn(port)
    long.send(publishFrame(TOPIC, 'good', 1))
    await long.bytes(8)
    long.send(publishFrame(TOPIC, 'good', 2), 0x32, 0xff, 0xff, 0xff, 0x7f)
    await long.closed
    const slow = await signedIn(port)
    slow.send(publishFrame(TOPIC, 'good', 1))
    await slow.bytes(8)
    slow.send(publishFrame(TOPIC, 'good', 2), publishFrame(TOPIC, 'x', 3).subarray(0, 10))
    await slow.closed
    expect(broker.stats().refused).toMatchObject({ frame_too_large: 1, frame_timeout: 1 })
  })

  it('keeps the connection alive', async () => {
    const { port, messages } = await open()
    const raw = await rawClient(port)
    raw.send(connectFrame({ keepAliveS: 2 }))
    await raw.bytes(4)
    for (const id of numbers(1, 8)) {
      raw.send(publishFrame(TOPIC, 'here', id))
      await sleep(450)
    }
    expect(raw.socket.destroyed).toBe(false)
    expect(messages).toHaveLength(8)
  })

  it('reaches the device itself once it has subscribed to it', async () => {
    const { port } = await open()
    const client = await device(port, 'd1')
    const heard: string[] = []
    client.on('message', (_topic, body) => heard.push(String(body)))
    await client.publishAsync(TOPIC, 'one', { qos: 1 })
    await client.subscribeAsync(TOPIC, { qos: 1 })
    await client.publishAsync(TOPIC, 'two', { qos: 1 })
    await expect.poll(() => heard).toEqual(['two'])
    await client.unsubscribeAsync(TOPIC)
    await client.publishAsync(TOPIC, 'three', { qos: 1 })
    await client.endAsync()
    expect(heard).toEqual(['two'])
  })

  it('is refused on a topic of another device, though the device’s own are taken', async () => {
    const { port, broker, messages } = await open()
    const raw = await signedIn(port)
    raw.send(publishFrame(TOPIC, 'mine', 1))
    await raw.bytes(8)
    raw.send(publishFrame('dh/v1/d2/telemetry', 'not mine', 2))
    await raw.closed
    expect(said(messages)).toEqual(['mine'])
    expect(broker.stats().refused.foreign_topic).toBe(1)
  })

  it('is not let in as the first word either, where it is foreign', async () => {
    const { port, broker, messages } = await open()
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d2/telemetry', 'not mine', 1))
    await raw.closed
    expect(messages).toEqual([])
    expect(broker.stats().refused.foreign_topic).toBe(1)
  })

  it('keeps its order behind a CONNECT that it did not wait for, wherever the bytes are cut', async () => {
    const { port, messages } = await open({ ingest: (_message, done) => setImmediate(done) })
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 20, max: 400 })), async (cuts) => {
        messages.length = 0
        const raw = await rawClient(port)
        const frames = numbers(1, 30).map((n) => publishFrame(TOPIC, String(n), n))
        const bytes = Buffer.concat([connectFrame(), ...frames])
        for (let at = 0; at < bytes.length;) {
          const to = at + (cuts.next().value ?? 20)
          raw.socket.write(bytes.subarray(at, to))
          at = to
          await new Promise(setImmediate)
        }
        await expect.poll(() => said(messages).length, { interval: 2 }).toBe(30)
        expect(said(messages)).toEqual(numbers(1, 30).map(String))
        raw.socket.destroy()
      }),
      { numRuns: 30 },
    )
  })
})

import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  answerTo,
  connectFrame,
  CONNACK_OK,
  device,
  field,
  frame,
  publishFrame,
  rawClient,
  signedIn,
  useBrokers,
} from './support.ts'

const { open } = useBrokers()

describe('N6 frames that are too long or too slow', () => {
  it('a declared CONNECT of 256 MB is judged at its length', async () => {
    const { port, broker } = await open()
    const raw = await rawClient(port)
    raw.send(0x10, 0xff, 0xff, 0xff, 0x7f)
    expect(await raw.closed).toHaveLength(0)
    expect(broker.stats().refused.frame_too_large).toBe(1)
  })

  it('costs no memory, however much of it is sent', async () => {
    const { port } = await open()
    const before = process.memoryUsage().rss
    const raws = await Promise.all(Array.from({ length: 10 }, () => rawClient(port)))
    const body = Buffer.alloc(8 * 1024 * 1024)
    for (const raw of raws) {
      raw.send(0x10, 0xff, 0xff, 0xff, 0x7f)
      raw.socket.write(body)
    }
    await Promise.all(raws.map(({ closed }) => closed))
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024)
  })

  it('a CONNECT of one byte at a time is ended after its time', async () => {
    const { port, broker } = await open({ limits: { connectTimeoutMs: 300 } })
    const raw = await rawClient(port)
    const bytes = connectFrame()
    let at = 0
    const drip = setInterval(() => raw.socket.write(bytes.subarray(at, ++at)), 40)
    expect(await raw.closed).toHaveLength(0)
    clearInterval(drip)
    expect(at).toBeLessThan(bytes.length)
    expect(broker.stats().refused.connect_timeout).toBe(1)
  })

  it('a frame that trickles in after CONNECT is ended after its time', async () => {
    const { port, broker, messages } = await open({ limits: { frameTimeoutMs: 300 } })
    const idle = await device(port, 'd2')
    const raw = await signedIn(port)
    const bytes = publishFrame('dh/v1/d1/telemetry', 'x'.repeat(1000), 1)
    let at = 0
    const drip = setInterval(() => raw.socket.write(bytes.subarray(at, ++at)), 40)
    await raw.closed
    clearInterval(drip)
    expect(broker.stats().refused.frame_timeout).toBe(1)
    expect(messages).toEqual([])
    // Silence between frames is no offence.
    expect(idle.connected).toBe(true)
    await idle.endAsync()
  })

  it.each([
    ['more than 64 KiB', publishFrame('dh/v1/d1/telemetry', 'x'.repeat(66_048), 1), 'frame_too_large'],
    ['a second CONNECT', connectFrame(), 'second_connect'],
    ['a length of five bytes', Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 1]), 'malformed'],
    ['a message id 0', publishFrame('dh/v1/d1/telemetry', '1', 0), 'malformed'],
    ['an UNSUBSCRIBE from nothing', frame(0xa2, 0, 1), 'malformed'],
  ] as const)('%s ends the connection', async (_name, bytes, reason) => {
    const { port, broker, messages } = await open()
    const raw = await signedIn(port)
    raw.send(bytes)
    expect(await raw.closed).toEqual(CONNACK_OK)
    expect(broker.stats().refused[reason]).toBe(1)
    expect(messages).toEqual([])
  })

  it('a packet before CONNECT ends the connection', async () => {
    const { port, broker } = await open()
    expect(await answerTo(port, publishFrame('dh/v1/d1/telemetry', '1', 1))).toBe('closed')
    expect(broker.stats().refused.not_connect).toBe(1)
  })

  it('silence instead of a CONNECT is ended after its time', async () => {
    const { port, broker } = await open({ limits: { connectTimeoutMs: 200 } })
    const raw = await rawClient(port)
    await raw.closed
    expect(broker.stats().refused.connect_timeout).toBe(1)
  })
})

describe('N7 a flood of connections', () => {
  it('that say nothing keeps no good device out, from the same address', async () => {
    const { port, broker, messages } = await open({ limits: { pendingPerAddress: 50 } })
    const idle = Array.from({ length: 400 }, () =>
      connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
    )
    const good = await device(port, 'd1')
    await good.publishAsync('dh/v1/d1/telemetry', '1', { qos: 1 })
    await expect.poll(() => broker.stats().refused.too_many_pending).toBeGreaterThanOrEqual(340)
    expect(messages).toHaveLength(1)
    expect(good.connected).toBe(true)
    expect(broker.stats().pending).toBeLessThanOrEqual(50)
    idle.forEach((socket) => socket.destroy())
    await good.endAsync()
  })

  it('is bounded in all, and for one address', async () => {
    const { port, broker } = await open({ limits: { connectionsPerAddress: 3 } })
    const held = await Promise.all([rawClient(port), rawClient(port), rawClient(port)])
    const fourth = await rawClient(port)
    await fourth.closed
    expect(broker.stats().refused.too_many_connections).toBe(1)
    held[0]?.socket.destroy()
    await expect.poll(() => broker.stats().pending).toBe(2)
    const next = await signedIn(port)
    expect(next.received()).toEqual(CONNACK_OK)
    for (const raw of [...held, next]) raw.socket.destroy()
  })

  it('F13 after a power cut: a thousand devices are in within seconds', async () => {
    const { port, broker } = await open()
    const started = performance.now()
    const raws = await Promise.all(Array.from({ length: 1000 }, () => rawClient(port)))
    raws.forEach((raw, n) =>
      raw.send(connectFrame({ clientId: `d${n}`, username: `d${n}`, password: `secret-d${n}` })),
    )
    await Promise.all(raws.map((raw) => raw.bytes(4)))
    expect(performance.now() - started).toBeLessThan(5000)
    expect(broker.stats()).toMatchObject({ clients: 1000, pending: 0 })
    raws.forEach((raw) => raw.socket.destroy())
  })
})

describe('a subscriber', () => {
  it('F15 that does not read is cut and does not hold up the others', async () => {
    const { port, broker, messages } = await open({ limits: { drainTimeoutMs: 2000 } })
    const frozen = await signedIn(port)
    frozen.send(frame(0x82, 0, 5, field('dh/v1/d1/cmd/#'), 0))
    await frozen.bytes(9)
    frozen.socket.pause()
    const flood = Array.from({ length: 400 }, () => broker.publishCommand('d1', 'x', Buffer.alloc(60_000)))
    const healthy = await device(port, 'd2')
    await healthy.subscribeAsync('dh/v1/d2/cmd/#', { qos: 1 })
    let slowest = 0
    for (let n = 0; n < 50; n++) {
      const started = performance.now()
      await healthy.publishAsync('dh/v1/d2/telemetry', `${n}`, { qos: 1 })
      await broker.publishCommand('d2', 'x', `${n}`)
      slowest = Math.max(slowest, performance.now() - started)
    }
    expect(messages).toHaveLength(50)
    expect(slowest).toBeLessThan(1500)
    await Promise.allSettled(flood)
    await expect.poll(() => broker.stats().clients, { timeout: 5000 }).toBe(1)
    frozen.socket.destroy()
    await healthy.endAsync()
  })

  it('F15 whose socket brings hundreds of messages at once has a few of them heard in a turn', async () => {
    let turn = 0
    const counts = new Map<number, number>()
    const nextTurn = (): void => {
      turn += 1
      loop = setImmediate(nextTurn)
    }
    let loop = setImmediate(nextTurn)
    const { port, messages } = await open({
      ingest: (_message, done) => {
        counts.set(turn, (counts.get(turn) ?? 0) + 1)
        done()
      },
    })
    const raw = await signedIn(port)
    raw.send(frame(0x82, 0, 5, field('dh/v1/d1/cmd/#'), 0))
    await raw.bytes(9)
    const body = 'x'.repeat(75)
    const flood = Array.from({ length: 600 }, (_, n) => publishFrame('dh/v1/d1/telemetry', body, n + 1))
    raw.send(Buffer.concat(flood))
    const answers = (await raw.bytes(9 + 600 * 4)).subarray(9)
    clearImmediate(loop)
    expect(messages).toHaveLength(600)
    // 8 KiB of frames of a hundred bytes.
    expect(Math.max(...counts.values())).toBeLessThan(100)
    expect(flood.map((_, n) => answers.readUInt16BE(n * 4 + 2))).toEqual(flood.map((_, n) => n + 1))
    raw.socket.destroy()
  })

  it('N9 that withholds PUBREL is ended at its 200th message, also over reconnects', async () => {
    const { port, broker } = await open()
    const raw = await rawClient(port)
    raw.send(connectFrame({ flags: 0xc0 }))
    await raw.bytes(4)
    const qos2 = (id: number) => frame(0x34, field('dh/v1/d1/telemetry'), id >> 8, id & 255, Buffer.from('1'))
    for (let id = 1; id <= 200; id++) raw.send(qos2(id))
    await raw.bytes(4 + 200 * 4)
    raw.socket.destroy()
    await expect.poll(() => broker.stats().clients).toBe(0)
    const again = await rawClient(port)
    again.send(connectFrame({ flags: 0xc0 }))
    await again.bytes(4)
    again.send(qos2(201))
    expect(await again.closed).toHaveLength(4)
  })
})

describe('devices that flood, all at once', () => {
  it('have few messages each on their way to the disk, so that another device waits for little', async () => {
    const waiting: (() => void)[] = []
    const { port, messages } = await open({ ingest: (_message, done) => waiting.push(done) })
    const flooding = Array.from({ length: 12 }, (_, n) => `f${String(n)}`)
    for (const id of flooding) {
      const raw = await rawClient(port)
      raw.send(connectFrame({ clientId: id, username: id, password: `secret-${id}` }))
      await raw.bytes(4)
      for (let n = 1; n <= 250; n += 1) raw.send(publishFrame(`dh/v1/${id}/telemetry`, '1', n))
    }
    const good = await device(port, 'd1')
    void good.publishAsync('dh/v1/d1/telemetry', '2', { qos: 1 })
    await expect.poll(() => messages.some(({ deviceId }) => deviceId === 'd1')).toBe(true)
    const held = Map.groupBy(messages, ({ deviceId }) => deviceId)
    const counts = flooding.map((id) => held.get(id)?.length ?? 0)
    // Five have what one alone may have; of the others' messages there are a few.
    expect(counts.filter((count) => count > 10)).toHaveLength(5)
    expect(messages.length).toBeLessThanOrEqual(1000 + 7 * 10 + 1)
    // And all of them go on as the disk does.
    const all = flooding.length * 250 + 1
    await expect
      .poll(() => {
        for (const done of waiting.splice(0)) done()
        return messages.length
      })
      .toBe(all)
    good.end(true)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  answerTo,
  connectFrame,
  CONNACK_OK,
  device,
  frame,
  publishFrame,
  rawClient,
  signedIn,
  useBrokers,
} from './support.ts'

const { open } = useBrokers()

describe('N1 who may come in', () => {
  it('is a device with its own id as user name and client id, and its secret', async () => {
    const { port, broker } = await open()
    const raw = await signedIn(port)
    expect(raw.received()).toEqual(CONNACK_OK)
    expect(broker.stats()).toMatchObject({ clients: 1, pending: 0, connects: 1 })
    raw.send(frame(0xe0))
    await raw.closed
    await expect.poll(() => broker.stats().clients).toBe(0)
  })

  it.each([
    ['anonymous', connectFrame({ flags: 2 }), 5],
    ['a wrong secret', connectFrame({ password: 'secret-d2' }), 4],
    ['no secret', connectFrame({ flags: 0x82 }), 4],
    ['a wrong secret of an unknown device', connectFrame({ clientId: 'zz', username: 'zz' }), 4],
    ['another device’s client id', connectFrame({ clientId: 'd2' }), 5],
    ['+ as user', connectFrame({ clientId: '+', username: '+' }), 4],
    ['__proto__', connectFrame({ clientId: '__proto__', username: '__proto__' }), 4],
    ['an upper-case id', connectFrame({ clientId: 'D1' }), 5],
    ['a client id with a dot', connectFrame({ clientId: 'd.1' }), 2],
    ['no client id', connectFrame({ clientId: '' }), 2],
    ['no client id and clean=0', connectFrame({ clientId: '', flags: 0xc0 }), 2],
    ['MQTT 5', connectFrame({ level: 5 }), 1],
    ['a foreign will', connectFrame({ flags: 0xc6, will: ['dh/v1/d2/status', '{}'] }), 5],
    ['a will of 2 KiB', connectFrame({ flags: 0xc6, will: ['dh/v1/d1/status', 'x'.repeat(2048)] }), 5],
    ['a client id of 60 kB', connectFrame({ clientId: 'x'.repeat(60_000) }), 'closed'],
  ] as const)('is not %s', async (_who, bytes, code) => {
    const { port, broker, messages } = await open()
    expect(await answerTo(port, bytes)).toBe(code)
    expect(broker.stats().clients).toBe(0)
    expect(messages).toEqual([])
  })

  it('may leave the keep-alive out; a silence as long as the limit then ends the connection', async () => {
    const { port } = await open({ limits: { keepAliveS: 1 } })
    const raw = await rawClient(port)
    raw.send(connectFrame({ keepAliveS: 0 }))
    expect(await raw.bytes(4)).toEqual(CONNACK_OK)
    const started = performance.now()
    await raw.closed
    expect(performance.now() - started).toBeGreaterThan(1000)
  })

  it('is nobody who keeps a session where that is not allowed', async () => {
    const { port } = await open({ limits: { persistentSessions: false } })
    expect(await answerTo(port, connectFrame({ flags: 0xc0 }))).toBe(5)
  })

  it('is told to wait for the server while secrets cannot be checked', async () => {
    const { port } = await open({ authenticate: () => Promise.reject(new Error('database gone')) })
    expect(await answerTo(port, connectFrame())).toBe(3)
  })
})

describe('N2 guessing', () => {
  it('gets slower with every wrong secret, for that device at that address alone', async () => {
    const { port, broker } = await open()
    const timed = async (bytes: Buffer) => {
      const started = performance.now()
      await answerTo(port, bytes)
      return performance.now() - started
    }
    const wrong = connectFrame({ password: 'guess' })
    const waits: number[] = []
    for (let n = 0; n < 4; n++) waits.push(await timed(wrong))
    expect(waits[0]).toBeGreaterThan(90)
    expect(waits[3]).toBeGreaterThan(790)
    // A neighbour who mistypes once waits as for a first mistake.
    expect(await timed(connectFrame({ clientId: 'd2', username: 'd2', password: 'guess' }))).toBeLessThan(700)
    const neighbour = performance.now()
    await (await device(port, 'd2')).endAsync()
    // The device itself is not locked out either.
    await (await device(port, 'd1')).endAsync()
    expect(performance.now() - neighbour).toBeLessThan(1500)
    expect(broker.stats().refused.wrong_secret).toBe(5)
  })
})

describe('N5 takeover', () => {
  it('by the same device is a reconnect: the old connection ends, the new one works', async () => {
    const { port, messages, broker } = await open()
    const old = await signedIn(port)
    const next = await signedIn(port)
    expect(await old.closed).toEqual(CONNACK_OK)
    next.send(publishFrame('dh/v1/d1/telemetry', '1', 7))
    await next.bytes(8)
    expect(messages).toHaveLength(1)
    expect(broker.stats().clients).toBe(1)
    next.socket.destroy()
  })

  it('by another device with the victim’s client id leaves the victim connected', async () => {
    const { port } = await open()
    const victim = await signedIn(port)
    expect(await answerTo(port, connectFrame({ username: 'd2', password: 'secret-d2' }))).toBe(5)
    victim.send(frame(0xc0))
    expect([...(await victim.bytes(6)).subarray(4)]).toEqual([0xd0, 0])
    victim.socket.destroy()
  })
})

describe('N11 a revoked device', () => {
  it('loses its connection at once', async () => {
    const { port, broker } = await open()
    const revoked = await signedIn(port)
    const other = await device(port, 'd2')
    broker.disconnect('d1')
    await revoked.closed
    expect(other.connected).toBe(true)
    await other.endAsync()
  })

  it('does not slip in while its secret is being checked', async () => {
    let answer: (good: boolean) => void = () => undefined
    const { port, broker } = await open({ authenticate: () => new Promise((done) => (answer = done)) })
    const raw = await rawClient(port)
    raw.send(connectFrame())
    await sleep(50)
    broker.disconnect('d1')
    answer(true)
    expect(await raw.closed).toHaveLength(0)
    expect(broker.stats().clients).toBe(0)
  })
})

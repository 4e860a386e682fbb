import { describe, expect, it } from 'vitest'
import { connectFrame } from '../support.ts'
import {
  conformanceWorld,
  DISCONNECT,
  messageFrame,
  PINGREQ,
  SESSION,
  subscribeFrame,
  TYPE,
  unsubscribeFrame,
} from './wire.ts'

const { wire, client, subscriber, publish, broker } = conformanceWorld()
const kept = { flags: SESSION }

describe('CONNECT', () => {
  it('[MQTT-3.1.4-4] [MQTT-3.2.0-1] is answered by CONNACK 0 before anything else', async () => {
    const opened = await wire()
    opened.send(connectFrame({ flags: 2, clientId: 'c1' }), PINGREQ)
    expect(await opened.next()).toEqual({ type: TYPE.connack, flags: 0, body: [0, 0] })
    expect(await opened.next()).toEqual({ type: TYPE.pingresp, flags: 0, body: [] })
  })

  it('[MQTT-3.1.3-1] [MQTT-3.1.2-19] [MQTT-3.1.2-21] reads its fields in their order', async () => {
    const listener = await subscriber('listener', [['#', 0]])
    const willing = await client('c1', { flags: 0xc6, will: ['w', 'gone'], username: 'u', password: 'p' })
    willing.cut()
    expect(await listener.message()).toMatchObject({ topic: 'w', text: 'gone' })
  })

  it('[MQTT-3.1.4-2] of a connected client id ends the earlier connection', async () => {
    const [early, late] = [await client('c1'), await client('c1')]
    expect(await early.rest()).toEqual([])
    await late.ask(PINGREQ, TYPE.pingresp)
  })

  it('[MQTT-3.1.2-24] with a keep-alive of 1 s ends after 1.5 s of silence, not before, and not with pings', async () => {
    const [silent, pinging] = [await client('c1', { keepAliveS: 1 }), await client('c2', { keepAliveS: 1 })]
    const began = performance.now()
    const pings = setInterval(() => pinging.send(PINGREQ), 400)
    await silent.raw.closed
    const took = performance.now() - began
    clearInterval(pings)
    expect(took).toBeGreaterThan(1400)
    expect(took).toBeLessThan(3000)
    expect(pinging.raw.socket.destroyed).toBe(false)
  })
})

describe('a session', () => {
  it('[MQTT-3.2.2-3] is not present at first, [MQTT-3.2.2-2] present later, subscriptions or none', async () => {
    const first = await client('c1', kept)
    expect(first.present).toBe(false)
    first.send(DISCONNECT)
    await first.raw.closed
    const second = await client('c1', kept)
    expect(second.present).toBe(true)
  })

  it('[MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-3.1.4-3] ends with a clean CONNECT, which leaves none behind', async () => {
    await subscriber('c1', [['a', 1]], kept)
    const clean = await client('c1')
    expect(clean.present).toBe(false)
    await publish('a', 'unheard', { qos: 1 })
    expect(await clean.messages()).toEqual([])
    clean.send(DISCONNECT)
    await clean.raw.closed
    const after = await client('c1', kept)
    expect(after.present).toBe(false)
    expect(await after.messages()).toEqual([])
  })

  it('[MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-4.1.0-1] keeps subscriptions, and QoS 1 and 2 messages for an absent client', async () => {
    const first = await subscriber('c1', [['a/+', 2]], kept)
    first.send(DISCONNECT)
    await first.raw.closed
    await publish('a/1', 'one', { qos: 1 })
    await publish('a/2', 'two', { qos: 2 })
    const second = await client('c1', kept)
    expect(await second.message()).toMatchObject({ text: 'one', qos: 1, dup: false })
    expect(await second.message()).toMatchObject({ text: 'two', qos: 2, dup: false })
    await publish('a/3', 'live', { qos: 0 })
    expect(await second.messages()).toMatchObject([{ text: 'live' }])
  })

  it('[MQTT-3.1.3-2] belongs to its client id alone', async () => {
    const owner = await subscriber('c1', [['a', 1]], kept)
    owner.send(DISCONNECT)
    await owner.raw.closed
    await publish('a', 'for c1', { qos: 1 })
    const other = await client('C1', kept)
    expect([other.present, await other.messages()]).toEqual([false, []])
    const back = await client('c1', kept)
    expect(await back.message()).toMatchObject({ text: 'for c1' })
  })

  it('[MQTT-4.1.0-2] of a clean client lasts as long as its connection', async () => {
    const listener = await subscriber('c1', [['a', 1]])
    await publish('a', '1', { qos: 1 })
    await publish('a', '2', { qos: 1 })
    expect(await listener.messages()).toHaveLength(2)
  })

  it('that was unsubscribed from everything is still one', async () => {
    const first = await subscriber('c1', [['a', 1]], kept)
    await first.ask(unsubscribeFrame(2, 'a'), TYPE.unsuback)
    first.send(DISCONNECT)
    await first.raw.closed
    expect((await client('c1', kept)).present).toBe(true)
  })
})

describe('a will', () => {
  const willing = (flags: number) => ({ flags, will: ['w', 'gone'] as const })

  it('[MQTT-3.1.2-8] is published when the connection breaks, at its QoS', async () => {
    const listener = await subscriber('listener', [['w', 2]])
    const dying = await client('c1', willing(0x06 | (2 << 3)))
    dying.cut()
    expect(await listener.message()).toMatchObject({ topic: 'w', text: 'gone', qos: 2, retain: false })
  })

  it('[MQTT-3.1.2-8] is published when the client breaks the protocol, or is silent too long', async () => {
    const listener = await subscriber('listener', [['w', 0]])
    const breaking = await client('c1', willing(0x06))
    breaking.send(Buffer.from([0xf0, 0]))
    expect(await listener.message()).toMatchObject({ text: 'gone' })
    await client('c2', { ...willing(0x06), keepAliveS: 1 })
    expect(await listener.message()).toMatchObject({ text: 'gone' })
  })

  it('[MQTT-3.14.4-3] [MQTT-3.1.2-10] is discarded by DISCONNECT, [MQTT-3.1.2-12] and not there without its flag', async () => {
    const listener = await subscriber('listener', [['#', 0]])
    const leaving = await client('c1', willing(0x06))
    leaving.send(DISCONNECT)
    await leaving.raw.closed
    const again = await client('c1')
    again.cut()
    await expect.poll(() => broker().broker.stats().clients).toBe(1)
    await publish('after', '1')
    expect(await listener.messages()).toMatchObject([{ topic: 'after' }])
  })

  it('[MQTT-3.1.2-10] is published once', async () => {
    const listener = await subscriber('listener', [['#', 0]])
    const dying = await client('c1', { ...willing(0x04) })
    dying.cut()
    expect(await listener.message()).toMatchObject({ text: 'gone' })
    const back = await client('c1', kept)
    back.cut()
    await expect.poll(() => broker().broker.stats().clients).toBe(1)
    await publish('after', '1')
    expect(await listener.messages()).toMatchObject([{ topic: 'after' }])
  })

  it('[MQTT-3.1.2-17] with retain stays, [MQTT-3.1.2-16] without retain does not', async () => {
    for (const [flags, clientId, topic] of [
      [0x26, 'c1', 'w/kept'],
      [0x06, 'c2', 'w/passing'],
    ] as const) {
      const dying = await client(clientId, { flags, will: [topic, 'gone'] })
      dying.cut()
      await dying.raw.closed
    }
    await expect.poll(() => broker().broker.stats().clients).toBe(0)
    const listener = await subscriber('listener', [['w/#', 0]])
    expect(await listener.messages()).toMatchObject([{ topic: 'w/kept', text: 'gone', retain: true }])
  })

  it('of a connection that is taken over is published', async () => {
    const listener = await subscriber('listener', [['w', 0]])
    await client('c1', willing(0x06))
    await client('c1')
    expect(await listener.message()).toMatchObject({ text: 'gone' })
  })

  it('may be empty', async () => {
    const listener = await subscriber('listener', [['w', 0]])
    const dying = await client('c1', { flags: 0x06, will: ['w', ''] })
    dying.cut()
    expect(await listener.message()).toMatchObject({ text: '' })
    const publisher = await client('c3')
    publisher.send(messageFrame('w', 'alive'))
    expect(await listener.message()).toMatchObject({ text: 'alive' })
  })
})

describe('PINGREQ', () => {
  it('[MQTT-3.12.4-1] is answered by PINGRESP, each', async () => {
    const opened = await client('c1')
    opened.send(PINGREQ, PINGREQ, subscribeFrame(1, ['a', 0]))
    expect([(await opened.next())?.type, (await opened.next())?.type]).toEqual([TYPE.pingresp, TYPE.pingresp])
  })
})

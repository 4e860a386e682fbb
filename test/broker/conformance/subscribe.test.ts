import { describe, expect, it } from 'vitest'
import {
  conformanceWorld,
  DISCONNECT,
  messageOf,
  PINGREQ,
  pubackFrame,
  SESSION,
  subscribeFrame,
  TYPE,
  unsubscribeFrame,
} from './wire.ts'

const { client, subscriber, publish } = conformanceWorld()
const kept = { flags: SESSION }

describe('SUBSCRIBE', () => {
  it('[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-2.3.1-7] [MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2] is answered with a code for each filter, in order', async () => {
    const opened = await client('c1')
    const filters: [string, number][] = [
      ['a', 2],
      ['test/nosubscribe', 1],
      ['nosubscribe', 2],
      ['b/#', 0],
      ['$SYS/#', 2],
      ['+/c', 1],
    ]
    expect(await opened.ask(subscribeFrame(0x1234, ...filters), TYPE.suback)).toMatchObject({
      flags: 0,
      body: [0x12, 0x34, 2, 0x80, 0x80, 0, 0x80, 1],
    })
    await publish('test/nosubscribe', 'refused')
    await publish('b/x', 'granted')
    expect(await opened.messages()).toMatchObject([{ text: 'granted' }])
  })

  it('[MQTT-3.8.4-3] to the same filter again replaces its QoS and brings retained messages again', async () => {
    await publish('a/kept', 'kept', { retain: true, qos: 1 })
    const opened = await subscriber('c1', [['a/#', 0]])
    expect(await opened.messages()).toMatchObject([{ text: 'kept', retain: true, qos: 0 }])
    await opened.ask(subscribeFrame(2, ['a/#', 1]), TYPE.suback)
    expect(await opened.message()).toMatchObject({ text: 'kept', retain: true, qos: 1 })
    await publish('a/1', 'live', { qos: 1 })
    expect(await opened.messages()).toMatchObject([{ text: 'live', qos: 1 }])
  })

  it.each([
    ['#', ['a', 'a/b', '/', 'a/b/c'], ['$a', '$a/b']],
    ['+', ['a', 'b'], ['a/b', '/a', '$a']],
    ['+/+', ['a/b', '/finance'], ['a', 'a/b/c', '$a/b']],
    ['/+', ['/finance', '/'], ['finance', '/a/b']],
    ['a/#', ['a', 'a/', 'a/b', 'a/b/c'], ['ab', 'b/a', '/a']],
    ['a/+/c', ['a/b/c', 'a//c'], ['a/b/d', 'a/c', 'a/b/c/d']],
    ['/#', ['/', '/a', '/a/b'], ['a', 'a/b']],
    ['+/b/#', ['a/b', 'a/b/c', '/b'], ['a/c', 'b']],
    ['$a/#', ['$a', '$a/b'], ['a/b', '$b']],
    ['$a/+', ['$a/b'], ['$a', '$a/b/c']],
    ['A b/ö', ['A b/ö'], ['a b/ö', 'A b/o', 'A b//ö', 'A b/ö/']],
  ])(
    '[MQTT-3.8.3-2] [MQTT-3.3.2-3] [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.2-1] [MQTT-4.7.3-4] %s matches %j and not %j: live, retained and after an absence',
    async (filter, within, outside) => {
      const live = await subscriber('live', [[filter, 0]])
      const away = await subscriber('away', [[filter, 1]], kept)
      away.send(DISCONNECT)
      await away.raw.closed
      for (const topic of [...within, ...outside]) await publish(topic, topic, { qos: 1, retain: true })
      const told = async (messages: Promise<{ topic: string }[]>) =>
        (await messages).map(({ topic }) => topic).sort()
      expect(await told(live.messages())).toEqual([...within].sort())
      const late = await subscriber('late', [[filter, 0]])
      const brought = Promise.all(within.map(() => late.message()))
      expect(await told(brought)).toEqual([...within].sort())
      expect(await late.messages()).toEqual([])
      const back = await client('away', kept)
      const waited = (await back.series(TYPE.publish, within.length)).map(messageOf)
      expect(waited.map(({ topic }) => topic)).toEqual(within)
      expect(await back.messages()).toEqual([])
    },
  )
})

describe('UNSUBSCRIBE', () => {
  it('[MQTT-3.10.4-1] [MQTT-3.10.4-2] [MQTT-3.10.4-4] [MQTT-3.10.4-6] ends the identical filters and no other', async () => {
    const opened = await subscriber('c1', [
      ['a/+', 0],
      ['a/b', 0],
      ['b', 0],
    ])
    expect(await opened.ask(unsubscribeFrame(0x0102, 'a/b', 'b', 'a/#'), TYPE.unsuback)).toMatchObject({
      flags: 0,
      body: [1, 2],
    })
    for (const topic of ['a/b', 'b', 'a/c']) await publish(topic, topic)
    expect((await opened.messages()).map(({ topic }) => topic)).toEqual(['a/b', 'a/c'])
    await opened.ask(unsubscribeFrame(3, 'a/+'), TYPE.unsuback)
    await publish('a/b', 'unheard')
    expect(await opened.messages()).toEqual([])
  })

  it('[MQTT-3.10.4-5] is answered also where nothing matched', async () => {
    const opened = await client('c1')
    expect((await opened.ask(unsubscribeFrame(7, 'nothing'), TYPE.unsuback)).body).toEqual([0, 7])
  })

  it('[MQTT-3.10.4-2] holds in the session too', async () => {
    const opened = await subscriber('c1', [['a', 1]], kept)
    await opened.ask(unsubscribeFrame(2, 'a'), TYPE.unsuback)
    opened.send(DISCONNECT)
    await opened.raw.closed
    await publish('a', 'unheard', { qos: 1 })
    expect(await (await client('c1', kept)).messages()).toEqual([])
  })
})

describe('a retained message', () => {
  it('[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] comes to each new subscription, with RETAIN and its QoS', async () => {
    await publish('a/1', 'one', { retain: true, qos: 1 })
    await publish('a/2', 'two', { retain: true, qos: 2 })
    await publish('b', 'other', { retain: true })
    const opened = await subscriber('c1', [['a/+', 2]])
    expect([await opened.message(), await opened.message()]).toMatchObject([
      { topic: 'a/1', text: 'one', qos: 1, retain: true },
      { topic: 'a/2', text: 'two', qos: 2, retain: true },
    ])
    expect(await opened.messages()).toEqual([])
  })

  it('[MQTT-3.3.1-9] comes without RETAIN where the subscription was there before', async () => {
    const opened = await subscriber('c1', [['a', 1]])
    await publish('a', 'new', { retain: true, qos: 1 })
    expect(await opened.message()).toMatchObject({ text: 'new', retain: false })
  })

  it('[MQTT-3.3.1-7] is replaced by a later one, also of QoS 0', async () => {
    await publish('a', 'old', { retain: true, qos: 1 })
    await publish('a', 'new', { retain: true, qos: 0 })
    expect(await (await subscriber('c1', [['a', 1]])).messages()).toMatchObject([{ text: 'new', qos: 0 }])
  })

  it('[MQTT-3.3.1-10] [MQTT-3.3.1-11] ends with an empty one, which is delivered and not kept', async () => {
    await publish('a', 'old', { retain: true, qos: 1 })
    const listener = await subscriber('c1', [['a', 0]])
    expect(await listener.messages()).toHaveLength(1)
    await publish('a', '', { retain: true, qos: 1 })
    expect(await listener.messages()).toMatchObject([{ text: '', retain: false }])
    expect(await (await subscriber('c2', [['a', 0]])).messages()).toEqual([])
  })

  it('[MQTT-3.3.1-12] is not touched by messages without RETAIN, empty ones included', async () => {
    await publish('a', 'kept', { retain: true })
    await publish('a', 'passing')
    await publish('a', '')
    expect(await (await subscriber('c1', [['a', 0]])).messages()).toMatchObject([{ text: 'kept' }])
  })

  it('[MQTT-3.1.2-7] outlives the session of its publisher', async () => {
    const publisher = await client('c1', kept)
    publisher.send(DISCONNECT)
    await publisher.raw.closed
    await publish('a', 'kept', { retain: true })
    await client('c1')
    expect(await (await subscriber('c2', [['a', 0]])).messages()).toMatchObject([{ text: 'kept' }])
  })

  it('[MQTT-4.4.0-1] that a session has not acknowledged comes again', async () => {
    await publish('a', 'kept', { retain: true, qos: 1 })
    const first = await subscriber('c1', [['a', 1]], kept)
    const sent = await first.message()
    first.cut()
    await first.raw.closed
    const second = await client('c1', kept)
    expect(await second.message()).toEqual({ ...sent, dup: true })
    second.send(pubackFrame(sent.id ?? 0))
    await second.ask(PINGREQ, TYPE.pingresp)
    second.cut()
    await second.raw.closed
    expect(await (await client('c1', kept)).messages()).toEqual([])
  })
})

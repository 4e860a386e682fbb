import { describe, expect, it } from 'vitest'
import {
  conformanceWorld,
  DISCONNECT,
  idOf,
  messageFrame,
  messageOf,
  PINGREQ,
  pubackFrame,
  pubcompFrame,
  pubrecFrame,
  pubrelFrame,
  SESSION,
  subscribeFrame,
  TYPE,
  unsubscribeFrame,
  type Message,
} from './wire.ts'

const { client, subscriber, publish } = conformanceWorld()
const kept = { flags: SESSION }
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text)

describe('from a publisher', () => {
  it.each([
    [0, []],
    [1, [{ type: TYPE.puback, flags: 0, body: [0, 9] }]],
    [2, [{ type: TYPE.pubrec, flags: 0, body: [0, 9] }]],
  ] as const)('[MQTT-3.3.4-1] [MQTT-2.3.1-6] QoS %i is answered as it should be', async (qos, answers) => {
    const publisher = await client('c1')
    publisher.send(messageFrame('a', '1', { qos, id: 9 }))
    for (const answer of answers) expect(await publisher.next()).toEqual(answer)
    await publisher.ask(PINGREQ, TYPE.pingresp)
  })

  it('[MQTT-4.3.2-2] QoS 1 with the same id again, DUP or not, is a message again', async () => {
    const listener = await subscriber('listener', [['a', 0]])
    const publisher = await client('c1')
    await publisher.ask(messageFrame('a', '1', { qos: 1 }), TYPE.puback)
    await publisher.ask(messageFrame('a', '2', { qos: 1 }), TYPE.puback)
    await publisher.ask(messageFrame('a', '2', { qos: 1, dup: true }), TYPE.puback)
    await publisher.ask(PINGREQ, TYPE.pingresp)
    expect(texts(await listener.messages())).toEqual(['1', '2', '2'])
  })

  it('[MQTT-4.3.3-2] QoS 2 is delivered once, however often it is sent before PUBREL', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    const publisher = await client('c1')
    const again = messageFrame('a', '1', { qos: 2, id: 5, dup: true })
    publisher.send(messageFrame('a', '1', { qos: 2, id: 5 }), again)
    expect(idOf(await publisher.expect(TYPE.pubrec))).toBe(5)
    expect(idOf(await publisher.expect(TYPE.pubrec))).toBe(5)
    expect(idOf(await publisher.ask(again, TYPE.pubrec))).toBe(5)
    expect(idOf(await publisher.ask(pubrelFrame(5), TYPE.pubcomp))).toBe(5)
    expect(idOf(await publisher.ask(pubrelFrame(5), TYPE.pubcomp))).toBe(5)
    expect(texts(await listener.messages())).toEqual(['1'])
    await publisher.ask(messageFrame('a', '2', { qos: 2, id: 5 }), TYPE.pubrec)
    expect(await listener.message()).toMatchObject({ text: '2' })
  })

  it('[MQTT-4.3.3-2] QoS 2 is delivered once also when the publisher breaks off and comes back', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    const first = await client('c1', kept)
    await first.ask(messageFrame('a', '1', { qos: 2, id: 5 }), TYPE.pubrec)
    first.cut()
    const second = await client('c1', kept)
    await second.ask(messageFrame('a', '1', { qos: 2, id: 5, dup: true }), TYPE.pubrec)
    await second.ask(pubrelFrame(5), TYPE.pubcomp)
    expect(texts(await listener.messages())).toEqual(['1'])
  })

  it('[MQTT-4.6.0-2] [MQTT-4.6.0-3] answers come in the order of the messages', async () => {
    const publisher = await client('c1')
    const ids = [7, 3, 9, 1, 8]
    publisher.send(...ids.map((id) => messageFrame('a', `${id}`, { qos: 1, id })))
    expect((await publisher.series(TYPE.puback, ids.length)).map(idOf)).toEqual(ids)
    publisher.send(...ids.map((id) => messageFrame('a', `${id}`, { qos: 2, id })))
    expect((await publisher.series(TYPE.pubrec, ids.length)).map(idOf)).toEqual(ids)
  })

  it('[MQTT-3.3.5-2] without the right to a topic is closed and not acknowledged', async () => {
    const publisher = await client('c1')
    publisher.send(messageFrame('$SYS/broker', '1', { qos: 1 }))
    expect(await publisher.rest()).toEqual([])
  })
})

describe('to a subscriber', () => {
  it('[MQTT-4.3.1-1] [MQTT-2.3.1-5] QoS 0 comes without a packet id and without DUP', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    await publish('a', 'whole', { qos: 0 })
    expect(await listener.message()).toEqual({
      topic: 'a',
      text: 'whole',
      qos: 0,
      retain: false,
      dup: false,
      id: undefined,
    })
  })

  it.each([1, 2] as const)(
    '[MQTT-4.3.2-1] [MQTT-4.3.3-1] [MQTT-2.3.1-4] QoS %i comes with an id of its own and without DUP',
    async (qos) => {
      const listener = await subscriber('listener', [['a', 2]])
      for (const text of ['1', '2', '3']) await publish('a', text, { qos })
      const messages = [await listener.message(), await listener.message(), await listener.message()]
      expect(new Set(messages.map(({ id }) => id)).size).toBe(3)
      for (const message of messages) expect(message).toMatchObject({ qos, dup: false })
      expect(messages.map(({ id }) => id)).not.toContain(0)
    },
  )

  it('[MQTT-4.3.3-1] [MQTT-4.6.0-4] PUBREC is answered by PUBREL with its id, in order', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    await publish('a', '1', { qos: 2 })
    await publish('a', '2', { qos: 2 })
    const ids = [(await listener.message()).id ?? 0, (await listener.message()).id ?? 0]
    listener.send(...ids.map(pubrecFrame))
    const released = [await listener.expect(TYPE.pubrel), await listener.expect(TYPE.pubrel)]
    expect(released.map(idOf)).toEqual(ids)
    expect(released.map(({ flags }) => flags)).toEqual([2, 2])
    listener.send(...ids.map(pubcompFrame))
    await listener.ask(PINGREQ, TYPE.pingresp)
  })

  it('[MQTT-3.3.1-3] DUP of the publisher is not passed on', async () => {
    const listener = await subscriber('listener', [['a', 1]])
    await publish('a', '1', { qos: 1, dup: true })
    expect(await listener.message()).toMatchObject({ dup: false })
  })

  it.each([
    [0, 0, 0],
    [0, 2, 0],
    [1, 0, 0],
    [1, 1, 1],
    [1, 2, 1],
    [2, 0, 0],
    [2, 1, 1],
    [2, 2, 2],
  ] as const)(
    '[MQTT-3.8.4-6] published at %i and granted %i comes at %i, live and after an absence',
    async (published, granted, qos) => {
      const listener = await subscriber('listener', [['a/+', granted]], kept)
      await publish('a/1', 'live', { qos: published })
      const live = await listener.message()
      expect(live).toMatchObject({ text: 'live', qos })
      if (qos === 1) listener.send(pubackFrame(live.id ?? 0))
      if (qos === 2) await listener.ask(pubrecFrame(live.id ?? 0), TYPE.pubrel)
      if (qos === 2) listener.send(pubcompFrame(live.id ?? 0))
      await listener.ask(PINGREQ, TYPE.pingresp)
      listener.send(DISCONNECT)
      await listener.raw.closed
      await publish('a/1', 'waited', { qos: published })
      const back = await client('listener', kept)
      if (qos === 0) return expect(await back.messages()).toEqual([])
      expect(await back.message()).toMatchObject({ text: 'waited', qos })
    },
  )

  it.each([
    [
      [
        ['a/#', 0],
        ['a/+', 2],
      ],
      2,
    ],
    [
      [
        ['a/+', 2],
        ['a/#', 0],
      ],
      2,
    ],
    [
      [
        ['a/#', 1],
        ['a/1', 2],
      ],
      2,
    ],
    [
      [
        ['a/1', 1],
        ['a/#', 2],
      ],
      2,
    ],
    [
      [
        ['a/1', 0],
        ['a/#', 1],
      ],
      1,
    ],
  ] as [[string, number][], number][])(
    '[MQTT-3.3.5-1] overlapping %j brings a QoS 2 message once, at QoS %i',
    async (filters, qos) => {
      const listener = await subscriber('listener', filters, kept)
      await publish('a/1', 'once', { qos: 2 })
      expect(await listener.message()).toMatchObject({ text: 'once', qos })
      expect(await listener.messages()).toEqual([])
      listener.cut()
      await listener.raw.closed
      await publish('a/1', 'once more', { qos: 2 })
      const back = await client('listener', kept)
      expect(await back.message()).toMatchObject({ text: 'once', qos, dup: true })
      expect(await back.message()).toMatchObject({ text: 'once more', qos, dup: false })
      expect(await back.messages()).toEqual([])
    },
  )

  it('[MQTT-4.5.0-1] a message reaches every subscriber, present or not', async () => {
    const [here, away] = [await subscriber('here', [['a', 1]]), await subscriber('away', [['#', 1]], kept)]
    away.send(DISCONNECT)
    await away.raw.closed
    await publish('a', 'all', { qos: 1 })
    expect(await here.message()).toMatchObject({ text: 'all' })
    expect(await (await client('away', kept)).message()).toMatchObject({ text: 'all' })
  })

  it.each([0, 1, 2] as const)(
    '[MQTT-4.6.0-5] [MQTT-4.6.0-6] messages of one topic come in their order at QoS %i',
    async (qos) => {
      const listener = await subscriber('listener', [['a', qos]])
      const publisher = await client('c1')
      const sent = Array.from({ length: 100 }, (_, n) => `${n}`)
      publisher.send(...sent.map((text, n) => messageFrame('a', text, { qos, id: n + 1 })))
      expect(texts((await listener.series(TYPE.publish, sent.length)).map(messageOf))).toEqual(sent)
    },
  )
})

describe('to a subscriber that comes back', () => {
  it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-2.3.1-3] [MQTT-4.6.0-1] unacknowledged messages come again, same ids, DUP, in order', async () => {
    const first = await subscriber('listener', [['a', 2]], kept)
    for (const [text, qos] of [
      ['1', 1],
      ['2', 2],
      ['3', 1],
    ] as const)
      await publish('a', text, { qos })
    const before = [await first.message(), await first.message(), await first.message()]
    first.cut()
    await first.raw.closed
    await publish('a', '4', { qos: 1 })
    const second = await client('listener', kept)
    const after = [await second.message(), await second.message(), await second.message()]
    expect(after).toEqual(before.map((message) => ({ ...message, dup: true })))
    const fourth = await second.message()
    expect(fourth).toMatchObject({ text: '4', dup: false })
    expect(before.map(({ id }) => id)).not.toContain(fourth.id)
  })

  it('[MQTT-4.4.0-1] acknowledged messages do not come again, and a PUBREL does', async () => {
    const first = await subscriber('listener', [['a', 2]], kept)
    await publish('a', 'done', { qos: 1 })
    await publish('a', 'half', { qos: 2 })
    first.send(pubackFrame((await first.message()).id ?? 0))
    const half = (await first.message()).id ?? 0
    await first.ask(pubrecFrame(half), TYPE.pubrel)
    first.cut()
    await first.raw.closed
    const second = await client('listener', kept)
    expect(idOf(await second.expect(TYPE.pubrel))).toBe(half)
    second.send(pubcompFrame(half))
    expect(await second.messages()).toEqual([])
  })

  it('[MQTT-3.10.4-3] what was being delivered is completed after UNSUBSCRIBE', async () => {
    const first = await subscriber('listener', [['a', 1]], kept)
    await publish('a', 'begun', { qos: 1 })
    await first.message()
    await first.ask(unsubscribeFrame(2, 'a'), TYPE.unsuback)
    await publish('a', 'new', { qos: 1 })
    first.cut()
    await first.raw.closed
    const second = await client('listener', kept)
    expect(await second.message()).toMatchObject({ text: 'begun', dup: true })
    expect(await second.messages()).toEqual([])
  })

  it('an id of a message that waits is not given to another', async () => {
    const first = await subscriber('listener', [['a', 1]], kept)
    await publish('a', 'waits', { qos: 1 })
    const waiting = (await first.message()).id
    first.cut()
    await first.raw.closed
    const second = await client('listener', kept)
    await second.message()
    const ids: unknown[] = []
    for (let n = 0; n < 5; n++) {
      await publish('a', `${n}`, { qos: 1 })
      ids.push((await second.message()).id)
    }
    expect(ids).not.toContain(waiting)
    second.send(subscribeFrame(9, ['b', 0]))
    await second.expect(TYPE.suback)
  })
})

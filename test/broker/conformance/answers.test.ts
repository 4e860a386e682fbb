import { describe, expect, it } from 'vitest'
import {
  conformanceWorld,
  idOf,
  messageFrame,
  PINGREQ,
  pubackFrame,
  pubcompFrame,
  pubrecFrame,
  SESSION,
  subscribeFrame,
  TYPE,
  unsubscribeFrame,
} from './wire.ts'

const { client, subscriber, publish } = conformanceWorld()

describe('what answers a message of ours', () => {
  it.each([
    [1, 'PUBREC', pubrecFrame],
    [1, 'PUBCOMP', pubcompFrame],
    [2, 'PUBACK', pubackFrame],
    [2, 'PUBCOMP', pubcompFrame],
  ] as const)('[MQTT-4.8.0-1] at QoS %i is not %s', async (qos, _name, answer) => {
    const listener = await subscriber('listener', [['a', 2]])
    await publish('a', '1', { qos })
    listener.send(answer((await listener.message()).id ?? 0))
    expect(await listener.rest()).toEqual([])
  })

  it('[MQTT-4.8.0-1] is not PUBACK after PUBREC', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    await publish('a', '1', { qos: 2 })
    const id = (await listener.message()).id ?? 0
    await listener.ask(pubrecFrame(id), TYPE.pubrel)
    listener.send(pubackFrame(id))
    expect(await listener.rest()).toEqual([])
  })

  it('may be PUBREC again, or come twice, or be to nothing that is known', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    await publish('a', '1', { qos: 2 })
    const id = (await listener.message()).id ?? 0
    await listener.ask(pubrecFrame(id), TYPE.pubrel)
    expect(idOf(await listener.ask(pubrecFrame(id), TYPE.pubrel))).toBe(id)
    listener.send(pubcompFrame(id), pubcompFrame(id), pubackFrame(77), pubcompFrame(78))
    await listener.ask(PINGREQ, TYPE.pingresp)
  })
})

describe('packet ids of ours', () => {
  it('begin at 1 with a new session', async () => {
    const listener = await subscriber('listener', [['a', 2]])
    for (const qos of [1, 2, 1] as const) await publish('a', 'x', { qos })
    expect((await listener.messages()).map(({ id }) => id)).toEqual([1, 2, 3])
  })
})

describe('a subscription right behind a retained message', () => {
  it.each([0, 1] as const)(
    '[MQTT-3.3.1-6] [MQTT-3.3.1-8] of QoS %i gets it, once and as retained',
    async (qos) => {
      const both = await client('c1')
      both.send(messageFrame('a', 'kept', { qos, retain: true }), subscribeFrame(2, ['a', 1]))
      if (qos === 1) await both.expect(TYPE.puback)
      await both.expect(TYPE.suback)
      expect(await both.message()).toMatchObject({ text: 'kept', retain: true })
      expect(await both.messages()).toEqual([])
    },
  )
})

describe.each([
  ['a clean session', { flags: 0x02 }],
  ['a kept session', { flags: SESSION }],
])('what is sent at once in %s', (_name, fields) => {
  it('[MQTT-3.10.4-2] UNSUBSCRIBE behind SUBSCRIBE ends the subscription', async () => {
    const listener = await client('listener', fields)
    listener.send(
      messageFrame('a', 'kept', { qos: 1, retain: true }),
      subscribeFrame(2, ['a', 1]),
      unsubscribeFrame(3, 'a'),
      subscribeFrame(4, ['b', 1]),
    )
    const answers: unknown[] = []
    while (answers.length < 4) {
      const packet = await listener.next()
      if (packet?.type !== TYPE.publish) answers.push([packet?.type, packet && idOf(packet)])
    }
    expect(answers).toEqual([
      [TYPE.puback, 1],
      [TYPE.suback, 2],
      [TYPE.unsuback, 3],
      [TYPE.suback, 4],
    ])
    await publish('a', 'not subscribed', { qos: 1 })
    await publish('b', 'subscribed', { qos: 1 })
    const heard = (await listener.messages()).filter(({ retain }) => !retain)
    expect(heard).toMatchObject([{ text: 'subscribed' }])
  })

  it('[MQTT-3.3.5-1] a message behind SUBSCRIBE comes back, one behind UNSUBSCRIBE does not', async () => {
    const listener = await client('listener', fields)
    listener.send(
      subscribeFrame(2, ['a', 1]),
      messageFrame('a', 'first', { qos: 0 }),
      unsubscribeFrame(3, 'a'),
      messageFrame('a', 'second', { qos: 0 }),
      PINGREQ,
    )
    await listener.expect(TYPE.suback)
    expect(await listener.message()).toMatchObject({ text: 'first' })
    await listener.expect(TYPE.unsuback)
    await listener.expect(TYPE.pingresp)
    expect(await listener.messages()).toEqual([])
  })
})

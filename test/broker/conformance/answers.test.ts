import { describe, expect, it } from 'vitest'
import {
  conformanceWorld,
  idOf,
  messageFrame,
  PINGREQ,
  pubackFrame,
  pubcompFrame,
  pubrecFrame,
  subscribeFrame,
  TYPE,
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

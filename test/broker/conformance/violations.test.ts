import { describe, expect, it } from 'vitest'
import { connectFrame, field, frame, publishFrame } from '../support.ts'
import { conformanceWorld, messageFrame, PINGREQ, subscribeFrame, TYPE } from './wire.ts'

/** What must close the connection, seen from outside: byte sequences, and what comes back before the end. */
const { wire, client, publish } = conformanceWorld()

const SURROGATE = Buffer.from([0xed, 0xa0, 0x80])
const TRUNCATED = Buffer.from([0xe7, 0x83])
const OVERLONG = Buffer.from([0xc0, 0x80])
const ID = [0, 7] as const
const free = { flags: 2, clientId: 'c1' }
const will = (topic: string | Buffer) => ({ flags: 0x06, clientId: 'c1', will: [topic, 'x'] as const })

describe('a connection that begins so is closed without a word', () => {
  it.each([
    ['[MQTT-3.1.0-1] [MQTT-4.8.0-1] PUBLISH', publishFrame('a', '1')],
    ['[MQTT-3.1.0-1] PINGREQ', PINGREQ],
    ['[MQTT-3.1.0-1] CONNACK', frame(0x20, 0, 0)],
    ['[MQTT-3.1.2-1] [MQTT-3.2.2-6] another protocol', connectFrame({ ...free, protocol: 'hj' })],
    ['[MQTT-3.1.2-1] the name in small letters', connectFrame({ ...free, protocol: 'mqtt' })],
    ['[MQTT-3.1.2-1] no name at all', connectFrame({ ...free, protocol: '' })],
    [
      '[MQTT-2.2.2-1] [MQTT-2.2.2-2] flags on CONNECT',
      Buffer.concat([Buffer.from([0x11]), connectFrame(free).subarray(1)]),
    ],
    ['[MQTT-3.1.2-3] [MQTT-3.1.4-1] the reserved flag', connectFrame({ ...free, flags: 0x03 })],
    ['[MQTT-3.1.2-9] a will flag without will fields', connectFrame({ ...free, flags: 0x06 })],
    ['[MQTT-3.1.2-11] will fields without the flag', connectFrame({ ...free, will: ['a', 'x'] })],
    ['[MQTT-3.1.2-13] will QoS without the flag', connectFrame({ ...free, flags: 0x0a })],
    ['[MQTT-3.1.2-14] will QoS 3', connectFrame({ ...will('a'), flags: 0x1e })],
    ['[MQTT-3.1.2-15] will retain without the flag', connectFrame({ ...free, flags: 0x22 })],
    ['[MQTT-3.1.2-18] a user name without its flag', connectFrame({ ...free, excess: field('u') })],
    ['[MQTT-3.1.2-19] a user name flag without one', frame(0x10, field('MQTT'), 4, 0x82, 0, 60, field('c1'))],
    [
      '[MQTT-3.1.2-20] a password without its flag',
      connectFrame({ ...free, flags: 0x82, excess: field('p') }),
    ],
    [
      '[MQTT-3.1.2-21] a password flag without one',
      frame(0x10, field('MQTT'), 4, 0xc2, 0, 60, field('c1'), field('u')),
    ],
    ['[MQTT-3.1.2-22] a password without a user name', connectFrame({ ...free, flags: 0x42 })],
    ['[MQTT-3.1.3-3] no client id field', frame(0x10, field('MQTT'), 4, 2, 0, 60)],
    [
      '[MQTT-3.1.3-4] [MQTT-1.5.3-1] a surrogate in the client id',
      connectFrame({ ...free, clientId: SURROGATE }),
    ],
    [
      '[MQTT-3.1.3-4] [MQTT-1.5.3-1] a client id cut within a letter',
      connectFrame({ ...free, clientId: TRUNCATED }),
    ],
    ['[MQTT-1.5.3-2] U+0000 in the client id', connectFrame({ ...free, clientId: 'c\0' })],
    ['[MQTT-3.1.3-10] a surrogate in the will topic', connectFrame(will(SURROGATE))],
    [
      '[MQTT-3.1.3-11] an overlong byte in the user name',
      connectFrame({ ...free, flags: 0x82, username: OVERLONG }),
    ],
    ['[MQTT-4.7.1-1] a wildcard in the will topic', connectFrame(will('a/#'))],
    [
      '[MQTT-3.1.3-1] the user name before the client id alone',
      frame(0x10, field('MQTT'), 4, 0xc2, 0, 60, field('u')),
    ],
    ['a remaining length of five bytes', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 1])],
    ['bytes after the payload', connectFrame({ ...free, excess: Buffer.from('more') })],
  ])('%s', async (_what, bytes) => {
    const opened = await wire()
    opened.send(bytes)
    expect(await opened.rest()).toEqual([])
  })
})

describe('a connection that goes on so is closed, and gets no answer to it', () => {
  it.each([
    ['[MQTT-3.1.0-2] a second CONNECT', connectFrame(free)],
    ['[MQTT-2.2.2-2] flags on PINGREQ', frame(0xc1)],
    ['[MQTT-2.2.2-2] flags on PUBACK', frame(0x42, ...ID)],
    ['[MQTT-2.3.1-1] PUBLISH with packet id 0', publishFrame('a', '1', 0)],
    ['[MQTT-2.3.1-1] SUBSCRIBE with packet id 0', subscribeFrame(0, ['a', 0])],
    ['[MQTT-2.3.1-1] UNSUBSCRIBE with packet id 0', frame(0xa2, 0, 0, field('a'))],
    ['[MQTT-3.3.1-2] DUP at QoS 0', messageFrame('a', '1', { dup: true })],
    ['[MQTT-3.3.1-4] QoS 3', frame(0x36, field('a'), ...ID)],
    ['[MQTT-3.3.2-1] PUBLISH without a topic', frame(0x30)],
    ['[MQTT-3.3.2-1] a surrogate in the topic', frame(0x30, field(SURROGATE))],
    ['[MQTT-3.3.2-2] [MQTT-4.7.1-1] + in the topic', publishFrame('a/+', '1', 7)],
    ['[MQTT-3.3.2-2] # in the topic', publishFrame('#', '1', 7)],
    ['[MQTT-3.6.1-1] PUBREL with flags 0000', frame(0x60, ...ID)],
    ['[MQTT-3.8.1-1] SUBSCRIBE with flags 0000', frame(0x80, ...ID, field('a'), 0)],
    ['[MQTT-3.8.3-1] a surrogate in a filter', frame(0x82, ...ID, field(SURROGATE), 0)],
    ['[MQTT-3.8.3-3] SUBSCRIBE without a filter', frame(0x82, ...ID)],
    ['[MQTT-3-8.3-4] QoS 3 in SUBSCRIBE', subscribeFrame(7, ['a', 3])],
    ['[MQTT-3-8.3-4] reserved bits in SUBSCRIBE', subscribeFrame(7, ['a', 0x80])],
    ['[MQTT-3.10.1-1] UNSUBSCRIBE with flags 0000', frame(0xa0, ...ID, field('a'))],
    ['[MQTT-3.10.3-1] a surrogate in UNSUBSCRIBE', frame(0xa2, ...ID, field(SURROGATE))],
    ['[MQTT-3.10.3-2] UNSUBSCRIBE without a filter', frame(0xa2, ...ID)],
    ['[MQTT-3.14.1-1] flags on DISCONNECT', frame(0xe1)],
    ['[MQTT-4.7.1-2] # that is not the last level', subscribeFrame(7, ['a/#/b', 0])],
    ['[MQTT-4.7.1-2] # that is not a whole level', subscribeFrame(7, ['a#', 0])],
    ['[MQTT-4.7.1-3] + that is not a whole level', subscribeFrame(7, ['a+/b', 0])],
    ['[MQTT-4.7.3-1] an empty filter', subscribeFrame(7, ['', 0])],
    ['[MQTT-4.7.3-1] an empty topic', publishFrame('', '1', 7)],
    ['[MQTT-4.7.3-2] [MQTT-1.5.3-2] U+0000 in a topic', publishFrame('a\0b', '1', 7)],
    ['[MQTT-4.7.3-2] U+0000 in a filter', subscribeFrame(7, ['a\0b', 0])],
    ['[MQTT-4.8.0-1] SUBACK from a client', frame(0x90, ...ID, 0)],
    ['[MQTT-4.8.0-1] packet type 0', frame(0x00)],
    ['[MQTT-4.8.0-1] packet type 15', frame(0xf0)],
    ['[MQTT-4.8.0-2] a topic that the broker keeps to itself', publishFrame('$SYS/x', '1', 7)],
    ['PUBACK with excess bytes', frame(0x40, ...ID, 0)],
    ['PUBREL without a packet id', frame(0x62)],
  ])('%s', async (_what, bytes) => {
    const opened = await client('c1')
    opened.send(bytes, PINGREQ)
    expect(await opened.rest()).toEqual([])
  })
})

describe('a CONNECT that is refused', () => {
  it.each([
    ['[MQTT-3.1.2-2] level 3 of MQTT', connectFrame({ ...free, level: 3 }), 1],
    ['[MQTT-3.1.2-2] level 5', connectFrame({ ...free, level: 5 }), 1],
    ['[MQTT-3.1.2-2] level 0x84, a bridge', connectFrame({ ...free, level: 0x84 }), 1],
    [
      '[MQTT-3.1.3-7] [MQTT-3.1.3-8] [MQTT-3.1.3-9] no client id and clean session 0',
      connectFrame({ flags: 0, clientId: '' }),
      2,
    ],
  ])(
    '%s: gets its code, session present 0 [MQTT-3.2.2-4], and the end [MQTT-3.2.2-5]',
    async (_what, bytes, code) => {
      const opened = await wire()
      opened.send(bytes)
      expect(await opened.rest()).toEqual([{ type: TYPE.connack, flags: 0, body: [0, code] }])
    },
  )

  it('[MQTT-3.1.4-5] takes what follows it along', async () => {
    const listener = await client('listener')
    await listener.ask(subscribeFrame(1, ['#', 0]), TYPE.suback)
    const opened = await wire()
    opened.send(connectFrame({ ...free, level: 5 }), publishFrame('a', 'lost', 1))
    expect(await opened.rest()).toHaveLength(1)
    await publish('a', 'kept')
    expect(await listener.messages()).toMatchObject([{ text: 'kept' }])
  })
})

describe('what looks alike and is lawful', () => {
  it('[MQTT-1.5.3-3] a byte order mark is a letter of a topic', async () => {
    const listener = await client('listener')
    await listener.ask(subscribeFrame(1, ['\ufeffa', 0], ['a', 0]), TYPE.suback)
    await publish('\ufeffa', 'marked')
    expect(await listener.messages()).toMatchObject([{ topic: '\ufeffa', text: 'marked' }])
  })

  it('[MQTT-4.7.3-3] a topic of 65,535 bytes, and no longer one exists', async () => {
    const topic = 'x'.repeat(65_535)
    const listener = await client('listener')
    await listener.ask(subscribeFrame(1, [topic, 0]), TYPE.suback)
    await publish(topic, 'far')
    expect(await listener.messages()).toMatchObject([{ topic, text: 'far' }])
  })

  it('[MQTT-3.1.3-5] client ids of letters and digits up to 23', async () => {
    for (const clientId of ['0', 'Z', 'abcdefghijklmnopqrstuvw', 'ABCDEFGHIJKLMNOPQ012345']) {
      expect((await client(clientId)).code).toBe(0)
    }
  })

  it('[MQTT-3.1.3-6] no client id and clean session 1: each gets an id of its own', async () => {
    const [one, two] = [await client(''), await client('')]
    await one.ask(PINGREQ, TYPE.pingresp)
    await two.ask(PINGREQ, TYPE.pingresp)
  })
})

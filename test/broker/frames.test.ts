import { describe, expect, it } from 'vitest'
import { isFilter, judgeFrame, type Violation } from '../../broker/frames.ts'
import { connectFrame, field, frame, publishFrame } from './support.ts'

/**
 * Cases from the text of MQTT 3.1.1, each with its clause: what must close the connection, and the
 * neighbouring case that must not.
 */
const LIMITS = { connectBytes: 4096, frameBytes: 64 * 1024 + 512 }

/** What is wrong with the first frame that is not lawful. */
function judge(...frames: Buffer[]): Violation | undefined {
  const bytes = Buffer.concat(frames)
  for (let at = 0; at < bytes.length;) {
    const judged = judgeFrame(bytes, at, LIMITS, at > 0)
    if (typeof judged !== 'number') return judged
    at = judged
  }
  return undefined
}
const afterConnect = (...frames: Buffer[]) => judge(connectFrame(), ...frames)

const SURROGATE = Buffer.from([0xed, 0xa0, 0x80])
const OVERLONG = Buffer.from([0xc0, 0x80])
const noUser = { flags: 2 }

describe('a first frame', () => {
  it.each([
    ['a lawful CONNECT', connectFrame(), undefined],
    ['MQTT 3.1', connectFrame({ protocol: 'MQIsdp', level: 3 }), undefined],
    ['a will with QoS 2', connectFrame({ flags: 0xf6, will: ['dh/v1/d1/status', 'x'] }), undefined],
    ['a client id beyond ASCII', connectFrame({ clientId: '热力' }), undefined],
    ['[MQTT-3.1.0-1] PUBLISH', publishFrame('dh/v1/d1/telemetry', '1'), { reason: 'not_connect' }],
    ['[MQTT-3.1.0-1] PINGREQ', frame(0xc0), { reason: 'not_connect' }],
    ['[MQTT-2.2.2-2] flags on CONNECT', frame(0x12), { reason: 'malformed' }],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), { reason: 'not_connect' }],
    ['[MQTT-3.1.2-1] a wrong protocol name', connectFrame({ protocol: 'MQTX' }), { reason: 'malformed' }],
    ['[MQTT-3.1.2-2] level 5', connectFrame({ level: 5 }), { reason: 'protocol_level', connack: 1 }],
    ['[MQTT-3.1.2-2] level 0', connectFrame({ level: 0 }), { reason: 'protocol_level', connack: 1 }],
    ['[MQTT-3.1.2-2] a bridge', connectFrame({ level: 0x84 }), { reason: 'protocol_level', connack: 1 }],
    ['[MQTT-3.1.2-3] the reserved flag', connectFrame({ flags: 0xc3 }), { reason: 'malformed' }],
    ['[MQTT-3.1.2-13] will QoS without a will', connectFrame({ flags: 0xca }), { reason: 'malformed' }],
    ['[MQTT-3.1.2-14] will QoS 3', connectFrame({ flags: 0xde, will: ['t', 'x'] }), { reason: 'malformed' }],
    ['[MQTT-3.1.2-15] will retain without a will', connectFrame({ flags: 0xe2 }), { reason: 'malformed' }],
    ['[MQTT-3.1.2-22] a password without a user', connectFrame({ flags: 0x42 }), { reason: 'malformed' }],
    [
      '[MQTT-3.1.3-8] no client id and clean=0',
      connectFrame({ clientId: '', flags: 0xc0 }),
      { reason: 'client_id', connack: 2 },
    ],
    ['no client id and clean=1', connectFrame({ clientId: '' }), undefined],
    [
      'no client id in MQTT 3.1',
      connectFrame({ clientId: '', protocol: 'MQIsdp', level: 3 }),
      { reason: 'client_id', connack: 2 },
    ],
    ['a C1 control character in a client id', connectFrame({ clientId: 'd\u009f' }), { reason: 'malformed' }],
    ['NUL in a client id', connectFrame({ clientId: 'd\0' }), { reason: 'malformed' }],
    ['a line feed in a client id', connectFrame({ clientId: 'd\n1' }), { reason: 'malformed' }],
    [
      '[MQTT-1.5.3-1] a surrogate in a client id',
      connectFrame({ clientId: SURROGATE }),
      { reason: 'malformed' },
    ],
    [
      '[MQTT-1.5.3-1] an overlong byte in a user name',
      connectFrame({ username: OVERLONG }),
      { reason: 'malformed' },
    ],
    [
      '[MQTT-1.5.3-1] a surrogate in a will topic',
      connectFrame({ flags: 0xc6, will: [SURROGATE, 'x'] }),
      { reason: 'malformed' },
    ],
    [
      'a wildcard in a will topic',
      connectFrame({ flags: 0xc6, will: ['dh/#', 'x'] }),
      { reason: 'malformed' },
    ],
    ['an empty will topic', connectFrame({ flags: 0xc6, will: ['', 'x'] }), { reason: 'malformed' }],
    ['bytes after the end', connectFrame({ excess: Buffer.from('x') }), { reason: 'malformed' }],
    [
      'a user name flag without the field',
      frame(0x10, field('MQTT'), 4, 0x82, 0, 60, field('d1')),
      { reason: 'malformed' },
    ],
    ['a CONNECT cut off in the flags', frame(0x10, field('MQTT'), 4), { reason: 'malformed' }],
    ['a CONNECT cut off in the keep-alive', frame(0x10, field('MQTT'), 4, 2, 0), { reason: 'malformed' }],
    ['a field longer than the frame', frame(0x10, 0xff, 0xff), { reason: 'malformed' }],
    ['no user at all', connectFrame(noUser), undefined],
    ['4 KiB', connectFrame({ password: 'x'.repeat(4096 - 20) }), undefined],
    ['more than 4 KiB', connectFrame({ password: 'x'.repeat(4096) }), { reason: 'frame_too_large' }],
    [
      'a declared 256 MB, at its length',
      Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
      { reason: 'frame_too_large' },
    ],
    ['a length of five bytes', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 1]), { reason: 'malformed' }],
  ])('%s', (_name, bytes, violation) => {
    expect(judge(bytes)).toEqual(violation)
  })
})

const MALFORMED = { reason: 'malformed' }
const ID = [0, 7] as const

describe('a later frame', () => {
  it.each([
    ['[MQTT-3.1.0-2] a second CONNECT', connectFrame(), { reason: 'second_connect' }],
    ['PUBLISH at QoS 1', publishFrame('dh/v1/d1/telemetry', '1', 1), undefined],
    ['[MQTT-3.3.1-4] PUBLISH at QoS 3', frame(0x36, field('t'), ...ID), MALFORMED],
    ['[MQTT-3.3.1-2] DUP at QoS 0', frame(0x38, field('t')), MALFORMED],
    ['[MQTT-2.3.1-1] message id 0', publishFrame('t', '1', 0), MALFORMED],
    ['PUBLISH without its message id', frame(0x32, field('t')), MALFORMED],
    ['an empty topic', publishFrame('', '1'), MALFORMED],
    ['[MQTT-3.3.2-2] a wildcard in PUBLISH', publishFrame('dh/v1/+/telemetry', '1'), MALFORMED],
    ['[MQTT-1.5.3-2] NUL in a topic', publishFrame('dh\0', '1'), MALFORMED],
    ['DEL in a topic', publishFrame('dh\x7f', '1'), MALFORMED],
    ['a C1 control character in a topic', publishFrame('dh\u0080', '1'), MALFORMED],
    ['U+FFFF in a topic', publishFrame('dh\uffff', '1'), MALFORMED],
    ['a letter beyond the basic plane in a topic', publishFrame('A\u{2a6d4}', '1'), undefined],
    ['[MQTT-1.5.3-1] a surrogate in a topic', frame(0x30, field(SURROGATE)), MALFORMED],
    ['any bytes in a payload', publishFrame('t', Buffer.from([0, 0xff, 0xed])), undefined],
    ['PUBACK', frame(0x40, ...ID), undefined],
    ['PUBACK of one byte', frame(0x40, 0), MALFORMED],
    ['PUBACK with more', frame(0x40, ...ID, 0), MALFORMED],
    ['PUBACK of id 0', frame(0x40, 0, 0), MALFORMED],
    ['[MQTT-2.2.2-2] flags on PUBACK', frame(0x42, ...ID), MALFORMED],
    ['PUBREL', frame(0x62, ...ID), undefined],
    ['[MQTT-3.6.1-1] PUBREL without its flags', frame(0x60, ...ID), MALFORMED],
    ['SUBSCRIBE', frame(0x82, ...ID, field('dh/v1/d1/cmd/#'), 1), undefined],
    ['[MQTT-3.8.1-1] SUBSCRIBE without its flags', frame(0x80, ...ID, field('t'), 1), MALFORMED],
    ['[MQTT-3.8.3-3] SUBSCRIBE to nothing', frame(0x82, ...ID), MALFORMED],
    ['[MQTT-3-8.3-4] QoS 3 in SUBSCRIBE', frame(0x82, ...ID, field('t'), 3), MALFORMED],
    ['reserved bits in SUBSCRIBE', frame(0x82, ...ID, field('t'), 0x11), MALFORMED],
    ['SUBSCRIBE without QoS', frame(0x82, ...ID, field('t')), MALFORMED],
    ['SUBSCRIBE with id 0', frame(0x82, 0, 0, field('t'), 0), MALFORMED],
    ['[MQTT-4.7.3-1] an empty filter', frame(0x82, ...ID, field(''), 0), MALFORMED],
    ['[MQTT-4.7.1-2] a bad filter', frame(0x82, ...ID, field('a/#/b'), 0), MALFORMED],
    ['UNSUBSCRIBE', frame(0xa2, ...ID, field('t'), field('u')), undefined],
    ['[MQTT-3.10.3-2] UNSUBSCRIBE from nothing', frame(0xa2, ...ID), MALFORMED],
    ['a filter cut off in UNSUBSCRIBE', frame(0xa2, ...ID, 0, 9, 0x61), MALFORMED],
    ['PINGREQ', frame(0xc0), undefined],
    ['PINGREQ with a body', frame(0xc0, 1), MALFORMED],
    ['DISCONNECT', frame(0xe0), undefined],
    ['[MQTT-3.14.1-1] flags on DISCONNECT', frame(0xe1), MALFORMED],
    ['CONNACK from a client', frame(0x20, 0, 0), MALFORMED],
    ['SUBACK from a client', frame(0x90, ...ID, 0), MALFORMED],
    ['the reserved type 0', frame(0x00), MALFORMED],
    ['the reserved type 15', frame(0xf0), MALFORMED],
    ['64 KiB of body', publishFrame('dh/v1/d1/telemetry', 'x'.repeat(64 * 1024), 1), undefined],
    [
      'more than the frame limit',
      publishFrame('t', 'x'.repeat(64 * 1024 + 512), 1),
      { reason: 'frame_too_large' },
    ],
  ])('%s', (_name, bytes, violation) => {
    expect(afterConnect(bytes)).toEqual(violation)
  })
})

describe('a frame that is not whole yet', () => {
  const lawful = publishFrame('dh/v1/d1/telemetry', 'x'.repeat(300), 1)

  it('is judged when its last byte is there', () => {
    for (let size = 1; size < lawful.length; size++)
      expect(judgeFrame(lawful.subarray(0, size), 0, LIMITS, true)).toBeUndefined()
    expect(judgeFrame(Buffer.concat([lawful, lawful]), 0, LIMITS, true)).toBe(lawful.length)
    expect(judgeFrame(Buffer.concat([lawful, lawful]), lawful.length, LIMITS, true)).toBe(lawful.length * 2)
  })

  it.each([
    ['by its first byte', Buffer.from([0x10]), 'second_connect'],
    ['by its declared length', Buffer.from([0x30, 0xff, 0xff, 0x7f]), 'frame_too_large'],
    [
      'by a fourth byte of length that is not the last',
      Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]),
      'malformed',
    ],
  ])('is refused %s', (_what, bytes, reason) => {
    expect(judgeFrame(bytes, 0, LIMITS, true)).toEqual({ reason })
  })
})

describe('a topic filter', () => {
  it.each(['#', '+', 'a/#', '+/b', 'a/+/b', '/', 'a//b', '$SYS/#'])('%s is one', (filter) => {
    expect(isFilter(filter)).toBe(true)
  })
  it.each(['', 'a#', 'a/#/b', '##', 'a+', '+a', 'a/b+/c', '#/'])('%j is none', (filter) => {
    expect(isFilter(filter)).toBe(false)
  })
})

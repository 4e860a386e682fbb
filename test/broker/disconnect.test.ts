import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Ingest } from '../../broker/publish-handler.ts'
import {
  CONNACK_OK,
  connectFrame,
  field,
  frame,
  publishFrame,
  rawClient,
  signedIn,
  useBrokers,
} from './support.ts'

const { open } = useBrokers()

it('what a device says after its DISCONNECT is not taken, what it said before is', async () => {
  const { port, messages } = await open()
  for (const split of [0, 1, 2, 5]) {
    messages.length = 0
    const raw = await signedIn(port)
    const before = publishFrame('dh/v1/d1/telemetry', '{"chamber_c":1}', 1)
    const bytes = Buffer.concat([
      before,
      frame(0xe0),
      publishFrame('dh/v1/d1/telemetry', '{"chamber_c":2}', 2),
    ])
    raw.send(bytes.subarray(0, before.length + split))
    if (split > 0) await sleep(20)
    raw.send(bytes.subarray(before.length + split))
    await raw.closed
    expect(messages.map(({ body }) => body.toString())).toEqual(['{"chamber_c":1}'])
  }
})

describe('what a device says before it leaves', () => {
  const messages = [1, 2, 3].map((id) => publishFrame('dh/v1/d1/telemetry', '{"chamber_c":1}', id))
  const exactlyOnce = frame(0x34, field('dh/v1/d1/telemetry'), 0, 4, Buffer.from('{"chamber_c":1}'))
  const slowly: Ingest = (_message, done) => void setTimeout(done, 50)

  it.each([
    ['in one segment', [Buffer.concat([...messages, exactlyOnce, frame(0xe0)])]],
    ['in two', [Buffer.concat(messages), frame(0xe0)]],
    ['with QoS 2, in two', [exactlyOnce, frame(0xe0)]],
    [
      'with its own PINGREQ, cut within DISCONNECT',
      [Buffer.concat([...messages, frame(0xc0), Buffer.from([0xe0])]), Buffer.from([0])],
    ],
  ] as const)('with DISCONNECT is answered before the connection ends, %s', async (_name, segments) => {
    const { port } = await open({ ingest: slowly })
    const raw = await signedIn(port)
    for (const segment of segments) {
      raw.send(segment)
      await sleep(10)
    }
    const spoken = Buffer.concat(segments)
    const received = (await raw.closed).subarray(4)
    const answers = [...(spoken.includes(messages[0] ?? '') ? [1, 2, 3].map((id) => frame(0x40, 0, id)) : [])]
    if (spoken.includes(exactlyOnce)) answers.push(frame(0x50, 0, 4))
    for (const answer of answers) expect(received.includes(answer)).toBe(true)
  })

  it('is answered also when it closes its half right behind CONNECT and all it has to say', async () => {
    const { port, messages: taken, broker } = await open({ ingest: slowly })
    const raw = await rawClient(port)
    raw.send(connectFrame(), ...messages, frame(0x82, 0, 9, field('dh/v1/d1/cmd/#'), 1), exactlyOnce)
    raw.socket.end()
    const answers = [
      frame(0x40, 0, 1),
      frame(0x40, 0, 2),
      frame(0x40, 0, 3),
      frame(0x90, 0, 9, 1),
      frame(0x50, 0, 4),
    ]
    const received = await raw.closed
    for (const answer of answers) expect(received.includes(answer)).toBe(true)
    expect(received).toHaveLength(CONNACK_OK.length + Buffer.concat(answers).length)
    expect(taken).toHaveLength(4)
    await expect.poll(() => broker.stats().clients).toBe(0)
  })

  it('is answered also when its secret is wrong and it has closed its half', async () => {
    const { port } = await open()
    const raw = await rawClient(port)
    raw.send(connectFrame({ password: 'wrong' }))
    raw.socket.end()
    expect([...(await raw.closed)]).toEqual([0x20, 2, 0, 4])
  })

  it('does not bring its will back when the device has closed meanwhile', async () => {
    const { port, messages: taken, broker } = await open({ ingest: slowly })
    const raw = await rawClient(port)
    raw.send(connectFrame({ flags: 0xc6, will: ['dh/v1/d1/status', 'gone'] }))
    await raw.bytes(4)
    raw.send(...messages, frame(0xe0))
    raw.socket.end()
    await expect.poll(() => broker.stats().clients).toBe(0)
    await sleep(60)
    expect(taken.map(({ channel }) => channel)).toEqual(['telemetry', 'telemetry', 'telemetry'])
  })

  it('is taken once each and in order, though it is taken at once', async () => {
    const { port, messages: taken } = await open()
    const raw = await signedIn(port)
    raw.send(...['a', 'b', 'c'].map((text) => publishFrame('dh/v1/d1/telemetry', text)), frame(0xe0))
    await raw.closed
    expect(taken.map(({ body }) => body.toString())).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['CONNECT', [], connectFrame({ flags: 0xc6, will: ['dh/v1/d1/status', 'gone'] })],
    [
      'SUBSCRIBE',
      [connectFrame({ flags: 0xc6, will: ['dh/v1/d1/status', 'gone'] })],
      frame(0x82, 0, 9, field('dh/v1/d1/command/#'), 1),
    ],
  ])('is taken behind a %s too, though the device closes at once', async (_name, before, waited) => {
    const { port, messages: taken, broker } = await open()
    const raw = await rawClient(port)
    for (const each of before) {
      raw.send(each)
      await raw.bytes(4)
    }
    raw.socket.end(
      Buffer.concat([waited, publishFrame('dh/v1/d1/telemetry', '{"chamber_c":1}'), frame(0xe0)]),
    )
    await raw.closed
    await expect.poll(() => broker.stats().clients).toBe(0)
    expect(taken.map(({ channel }) => channel)).toEqual(['telemetry'])
  })
})

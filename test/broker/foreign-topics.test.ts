import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
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

describe('N3 N8 a foreign topic', () => {
  it.each([
    'dh/v1/d2/telemetry',
    'dh/v1/d1/cmd/reboot',
    '$SYS/x',
    'dh/v1/d1/telemetry/x',
    'dh/v1/ｄ1/telemetry',
    'a/'.repeat(101),
    'x'.repeat(60_000),
  ])('%.30s is never acknowledged, at any QoS, and closes the connection', async (topic) => {
    const { port, broker, messages } = await open()
    const last = await signedIn(port)
    last.send(publishFrame(topic, '1', 7))
    expect(await last.closed).toEqual(CONNACK_OK)
    expect(messages).toEqual([])
    const { foreign_topic, malformed } = broker.stats().refused
    if (topic.split('/').length <= 8) expect([foreign_topic, malformed]).toEqual([1, 0])
  })

  it('lets what came before it be acknowledged', async () => {
    const { port, messages } = await open()
    const raw = await signedIn(port)
    raw.send(publishFrame('dh/v1/d1/telemetry', '1', 7))
    await raw.bytes(8)
    raw.send(publishFrame('dh/v1/d2/telemetry', '1', 8))
    expect([...(await raw.closed).subarray(4)]).toEqual([0x40, 2, 0, 7])
    expect(messages).toHaveLength(1)
  })

  it('makes that device wait when it comes back, and nobody else', async () => {
    const { port } = await open()
    for (let n = 0; n < 4; n++) {
      const raw = await signedIn(port)
      raw.send(publishFrame('dh/v1/d2/telemetry', '1', 7))
      await raw.closed
    }
    const times: number[] = []
    for (const id of ['d2', 'd1']) {
      const started = performance.now()
      await (await device(port, id)).endAsync()
      times.push(performance.now() - started)
    }
    expect(times[0]).toBeLessThan(700)
    expect(times[1]).toBeGreaterThan(700)
  })

  it('in a subscription is refused with 0x80, and not kept in the session', async () => {
    const { port, broker } = await open()
    const raw = await rawClient(port)
    raw.send(connectFrame({ flags: 0xc0 }))
    await raw.bytes(4)
    const filters = [
      'dh/v1/d1/cmd/#',
      '#',
      'dh/v1/+/telemetry',
      '$SYS/#',
      '$share/g/dh/v1/d1/cmd/#',
      'dh/v1/d2/cmd/#',
    ]
    raw.send(frame(0x82, 0, 5, ...filters.flatMap((filter) => [field(filter), 1])))
    expect([...(await raw.bytes(4 + 10)).subarray(4)]).toEqual([0x90, 8, 0, 5, 1, 128, 128, 128, 128, 128])
    expect(broker.stats().refused.foreign_filter).toBe(5)
    raw.socket.destroy()
    await expect.poll(() => broker.stats().clients).toBe(0)
    await broker.publishCommand('d2', 'reboot', 'not for d1')
    await broker.publishCommand('d1', 'reboot', 'for d1')
    const back = await rawClient(port)
    back.send(connectFrame({ flags: 0xc0 }))
    const answer = await back.bytes(4 + 20)
    await sleep(100)
    expect(`${back.received()}`).toContain('for d1')
    expect(`${back.received()}`).not.toContain('not for d1')
    expect(answer[2]).toBe(1)
    back.socket.destroy()
  })

  it('N8 leaves room for 32 subscriptions and no more', async () => {
    const { port, broker } = await open()
    const raw = await signedIn(port)
    const filters = Array.from({ length: 40 }, (_, n) => [field(`dh/v1/d1/cmd/c${n}`), 0])
    raw.send(frame(0x82, 0, 5, ...filters.flat()))
    const codes = [...(await raw.bytes(4 + 2 + 2 + 40)).subarray(8)]
    expect(codes.filter((code) => code === 0)).toHaveLength(32)
    expect(codes.filter((code) => code === 128)).toHaveLength(8)
    raw.send(frame(0xa2, 0, 6, field('dh/v1/d1/cmd/c0')))
    await raw.bytes(48 + 4)
    raw.send(frame(0x82, 0, 7, field('dh/v1/d1/cmd/c39'), 0))
    expect((await raw.bytes(52 + 5))[56]).toBe(0)
    expect(broker.stats().refused.too_many_subscriptions).toBe(8)
    raw.socket.destroy()
  })
})

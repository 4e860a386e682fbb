import { copyFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { BrokerLimits } from '../../broker/limits.ts'
import type { DiskPersistence } from '../../broker/persistence.ts'
import { newFile, openPersistence as open, removeFiles, type Opening } from './session-files.ts'

afterAll(removeFiles)

const BROKER = { id: 'broker-1' }
const packet = (counter: number, payload = 'x') => ({
  cmd: 'publish',
  topic: 'dh/v1/d1/cmd/a',
  payload: Buffer.from(payload),
  qos: 1,
  retain: false,
  brokerId: BROKER.id,
  brokerCounter: counter,
})
const D1 = { id: 'd1' }
const all = async (stream: AsyncIterable<unknown>) => {
  const list: unknown[] = []
  for await (const item of stream) list.push(item)
  return list
}

describe('F9 after a restart', () => {
  let path: string
  beforeEach(() => {
    path = newFile()
  })
  async function restart(before: DiskPersistence, id = 'broker-2'): Promise<DiskPersistence> {
    before.close()
    const after = open({ path })
    await after.setup({ id })
    return after
  }
  async function start(): Promise<DiskPersistence> {
    const persistence = open({ path })
    await persistence.setup(BROKER)
    return persistence
  }

  it('subscriptions, retained messages and QoS 2 ids are there', async () => {
    const first = await start()
    await first.addSubscriptions(D1, [{ topic: 'dh/v1/d1/cmd/#', qos: 1 }])
    await first.addSubscriptions(D1, [{ topic: 'dh/v1/d1/status', qos: 0 }])
    await first.removeSubscriptions(D1, ['dh/v1/d1/status'])
    await first.storeRetained({ topic: 'dh/v1/d1/status', payload: Buffer.from('{}'), qos: 1, retain: true })
    await first.storeRetained({ topic: 'dh/v1/d2/status', payload: Buffer.from('{}'), qos: 1, retain: true })
    await first.storeRetained({ topic: 'dh/v1/d2/status', payload: Buffer.alloc(0), retain: true })
    await first.incomingStorePacket(D1, { ...packet(1), messageId: 9 })
    const second = await restart(first)
    expect(await second.subscriptionsByTopic('dh/v1/d1/cmd/x')).toMatchObject([{ clientId: 'd1', qos: 1 }])
    expect(await all(second.createRetainedStream('dh/#'))).toMatchObject([{ topic: 'dh/v1/d1/status' }])
    expect(await second.incomingGetPacket(D1, { messageId: 9 })).toMatchObject({ messageId: 9 })
    second.close()
  })

  it('queued messages are there in order, with their ids, acknowledged ones and PUBRELs in their place', async () => {
    const first = await start()
    for (const n of [1, 2, 3, 4]) await first.outgoingEnqueueCombi([{ clientId: 'd1' }], packet(n, `${n}`))
    for (const n of [1, 2, 3]) await first.outgoingUpdate(D1, { ...packet(n), messageId: 10 + n })
    await first.outgoingClearMessageId(D1, { messageId: 11 })
    await first.outgoingUpdate(D1, { cmd: 'pubrel', messageId: 12 })
    const second = await restart(first)
    expect(await all(second.outgoingStream(D1))).toMatchObject([
      { cmd: 'pubrel', messageId: 12 },
      { payload: Buffer.from('3'), messageId: 13 },
      { payload: Buffer.from('4'), messageId: undefined },
    ])
    second.close()
  })

  it('the wills of the broker that died are still told, by the new one', async () => {
    const first = await start()
    await first.putWill(D1, { topic: 'dh/v1/d1/status', payload: Buffer.from('{}'), qos: 1, retain: true })
    const second = await restart(first)
    const wills = await all(second.streamWill({ 'broker-2': 1 }))
    expect(wills).toMatchObject([{ clientId: 'd1', brokerId: 'broker-1', topic: 'dh/v1/d1/status' }])
    await second.delWill({ id: 'd1', brokerId: 'broker-1' })
    const third = await restart(second, 'broker-3')
    expect(await all(third.streamWill({}))).toEqual([])
    third.close()
  })

  it('the will of a device that took its own connection over is still there', async () => {
    const first = open({ path, keepsWill: (id) => id === 'd1' })
    await first.setup(BROKER)
    for (const id of ['d1', 'd2']) {
      await first.putWill({ id }, { topic: `dh/v1/${id}/status`, payload: Buffer.from('{}'), qos: 1 })
      // The old connection ends after the new one has put its will.
      await first.delWill({ id, brokerId: BROKER.id })
    }
    const second = await restart(first)
    expect(await all(second.streamWill({}))).toMatchObject([{ clientId: 'd1' }])
    second.close()
  })

  it('that nobody announced (kill -9) everything is there too', async () => {
    const first = await start()
    await first.addSubscriptions(D1, [{ topic: 'dh/v1/d1/cmd/#', qos: 1 }])
    await first.outgoingEnqueue({ clientId: 'd1' }, packet(1))
    const copy = newFile()
    for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
    first.close()
    const after = open({ path: copy })
    await after.setup({ id: 'broker-2' })
    expect(await after.subscriptionsByClient(D1)).toMatchObject([{ topic: 'dh/v1/d1/cmd/#' }])
    expect(await all(after.outgoingStream(D1))).toHaveLength(1)
    after.close()
  })

  it('a session that was ended is gone, and so is what waited for it', async () => {
    const first = await start()
    await first.addSubscriptions(D1, [{ topic: 'dh/v1/d1/cmd/#', qos: 1 }])
    await first.outgoingEnqueue({ clientId: 'd1' }, packet(1))
    await first.cleanSubscriptions(D1)
    const second = await restart(first)
    expect(await second.subscriptionsByClient(D1)).toEqual([])
    expect(await all(second.outgoingStream(D1))).toEqual([])
    second.close()
  })
})

describe('N8 N9 caps', () => {
  async function capped(limits: Partial<BrokerLimits>, more: Opening = {}): Promise<DiskPersistence> {
    const persistence = open({ limits, ...more })
    await persistence.setup(BROKER)
    return persistence
  }
  const queue = async (persistence: DiskPersistence, id: string, count: number, bytes = 1) => {
    for (let n = 0; n < count; n++) {
      await persistence.outgoingEnqueue({ clientId: id }, packet(n, 'x'.repeat(bytes)))
    }
  }
  const waiting = async (persistence: DiskPersistence, id: string) =>
    (await all(persistence.outgoingStream({ id }))).length

  it('on the messages that wait for one device drop the newest, and count', async () => {
    const persistence = await capped({ queuedMessages: 10 })
    await queue(persistence, 'd1', 25)
    await queue(persistence, 'd2', 3)
    expect(await waiting(persistence, 'd1')).toBe(10)
    expect(await waiting(persistence, 'd2')).toBe(3)
    expect(persistence.dropped()).toBe(15)
    await persistence.outgoingClearMessageId(D1, { messageId: undefined })
    await queue(persistence, 'd1', 1)
    expect(await waiting(persistence, 'd1')).toBe(10)
    persistence.close()
  })

  it('on their bytes hold for one device and for all together', async () => {
    const persistence = await capped({ queuedBytes: 3000, queuedBytesTotal: 5000 })
    await queue(persistence, 'd1', 5, 1000)
    await queue(persistence, 'd2', 5, 1000)
    expect([await waiting(persistence, 'd1'), await waiting(persistence, 'd2')]).toEqual([2, 2])
    persistence.close()
  })

  it('on retained topics leave the known ones changeable', async () => {
    const persistence = await capped({ retainedTopics: 2 })
    for (const n of [1, 2, 3, 2]) {
      await persistence.storeRetained({
        topic: `dh/v1/d${n}/status`,
        payload: Buffer.from(`${n}`),
        retain: true,
      })
    }
    expect((await all(persistence.createRetainedStream('#'))).length).toBe(2)
    persistence.close()
  })

  it('on subscriptions and on QoS 2 messages without PUBREL', async () => {
    const persistence = await capped({ subscriptionsPerDevice: 2, inboundQos2: 2 })
    await persistence.addSubscriptions(
      D1,
      ['a', 'b', 'a', 'c'].map((topic) => ({ topic, qos: 1 })),
    )
    expect((await persistence.subscriptionsByClient(D1)).map(({ topic }) => topic)).toEqual(['a', 'b'])
    for (const messageId of [1, 2]) await persistence.incomingStorePacket(D1, { ...packet(1), messageId })
    await expect(persistence.incomingStorePacket(D1, { ...packet(1), messageId: 3 })).rejects.toThrow(
      'PUBREL',
    )
    await persistence.incomingDelPacket(D1, { messageId: 1 })
    await persistence.incomingStorePacket(D1, { ...packet(1), messageId: 3 })
    persistence.close()
  })

  it('leave out filters that the device may not have', async () => {
    const persistence = await capped({}, { maySubscribe: (_id, filter) => filter !== '#' })
    await persistence.addSubscriptions(D1, [
      { topic: '#', qos: 1 },
      { topic: 'dh/v1/d1/cmd/#', qos: 1 },
    ])
    expect(await persistence.subscriptionsByTopic('dh/v1/d2/telemetry')).toEqual([])
    persistence.close()
  })

  it('on age forget a session nobody has used, but not one in use', async () => {
    let now = 0
    const persistence = await capped({ sessionExpiryMs: 1000 }, { now: () => now })
    for (const id of ['away', 'here', 'late'])
      await persistence.addSubscriptions({ id }, [{ topic: id, qos: 1 }])
    await queue(persistence, 'away', 1)
    now = 900
    persistence.touch('late')
    now = 1500
    await persistence.expire((id) => id === 'here')
    const left = await Promise.all(
      ['away', 'here', 'late'].map((id) => persistence.subscriptionsByClient({ id })),
    )
    expect(left.map((subscriptions) => subscriptions.length)).toEqual([0, 1, 1])
    expect(await waiting(persistence, 'away')).toBe(0)
    persistence.close()
  })
})

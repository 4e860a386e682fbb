import { afterEach, describe, expect, it } from 'vitest'
import { channelTopic } from '#contract/topics.ts'
import { createFleet } from '../../simulators/fleet.ts'
import type { Fleet, FleetOptions } from '../../simulators/fleet.ts'
import { runLive } from '../../simulators/live.ts'
import { demoNetwork } from '../../simulators/demo-network.ts'
import { createSimulatedClock } from '../../simulators/simulated-clock.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import { createWorld } from '../../simulators/world.ts'
import { openBroker } from '../broker/support.ts'
import type { TestBroker } from '../broker/support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function aBroker(): Promise<TestBroker> {
  const broker = await openBroker({ authenticate: async (_, secret) => secret === 'demo' })
  open.push(broker)
  return broker
}

function aFleet(broker: TestBroker, more: Partial<FleetOptions> = {}): Fleet {
  const fleet = createFleet({
    url: `mqtt://127.0.0.1:${broker.port}`,
    password: 'demo',
    perSecond: 1000,
    ...more,
  })
  open.push(fleet)
  return fleet
}

const bodies = (broker: TestBroker, channel: string) =>
  broker.messages
    .filter((message) => message.channel === channel)
    .map((message) => [message.deviceId, JSON.parse(Buffer.from(message.body).toString())])

describe('a fleet', () => {
  it('signs in each device under its own name and says that it is there and what it is', async () => {
    const broker = await aBroker()
    const fleet = aFleet(broker, { attributes: (id) => ({ model: `of ${id}` }) })
    await fleet.connect(['a-1', 'a-2', 'a-3'])
    expect(fleet.connected).toBe(3)
    expect(bodies(broker, 'status').sort()).toEqual(
      ['a-1', 'a-2', 'a-3'].map((id) => [id, { state: 'online' }]),
    )
    expect(bodies(broker, 'attributes')).toContainEqual(['a-2', { model: 'of a-2' }])
  })

  it('publishes with acknowledgement, under the device’s own topic', async () => {
    const broker = await aBroker()
    const fleet = aFleet(broker)
    await fleet.connect(['a-1'])
    const sample = { ts: 1, values: { pressure_mpa: 0.6 } }
    expect(await fleet.publish('a-1', 'telemetry', [sample])).toBe(true)
    expect(bodies(broker, 'telemetry')).toEqual([['a-1', [sample]]])
    expect(channelTopic('a-1', 'telemetry')).toBe('dh/v1/a-1/telemetry')
    await expect(fleet.publish('a-2', 'telemetry', sample)).rejects.toThrow('not connected')
  })

  it('leaves a last will behind when it is cut off', async () => {
    const broker = await aBroker()
    const fleet = aFleet(broker)
    await fleet.connect(['a-1'])
    await fleet.close()
    await expect.poll(() => bodies(broker, 'status').at(-1)).toEqual(['a-1', { state: 'offline' }])
  })

  it('is told in a sentence when the broker refuses it or is not there', async () => {
    const broker = await aBroker()
    const wrong = aFleet(broker, { password: 'wrong' })
    await expect(wrong.connect(['a-1'])).rejects.toThrow(
      /a-1 cannot connect to mqtt:\/\/127.0.0.1:\d+: .*Bad username or password/,
    )
    const { port } = broker
    await broker.close()
    const nobody = createFleet({ url: `mqtt://127.0.0.1:${port}`, password: 'demo' })
    open.push(nobody)
    await expect(nobody.connect(['a-1'])).rejects.toThrow('ECONNREFUSED')
  })

  it('drops rather than grows when nothing is acknowledged', async () => {
    const broker = await openBroker({
      authenticate: async () => true,
      ingest: (message, done) => (message.channel === 'telemetry' ? undefined : done()),
    })
    open.push(broker)
    const fleet = aFleet(broker)
    await fleet.connect(['a-1'])
    const sent = [...Array(150).keys()].map((ts) =>
      fleet.publish('a-1', 'telemetry', { ts, values: { x: 1 } }),
    )
    for (const one of sent) one.catch(() => undefined)
    expect(fleet.dropped).toBe(50)
  })
})

describe('live operation', () => {
  it('reports every device at its own interval, accelerated, with simulated times', async () => {
    const broker = await aBroker()
    const fleet = aFleet(broker)
    const world = await createWorld(demoNetwork(), 7)
    const deviceIds = ['rtu-source-1', 'rtu-s-07', 'rtu-s-08']
    await fleet.connect(deviceIds)
    const from = Date.parse('2026-01-15T22:50:00+08:00')
    await runLive({
      world,
      fleet,
      seed: 7,
      clock: createSimulatedClock(from, 1800, Date.now),
      deviceIds,
      faults: [{ deviceId: 'rtu-s-08', fault: 'silence', from }],
      wakes: [{ deviceId: 'rtu-s-07', at: from + MINUTE, event: 'battery_low' }],
      signal: new AbortController().signal,
      until: from + HOUR / 2,
    })
    const times = (id: string) =>
      bodies(broker, 'telemetry')
        .filter(([device]) => device === id)
        .flatMap(([, body]) => [body].flat().map((sample: { ts: number }) => sample.ts))
    await expect.poll(() => times('rtu-s-07').length).toBeGreaterThan(28)
    expect(times('rtu-source-1').length).toBeGreaterThan(100)
    expect(times('rtu-s-08')).toEqual([])
    for (const ts of times('rtu-s-07')) expect(ts - from).toBeLessThan(HOUR)
    expect(bodies(broker, 'event')).toMatchObject([['rtu-s-07', { event: 'battery_low', ts: from + MINUTE }]])
  })
})

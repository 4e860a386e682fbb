import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AssetState } from '../../../server/contract/live.ts'
import { HOUR, MINUTE, type Instant } from '../../../server/domain/instant.ts'
import type { Network } from '../../../server/domain/network/network.ts'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'
import type { Channel } from '../../../server/contract/topics.ts'
import { createAssetWatching } from '../../../server/flows/detection/watch-assets.ts'
import { aRowOfWells, time, Watched } from '../../support/detection-world.ts'

const T = time('08:00:00')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const ALL_WELL = { secondary_supply_mpa: 0.4, secondary_supply_c: 70, primary_supply_mpa: 0.8 }
const heard = (values: object) => decodeMessage('telemetry', Buffer.from(JSON.stringify(values)), T)

function aMap(checkIns: Record<string, string> = {}) {
  let network = aRowOfWells()
  const imports = (next: Network): void => void (network = next)
  const published: [string, AssetState][] = []
  const clock = { at: T, now: () => clock.at }
  const watching = createAssetWatching({
    network: { current: () => network, asOf: () => network, onChange: () => () => undefined },
    live: { announce: (_, id, read) => published.push([id, read(id) as AssetState]) },
    clock,
    checkInOf: (id, at) => {
      const reason = checkIns[id]
      return reason === undefined
        ? undefined
        : { id: `check-in-${id}`, reason, since: new Date(at).toISOString() }
    },
  })
  function say(
    deviceId: string,
    body: unknown,
    receivedAt: Instant = clock.at,
    channel: Channel = 'telemetry',
  ) {
    const bytes = Buffer.from(JSON.stringify(body))
    watching.observe({ deviceId, channel, receivedAt }, decodeMessage(channel, bytes, receivedAt))
  }
  return { watching, published, clock, say, imports }
}

describe('the live state of assets', () => {
  it('lists every point, with what its devices said last', () => {
    const { watching, say } = aMap()
    say('d-w1', { pressure_mpa: 0.6, chamber_c: 41, cover_open: false, odd_extra: 3 })
    const states = watching.snapshot()
    expect(states).toHaveLength(9)
    expect(watching.asset('w1')).toMatchObject({
      health: 'normal',
      devices: [
        {
          id: 'd-w1',
          online: true,
          values: { pressure_mpa: 0.6, chamber_c: 41, cover_open: false, odd_extra: 3 },
        },
      ],
    })
    expect(watching.asset('w2')?.health).toBe('silent')
    expect(watching.asset('p1')).toEqual({ id: 'p1', health: 'unwatched', devices: [] })
    expect(watching.asset('nowhere')).toBeUndefined()
  })

  it('keeps the newest value by its own time when a late one arrives', () => {
    const { watching, say } = aMap()
    say('d-w1', { ts: T, values: { chamber_c: 41 } })
    say('d-w1', { ts: T - HOUR, values: { chamber_c: 12 } })
    expect(watching.device('d-w1')?.values).toEqual({ chamber_c: 41 })
  })

  it('is online until its will says otherwise, or until it has been silent for too long', () => {
    const { watching, say, clock } = aMap()
    say('d-w1', { chamber_c: 41 })
    say('d-w1', { state: 'offline' }, T, 'status')
    expect(watching.device('d-w1')?.online).toBe(false)
    say('d-w1', { chamber_c: 41 })
    expect(watching.device('d-w1')?.online).toBe(true)
    clock.at = T + HOUR + MINUTE
    expect(watching.device('d-w1')?.online).toBe(false)
  })

  it('publishes an asset at once and then at most once a second', () => {
    const { published, say, watching } = aMap()
    for (let n = 0; n < 50; n += 1) say('d-w1', { chamber_c: n })
    say('d-w2', { chamber_c: 1 })
    expect(published.map(([id]) => id)).toEqual(['w1', 'w2'])
    vi.advanceTimersByTime(1000)
    expect(published.map(([id]) => id)).toEqual(['w1', 'w2', 'w1'])
    expect(published[2]?.[1].devices[0]?.values).toEqual({ chamber_c: 49 })
    vi.advanceTimersByTime(5000)
    expect(published).toHaveLength(3)
    watching.close()
  })

  it('announces a device where the newest network has it, and nowhere what no network has', () => {
    const { published, say, imports } = aMap()
    const before = aRowOfWells()
    say('d-w1', { chamber_c: 41 })
    say('constructor', { chamber_c: 41 })
    const [w1, w2] = [before.devices.get('d-w1'), before.devices.get('d-w2')]
    if (w1 === undefined || w2 === undefined) throw new Error('no such devices')
    const devices = new Map(before.devices).set('d-w1', { ...w1, assetId: 'w2', asset: w2.asset })
    devices.delete('d-w2')
    imports({ ...before, version: before.version + 1, devices })
    say('d-w1', { chamber_c: 42 })
    say('d-w2', { chamber_c: 43 })
    expect(published.map(([id]) => id)).toEqual(['w1', 'w2'])
  })

  it('shows faults and takes them back', () => {
    const { watching } = aMap()
    const world = new Watched()
    world.say('d-w1', T, { cover_tilt_deg: 2, chamber_c: 20, pressure_mpa: 0.6 })
    world.tick(T + 2 * HOUR)
    watching.find(world.findings)
    watching.seed(world.state)
    expect(watching.asset('w1')).toMatchObject({
      health: 'silent',
      devices: [{ faults: [{ fault: 'silence' }] }],
    })
    watching.find(world.say('d-w1', T + 3 * HOUR, { cover_tilt_deg: 2 }))
    expect(watching.asset('w1')).toMatchObject({ health: 'normal', devices: [{ faults: [] }] })
  })

  it('does not count a device as normal that speaks and brings nothing of what it should watch', () => {
    const { watching, say, clock } = aMap()
    const blind = (signal: string) => {
      const placed = aRowOfWells().devices.get('d-w1')
      if (placed === undefined) throw new Error('no such device')
      return watching.blindness(placed, signal)
    }
    say('d-w1', { dr: 5, fPort: 2, adr: true })
    expect(watching.asset('w1')?.health).toBe('silent')
    expect(blind('cover_open')).toEqual({ since: 0, why: 'never_came' })
    say('d-w1', { cover_open: false })
    expect(watching.asset('w1')?.health).toBe('fault')
    expect(blind('cover_open')).toBeUndefined()
    say('d-w1', { cover_open: false, chamber_c: 30, pressure_mpa: 0.6 })
    expect(watching.asset('w1')?.health).toBe('normal')
    expect(watching.device('d-w1')?.missing?.map(({ signal }) => signal)).toContain('cover_tilt_deg')
    const stoppedAt = clock.at
    clock.at += 2 * HOUR
    say('d-w1', { dr: 5, chamber_c: 30, pressure_mpa: 0.6 })
    expect(blind('cover_open')).toEqual({ since: stoppedAt, why: 'stopped' })
    expect(watching.asset('w1')?.health).toBe('fault')
  })

  it('takes an event of the lid for a word of the lid', () => {
    const { watching, say } = aMap()
    say('d-w1', { event: 'cover_open' }, T, 'event')
    expect(watching.device('d-w1')?.values).toEqual({ cover_open: true })
  })

  it('says what is wrong in a sentence, and of which signal', () => {
    const { watching } = aMap()
    const world = new Watched()
    for (let n = 0; n < 3; n += 1) world.say('d-w1', T + n, { pressure_mpa: 5 })
    watching.find(world.findings)
    const said = [
      { fault: 'range', signal: 'pressure_mpa', sentence: { en: expect.stringContaining('5 MPa') } },
    ]
    expect(watching.device('d-w1')).toMatchObject({ faults: said })
  })

  it('shows upkeep beside a normal state, also after a restart, and takes it back', () => {
    const { watching } = aMap()
    const world = new Watched()
    for (let n = 0; n <= 60; n += 10)
      world.say('d-hes', T + n * MINUTE, { ...ALL_WELL, secondary_return_c: 64 })
    watching.find(world.findings)
    const said = { health: 'normal', devices: [{ faults: [], upkeep: [{ rule: 'station.hot_return' }] }] }
    watching.observe(
      { deviceId: 'd-hes', channel: 'telemetry', receivedAt: T },
      heard({ ...ALL_WELL, secondary_return_c: 64 }),
    )
    expect(watching.asset('hes')).toMatchObject(said)
    const again = aMap().watching
    again.seed(world.state)
    expect(again.asset('hes')).toMatchObject(said)
    for (let n = 70; n <= 100; n += 10) {
      again.find(world.say('d-hes', T + n * MINUTE, { secondary_return_c: 50 }))
    }
    expect(again.device('d-hes')).not.toHaveProperty('upkeep')
  })

  it('starts from what the detector remembers', () => {
    const { watching } = aMap()
    const world = new Watched()
    world.say('d-w1', T, { cover_open: true, chamber_c: 40 })
    watching.seed(world.state)
    expect(watching.device('d-w1')).toMatchObject({
      online: true,
      values: { cover_open: true, chamber_c: 40 },
    })
  })

  it('shows the crew that is checked in', () => {
    const { watching, published } = aMap({ w1: '检修' })
    watching.changed('w1')
    expect(published[0]?.[1].checkIn?.reason).toBe('检修')
  })
})

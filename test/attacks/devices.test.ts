import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SetAsideView } from '#contract/telemetry.ts'
import { aDevice, aFile, aPipe, anArea, aSource, aStation, aWell, place } from '../support/networks.ts'
import { closedCover, openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

const LID = ['cover_tilt_deg', 'cover_open', 'battery_v']
const source = aSource('src', place(0, 0), {
  devices: [aDevice('dev-src', { signals: ['makeup_flow_t_h'] })],
})
const well = aWell('w1', place(500, 0), { depthM: 2, devices: [aDevice('dev-w1', { signals: LID })] })
const station = aStation('s1', place(1000, 0), {
  devices: [aDevice('dev-s1', { signals: ['primary_supply_mpa', 'primary_return_mpa'] })],
})

let world: World
beforeAll(async () => {
  world = await aWorld({
    network: aFile(
      ...[source, well, station, aPipe('p1', source, well), aPipe('p2', well, station)],
      anArea('area-1', place(-2000, -2000), place(3000, 3000)),
    ),
  })
})
afterAll(() => world.close())

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${world.url()}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`))
  return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? NaN)
}
const rejected = (reason: string) => metric(`wellwatch_ingest_rejected_total{reason="${reason}"}`)
const tickets = () => world.as('dispatcher').tickets()

interface DeviceRow {
  readonly id: string
  readonly setAside?: { readonly count: number; readonly reason: string }
}

describe('N13 plausible values from a device that cannot have them', () => {
  it.each([
    ['an open cover of a station', 'dev-s1', 'telemetry', openCover(0, 3)],
    ['an open cover of the heat plant', 'dev-src', 'telemetry', openCover(0, 3)],
    [
      'steam in the chamber of a station',
      'dev-s1',
      'telemetry',
      [{ ts: 0, values: { chamber_c: 96, humidity_pct: 100 } }],
    ],
    ['a cover event of a station', 'dev-s1', 'event', { event: 'cover_open' }],
    ['water in the chamber of the heat plant', 'dev-src', 'event', { event: 'water' }],
    [
      'the pressures of a station from a lid',
      'dev-w1',
      'telemetry',
      [{ ts: 0, values: { primary_supply_mpa: 0.01, primary_return_mpa: 0.01 } }],
    ],
    ['make-up water from a lid', 'dev-w1', 'telemetry', [{ ts: 0, values: { makeup_flow_t_h: 400 } }]],
  ] as const)('%s is acknowledged, counted, and opens nothing', async (_what, id, channel, body) => {
    const before = await rejected('wrong_place')
    const now = world.now()
    const dated = Array.isArray(body)
      ? body.map((sample, i) => ({ ...(sample as object), ts: now - 60_000 + i * 20_000 }))
      : body
    await world.publish(id, dated, channel)
    await world.advance({ minutes: 30 })
    expect(await rejected('wrong_place')).toBe(before + (Array.isArray(body) ? body.length : 1))
    expect(await tickets()).toEqual([])
  })

  it('also beside values that it does have: those are taken, the strangers judged by nobody', async () => {
    const values = {
      primary_supply_mpa: 0.8,
      primary_return_mpa: 0.4,
      cover_open: true,
      cover_tilt_deg: 80,
      chamber_c: 95,
    }
    for (const ts of [world.now() - 40_000, world.now() - 1000]) await world.publish('dev-s1', { ts, values })
    await world.advance({ minutes: 30 })
    expect(await tickets()).toEqual([])
  })

  it('flags the device, with a sample for whoever looks after it', async () => {
    const { items } = await world.as('engineer').get<{ items: DeviceRow[] }>('/devices')
    const flagged = items.filter(({ setAside }) => setAside !== undefined)
    expect(flagged).toMatchObject([{ id: 'dev-s1', setAside: { reason: 'wrong_place', count: 3 } }])
    const kept = await world.as('engineer').get<SetAsideView>('/devices/set-aside')
    expect(kept.senders).toContainEqual(
      expect.objectContaining({ deviceId: 'dev-s1', count: 3, reason: 'wrong_place' }),
    )
    expect(kept.items).toContainEqual(
      expect.objectContaining({ reason: 'wrong_place', deviceId: 'dev-s1', topic: 'dh/v1/dev-s1/event' }),
    )
    expect((await world.as('wall').ask('GET', '/devices/set-aside')).status).toBe(403)
  })
})

describe('N12 a recorded message sent again', () => {
  it('raises no second alarm while it is open, nor when it is over, and is counted', async () => {
    const recorded = [openCover(world.now() - 40_000, 3), [closedCover(world.now() + 60_000)]]
    await world.publish('dev-w1', recorded[0])
    await world.settle()
    expect(await tickets()).toHaveLength(1)
    const before = await metric('wellwatch_detector_repeated_total')
    for (let i = 0; i < 3; i += 1) await world.publish('dev-w1', recorded[0])
    await world.advance({ minutes: 2 })
    await world.publish('dev-w1', recorded[1])
    await world.advance({ minutes: 30 })
    const [ticket, ...others] = await tickets()
    expect(others).toEqual([])
    await world.publish('dev-w1', recorded[0])
    await world.advance({ hours: 1 })
    await world.publish('dev-w1', recorded[0])
    await world.settle()
    expect((await tickets()).map(({ id }) => id)).toEqual([ticket?.id])
    expect((await metric('wellwatch_detector_repeated_total')) - before).toBe(5 * 6)
    const incidents = await world.as('dispatcher').incidents()
    expect(incidents).toHaveLength(1)
  })

  it('is dropped when it is more than thirty days old', async () => {
    const before = await rejected('too_old')
    await world.publish('dev-w1', openCover(world.now() - 31 * 24 * 3_600_000, 2))
    await world.settle()
    expect(await rejected('too_old')).toBe(before + 2)
  })
})

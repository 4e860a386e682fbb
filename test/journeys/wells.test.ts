import { afterEach, describe, expect, it } from 'vitest'
import type { AssetState } from '#contract/live.ts'
import { HOUR, MINUTE, SECOND } from '../../server/domain/instant.ts'
import { aDevice, aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'
import { openCover } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const tickets = () => world.as('dispatcher').tickets()
const QUIET = { cover_tilt_deg: 1, cover_open: false, chamber_c: 38, humidity_pct: 70, water_level_m: 0 }
const STEAM = { chamber_c: 71, humidity_pct: 99.5, water_level_m: 0 }

/** A day of quiet readings, so that the chamber has a baseline. */
async function aQuietDay(deviceId: string): Promise<void> {
  const samples = Array.from({ length: 96 }, (_, i) => ({
    ts: world.now() - (96 - i) * 15 * MINUTE,
    values: { ...QUIET, chamber_c: 38 + (i % 3) * 0.2 },
  }))
  await world.publish(deviceId, samples)
}

describe('a well', () => {
  it('that vents steam is a 一级 ticket for 24 hours, dispatched at once', async () => {
    world = await aWorld()
    await aQuietDay('dev-w2')
    await world.publish('dev-w2', { ts: world.now(), values: STEAM })
    await world.advance({ minutes: 2 })
    const [ticket, ...others] = await tickets()
    expect(others).toEqual([])
    expect(ticket).toMatchObject({
      kind: 'well_vent',
      level: 'first',
      assetId: 'w2',
      state: 'dispatched',
      department: { id: 'network-ops', rule: 'primary_in_service' },
    })
    expect(msOf(ticket?.dueAt) - msOf(ticket?.openedAt)).toBe(24 * HOUR)
    expect(msOf(ticket?.openedAt)).toBeLessThanOrEqual(world.ms('22:51:00'))
  })

  it('of the secondary network that fills with water goes to the operating department of its area', async () => {
    world = await aWorld()
    await aQuietDay('dev-sw1')
    for (const [i, level] of [0.6, 1.2, 1.75, 1.8].entries()) {
      await world.publish('dev-sw1', { ts: world.now() + i * SECOND, values: { water_level_m: level } })
      await world.advance({ minutes: 2 })
    }
    const found = await tickets()
    expect(found).toMatchObject([
      {
        kind: 'well_vent',
        level: 'first',
        assetId: 'sw1',
        department: { id: 'area-2', rule: 'secondary_side' },
      },
    ])
    expect(found[0]?.state).toBe('dispatched')
  })

  it('over which a lorry passes is no emergency', async () => {
    world = await aWorld()
    const from = world.now()
    await world.publish('dev-w1', [
      { ts: from, values: { ...QUIET, cover_tilt_deg: 21, shock_g: 2.4 } },
      { ts: from + 1500, values: { ...QUIET, cover_tilt_deg: 1, shock_g: 0.1 } },
    ])
    await world.advance({ hours: 2 })
    expect(await tickets()).toEqual([])
    expect(await world.as('dispatcher').incidents()).toEqual([])
  })

  it('with an open cover and steam is one incident with two tickets, and its badge falls with the cover', async () => {
    world = await aWorld({ start: '12:00:00' })
    await aQuietDay('dev-w2')
    await world.publish('dev-w2', { ts: world.now(), event: 'cover_open' }, 'event')
    await world.publish('dev-w2', { ts: world.now(), values: STEAM })
    await world.settle()
    const both = await tickets()
    expect(both.map(({ kind }) => kind).sort()).toEqual(['cover', 'well_vent'])
    const [incident, ...others] = await world.as('dispatcher').incidents()
    expect(others).toEqual([])
    expect(incident).toMatchObject({ level: 'special', state: 'confirmed', assetIds: ['w2'] })
    expect(new Set(incident?.ticketIds)).toEqual(new Set(both.map(({ id }) => id)))
    const cover = both.find(({ kind }) => kind === 'cover')
    const vent = both.find(({ kind }) => kind === 'well_vent')
    expect(msOf(cover?.dueAt)).toBe(world.ms('16:00:00'))
    expect(msOf(vent?.dueAt)).toBe(world.ms('2026-01-16T12:00:00'))
    expect(incident?.members.find(({ ticketId }) => ticketId === vent?.id)?.why.zh).toContain('w2')

    const [officer, crew] = [world.as('officer-network-ops'), world.as('crew-network-ops')]
    await officer.does(cover?.id ?? '', 'accept')
    await crew.does(cover?.id ?? '', 'arrive', { scene: '移位', heatAffected: false, expectedMinutes: 60 })
    await world.until('15:30:00')
    await crew.does(cover?.id ?? '', 'repair', { text: '复位' })
    const [after] = await officer.incidents()
    expect(after).toMatchObject({ id: incident?.id, level: 'first', state: 'confirmed' })
  })

  it('and another, both open: two incidents', async () => {
    world = await aWorld()
    for (const well of ['w1', 'w2']) {
      await world.publish(`dev-${well}`, { ts: world.now(), event: 'cover_open' }, 'event')
    }
    await world.settle()
    expect((await world.as('dispatcher').incidents()).map(({ assetIds }) => assetIds).sort()).toEqual([
      ['w1'],
      ['w2'],
    ])
  })
})

describe('a sensor at fault', () => {
  const wired = { signals: ['chamber_c', 'humidity_pct', 'pressure_mpa'], intervalS: 60 }
  const source = aSource('src', place(0, 0))
  const wells = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'].map((id, i) =>
    aWell(id, place(400 + 300 * i, 0), { devices: [aDevice(`rtu-${id}`, wired)] }),
  )
  const pipes = wells.map((well, i) => aPipe(`p${well.properties.id}`, wells[i - 1] ?? source, well))

  it('is maintenance and a mark on the map, never a ticket', async () => {
    world = await aWorld({ network: aFile(source, ...wells, ...pipes) })
    const wall = await world.live('wall')
    // One sensor says the same for ever, then stops; its neighbours move.
    for (let minute = 0; minute < 40; minute += 1) {
      for (const [i, well] of wells.entries()) {
        const moving = 1.1 + Math.sin(minute / 4) * 0.02 + i * 0.001
        const values = { pressure_mpa: i === 2 ? 1.1 : moving, chamber_c: 40 + Math.sin(minute + i) * 0.3 }
        if (i === 3 && minute > 10) continue
        await world.publish(`rtu-${well.properties.id}`, { ts: world.now(), values })
      }
      await world.advance({ minutes: 1 })
    }
    for (let minutes = 0; minutes < 60; minutes += 10) {
      for (const [i, well] of wells.entries()) {
        if (i === 3) continue
        const values = { pressure_mpa: i === 2 ? 1.1 : 1.1 + Math.cos(minutes) * 0.02 + i * 0.001 }
        await world.publish(`rtu-${well.properties.id}`, { ts: world.now(), values })
      }
      await world.advance({ minutes: 10 })
    }
    const stuck = await wall.next<AssetState>('asset', ({ devices }) =>
      devices.some(({ id, faults }) => id === 'rtu-w3' && faults.some(({ fault }) => fault === 'stuck')),
    )
    expect(stuck).toMatchObject({ id: 'w3', health: 'fault' })
    const silent = await wall.next<AssetState>(
      'asset',
      ({ id, health }) => id === 'w4' && health === 'silent',
    )
    expect(silent.devices[0]?.faults[0]?.fault).toBe('silence')
    expect(await tickets()).toEqual([])
  })
})

describe('a late batch', () => {
  it('that still says open counts from its arrival, and shows how long it was hidden', async () => {
    world = await aWorld({ start: '09:00:00' })
    await world.publish('dev-w1', openCover(world.ms('03:00:00'), 3))
    await world.settle()
    const [ticket] = await tickets()
    expect(msOf(ticket?.openedAt)).toBe(world.ms('09:00:00'))
    expect(msOf(ticket?.dueAt)).toBe(world.ms('13:00:00'))
    const [incident] = await world.as('wall').incidents()
    expect(msOf(incident?.eventAt)).toBe(world.ms('03:00:00'))
  })

  it('of an opening that was closed again opens nothing', async () => {
    world = await aWorld({ start: '09:00:00' })
    await world.publish('dev-w1', [
      ...openCover(world.ms('03:00:00'), 3),
      { ts: world.ms('05:00:00'), values: QUIET },
      { ts: world.ms('05:05:00'), values: QUIET },
    ])
    await world.advance({ minutes: 10 })
    expect(await tickets()).toEqual([])
  })

  it('older than a day opens nothing; the device is looked at', async () => {
    world = await aWorld({ start: '09:00:00' })
    await world.publish('dev-w1', openCover(world.ms('2026-01-14T08:00:00'), 3))
    await world.advance({ minutes: 10 })
    expect(await tickets()).toEqual([])
    const { live } = await world.as('engineer').get<{ live: AssetState }>('/assets/w1')
    expect(live.devices[0]?.faults).not.toEqual([])
  })

  it('sent three times over changes nothing', async () => {
    world = await aWorld()
    const batch = openCover(world.now() - 40_000, 3)
    for (let i = 0; i < 3; i += 1) await world.publish('dev-w1', batch)
    await world.advance({ minutes: 5 })
    for (let i = 0; i < 3; i += 1) await world.publish('dev-w1', batch)
    await world.advance({ minutes: 5 })
    expect(await tickets()).toHaveLength(1)
    expect((await world.as('wall').incidents())[0]?.members).toHaveLength(1)
  })
})

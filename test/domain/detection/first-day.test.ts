import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../server/domain/instant.ts'
import type { Network } from '../../../server/domain/network/network.ts'
import { aRowOfWells, quiet, time, Watched } from '../../support/detection-world.ts'

const T = time('09:00:00', '2025-10-25')
const INTERVAL = 5 * MINUTE

/** Says the same values at every interval, hours after `T`. */
function says(
  world: Watched,
  device: string,
  [from, to]: readonly [number, number],
  values: Record<string, number | boolean>,
): void {
  quiet(world, device, { from: T + from * HOUR, to: T + to * HOUR, everyMs: INTERVAL }, () => values)
}

/** The row of wells with one device changed. */
function aRowWith(id: string, changes: object): Network {
  const network = aRowOfWells()
  const placed = network.devices.get(id)
  if (placed === undefined) throw new Error(`no device ${id}`)
  return { ...network, devices: new Map(network.devices).set(id, { ...placed, ...changes }) }
}

describe('the first day of a chamber', () => {
  it.each([
    ['in which ground water stands', { chamber_c: 18, humidity_pct: 99, water_level_m: 0.9 }],
    ['full of ground water', { chamber_c: 12, humidity_pct: 100, water_level_m: 1.9 }],
    ['that is warm', { chamber_c: 63, humidity_pct: 60 }],
    ['that is warm and damp', { chamber_c: 63, humidity_pct: 98, water_level_m: 0.4 }],
    ['whose air is too dry for its heat: another unit', { chamber_c: 104, humidity_pct: 60 }],
  ])('%s tells nothing, then or later', (_, values) => {
    const world = new Watched()
    says(world, 'd-w1', [0, 48], values)
    expect(world.emergencies).toEqual([])
  })

  it.each([
    ['hot steam', { chamber_c: 88, humidity_pct: 100 }, 'well.steam'],
    ['hot water up to the cover', { chamber_c: 60, water_level_m: 1.9 }, 'well.gushing'],
    ['water up to the cover, of unknown temperature', { water_level_m: 1.9 }, 'well.gushing'],
  ])('tells of %s at the first look, and that nothing else is known', (_, values, rule) => {
    const world = new Watched()
    world.say('d-w1', T, values)
    world.tick(T + MINUTE)
    expect(world.emergencies).toMatchObject([{ rule }])
    if ('chamber_c' in values) expect(world.emergencies[0]?.evidence.sentence.zh).toContain('尚无基线')
  })

  it('begins in the car that brings the sensor, and is quiet', () => {
    const world = new Watched()
    says(world, 'd-w1', [0, 0.5], { chamber_c: 4, humidity_pct: 40, water_level_m: 0 })
    says(world, 'd-w1', [0.5, 24], { chamber_c: 44, humidity_pct: 99, water_level_m: 0.6 })
    expect(world.emergencies).toEqual([])
  })

  it('is over after two hours: what changes then is told', () => {
    const world = new Watched()
    says(world, 'd-w1', [0, 3], { chamber_c: 44, humidity_pct: 90, water_level_m: 0.6 })
    world.say('d-w1', T + 3 * HOUR, { chamber_c: 70, humidity_pct: 100, water_level_m: 0.8 })
    expect(world.emergencies).toMatchObject([{ rule: 'well.steam' }])
  })

  it('comes again after weeks of sleep', () => {
    const world = new Watched()
    says(world, 'd-w1', [0, 24], { chamber_c: 14, water_level_m: 0 })
    says(world, 'd-w1', [24 + 14 * 24, 24 + 15 * 24], { chamber_c: 45, water_level_m: 0.7 })
    expect(world.emergencies).toEqual([])
  })

  it('comes again where the device has been moved to', () => {
    const before = new Watched()
    says(before, 'd-w1', [0, 24], { chamber_c: 14, water_level_m: 0 })
    const moved = aRowOfWells()
    const [here, there] = [moved.devices.get('d-w1'), moved.devices.get('d-w2')]
    if (here === undefined || there === undefined) throw new Error('no such devices')
    const devices = new Map(moved.devices).set('d-w1', { ...there, id: 'd-w1' })
    const after = new Watched({ network: { ...moved, devices } })
    after.state = before.state
    says(after, 'd-w1', [24, 48], { chamber_c: 45, water_level_m: 0.7 })
    expect(after.emergencies).toEqual([])
  })
})

describe('a lid whose angle nobody registered', () => {
  const unregistered = () => new Watched({ network: aRowWith('d-w1', { installedTiltDeg: undefined }) })

  it('lies as it was first seen, on a slope too', () => {
    const world = unregistered()
    says(world, 'd-w1', [0, 24], { cover_tilt_deg: 9 })
    expect(world.emergencies).toEqual([])
    world.say('d-w1', T + DAY, { cover_tilt_deg: 21 })
    world.tick(T + DAY + 2 * MINUTE)
    expect(world.emergencies).toMatchObject([{ rule: 'cover.displaced', evidence: { baseline: 9 } }])
  })

  it('is out of place at the first look when it is steeper than any slope', () => {
    const world = unregistered()
    world.say('d-w1', T, { cover_tilt_deg: 13 })
    world.tick(T + 2 * MINUTE)
    expect(world.emergencies).toMatchObject([{ rule: 'cover.displaced' }])
  })

  it('is measured from where it lies most level', () => {
    const world = unregistered()
    says(world, 'd-w1', [0, 1], { cover_tilt_deg: 8 })
    says(world, 'd-w1', [1, 2], { cover_tilt_deg: 1 })
    expect(world.emergencies).toEqual([])
    world.say('d-w1', T + 2 * HOUR, { cover_tilt_deg: 12 })
    world.tick(T + 2 * HOUR + 2 * MINUTE)
    expect(world.emergencies).toMatchObject([{ rule: 'cover.displaced' }])
  })
})

describe('a station before the season', () => {
  it('whose secondary side is empty and cold tells nothing, nor while it is being filled', () => {
    const world = new Watched()
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      const filled = Math.min(0.3, minute / 4000)
      world.say('d-hes', T + minute * MINUTE, { secondary_return_mpa: filled, secondary_supply_c: 15 })
    }
    expect(world.emergencies).toEqual([])
  })

  it('that heats without pressure is told at the first look', () => {
    const world = new Watched()
    world.say('d-hes', T, { secondary_return_mpa: 0.03, secondary_supply_c: 50 })
    world.tick(T + 5 * MINUTE + SECOND)
    expect(world.emergencies).toMatchObject([{ rule: 'station.pressure' }])
  })
})

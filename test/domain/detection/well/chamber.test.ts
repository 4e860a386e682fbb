import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../server/domain/instant.ts'
import type { PlacedDevice } from '../../../../server/domain/network/network.ts'
import { aRowOfWells, quiet, time, Watched } from '../../../support/detection-world.ts'

const T = time('03:00:00')

function warmWell(
  deviceId = 'd-w1',
  values = { chamber_c: 40, humidity_pct: 60, water_level_m: 0 },
): Watched {
  const world = new Watched()
  quiet(world, deviceId, { from: T - DAY, to: T, everyMs: 5 * MINUTE }, (at) => ({
    ...values,
    chamber_c: values.chamber_c + ((at / MINUTE) % 3) * 0.1,
  }))
  return world
}

describe('a chamber with a baseline', () => {
  it('raises steam within the same message when temperature and humidity agree', () => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: 88, humidity_pct: 100 })
    expect(world.emergencies[0]).toMatchObject({
      rule: 'well.steam',
      ticketKind: 'well_vent',
      at: T,
      logOdds: 3,
    })
    expect(world.emergencies[0]?.evidence).toMatchObject({ statistic: 'chamber_rise_k', observed: 88 })
  })

  it.each([
    [48.5, 'well.suspect'],
    [60, 'well.steam'],
  ])('of %f °C alone is held for a minute and then is %s', (chamber, rule) => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: chamber })
    expect(world.emergencies).toHaveLength(0)
    world.tick(T + MINUTE)
    expect(world.emergencies[0]).toMatchObject({ rule, at: T + MINUTE })
  })

  it('of 8 K above normal and no more is nothing when it came slowly', () => {
    const world = warmWell()
    for (let n = 1; n <= 40; n += 1) world.say('d-w1', T + n * 5 * MINUTE, { chamber_c: 40 + n * 0.19 })
    world.tick(T + 6 * HOUR)
    expect(world.emergencies).toHaveLength(0)
  })

  it('rising by more than 4 K in a quarter of an hour is suspected', () => {
    const world = warmWell()
    world.say('d-w1', T + 5 * MINUTE, { chamber_c: 44.5 })
    world.tick(T + 6 * MINUTE)
    expect(world.emergencies[0]).toMatchObject({ rule: 'well.suspect' })
  })

  it.each([
    [99, 43.5, 1],
    [97, 43.5, 0],
    [99, 42.9, 0],
  ])('with humidity %i %% at %f °C raises %i', (humidity, chamber, count) => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: chamber, humidity_pct: humidity })
    world.tick(T + 2 * MINUTE)
    expect(world.emergencies).toHaveLength(count)
  })

  it('does not believe a humidity that is always 100 %', () => {
    const world = warmWell('d-w1', { chamber_c: 40, humidity_pct: 100, water_level_m: 0 })
    world.say('d-w1', T, { chamber_c: 43.5, humidity_pct: 100 })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })

  it.each([
    [0.1, undefined],
    [0.11, 'well.suspect'],
    [1.6, 'well.suspect'],
    [1.61, 'well.gushing'],
  ])('with %f m of water is %s (2 m deep)', (level, rule) => {
    const world = warmWell()
    world.say('d-w1', T, { water_level_m: level })
    world.tick(T + 2 * MINUTE)
    expect(world.emergencies[0]?.rule).toBe(rule)
  })

  it('grows from suspected to steam in one finding', () => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: 50, humidity_pct: 99 })
    world.say('d-w1', T + 5 * MINUTE, { chamber_c: 70, humidity_pct: 100 })
    const [first, second] = world.emergencies
    expect(first?.rule).toBe('well.suspect')
    expect(second).toMatchObject({ id: first?.id, phase: 'updated', rule: 'well.steam', logOdds: 3 })
  })

  it('never takes a leak for normal while it lasts', () => {
    const world = warmWell()
    for (let n = 0; n < 12 * 48; n += 1)
      world.say('d-w1', T + n * 5 * MINUTE, { chamber_c: 62, humidity_pct: 100 })
    expect(world.emergencies.map((finding) => finding.phase)).toEqual(['raised'])
  })

  it('clears after a quarter of an hour of normal readings', () => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: 88, humidity_pct: 100 })
    world.say('d-w1', T + HOUR, { chamber_c: 41, humidity_pct: 70 })
    world.tick(T + HOUR + 15 * MINUTE)
    expect(world.emergencies[1]).toMatchObject({ phase: 'cleared', at: T + HOUR + 15 * MINUTE })
  })

  /** Seven wells that warm up together by 18 K within six hours, w1 in a zone of that name. */
  function aWarmSpell(zone?: string): Watched {
    const network = aRowOfWells(60, 7)
    const devices = new Map(
      [...network.devices].map(([id, placed]): [string, PlacedDevice] => [
        id,
        id === 'd-w1' && zone !== undefined ? { ...placed, asset: { ...placed.asset, zone } } : placed,
      ]),
    )
    const world = new Watched({ network: { ...network, devices } })
    const wells = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7']
    for (let at = T - DAY; at < T; at += 15 * MINUTE)
      for (const well of wells) world.say(`d-${well}`, at, { chamber_c: 20 })
    for (let n = 0; n < 24; n += 1)
      for (const well of wells) world.say(`d-${well}`, T + n * 15 * MINUTE, { chamber_c: 20 + n * 0.8 })
    return world
  }

  it('a warm spell of the whole network is no leak', () => {
    expect(aWarmSpell().emergencies).toHaveLength(0)
  })

  it('a warm spell of another zone excuses none', () => {
    const { emergencies } = aWarmSpell('2')
    expect(new Set(emergencies.map(({ deviceId }) => deviceId))).toEqual(new Set(['d-w1']))
  })
})

describe('a chamber without a baseline', () => {
  it('is judged by absolute limits and says so', () => {
    const world = new Watched()
    world.say('d-w1', T, { chamber_c: 88, humidity_pct: 100 })
    expect(world.emergencies[0]).toMatchObject({ rule: 'well.steam', at: T })
    expect(world.emergencies[0]?.evidence.sentence.zh).toContain('尚无基线')
  })

  it('of 50 °C is nothing', () => {
    const world = new Watched()
    world.say('d-w1', T, { chamber_c: 50, humidity_pct: 80 })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })
})

describe('a sensor fault', () => {
  it.each([-39.9, 150, -40, 151, -46])('of %f °C once is nothing', (value) => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: value, humidity_pct: 60 })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })

  it('of a channel that has jumped and come back waits for the next sample', () => {
    const jumped = (): Watched => {
      const world = warmWell()
      world.say('d-w1', T, { chamber_c: 66, humidity_pct: 60 })
      world.say('d-w1', T + 30 * SECOND, { chamber_c: 40, humidity_pct: 60 })
      world.say('d-w1', T + HOUR, { chamber_c: 66, humidity_pct: 60 })
      world.tick(T + HOUR + 2 * MINUTE)
      return world
    }
    expect(jumped().emergencies).toHaveLength(0)
    const again = jumped()
    again.say('d-w1', T + HOUR + 5 * MINUTE, { chamber_c: 67, humidity_pct: 60 })
    again.tick(T + HOUR + 7 * MINUTE)
    expect(again.emergencies[0]).toMatchObject({ rule: 'well.steam' })
    const moist = jumped()
    moist.say('d-w1', T + 2 * HOUR, { chamber_c: 40, humidity_pct: 60 })
    moist.say('d-w1', T + 3 * HOUR, { chamber_c: 66, humidity_pct: 99 })
    expect(moist.emergencies[0]).toMatchObject({ rule: 'well.steam', at: T + 3 * HOUR })
  })

  it('a single absurd spike between normal values is nothing', () => {
    const world = warmWell()
    world.say('d-w1', T, { chamber_c: 120, humidity_pct: 60 })
    world.say('d-w1', T + 10 * SECOND, { chamber_c: 40, humidity_pct: 60 })
    world.tick(T + HOUR)
    expect(world.emergencies).toHaveLength(0)
  })
})

describe('a secondary well', () => {
  it('never steams, but floods', () => {
    const world = new Watched()
    const before = { from: T - DAY, to: T, everyMs: 15 * MINUTE }
    quiet(world, 'd-sw', before, () => ({ water_level_m: 0 }))
    world.say('d-sw', T, { water_level_m: 0.5 })
    world.tick(T + MINUTE)
    expect(world.emergencies[0]).toMatchObject({
      rule: 'well.suspect',
      ticketKind: 'well_vent',
      assetId: 'sw',
    })
  })
})

describe('water reported by the device', () => {
  it('confirms at once', () => {
    const world = new Watched()
    world.alarm('d-w1', 'water', T, T)
    expect(world.emergencies[0]).toMatchObject({ rule: 'well.water', logOdds: 5, at: T })
  })
})

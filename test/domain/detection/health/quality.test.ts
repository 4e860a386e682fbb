import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../../../../server/domain/instant.ts'
import { resume } from '../../../../server/domain/detection/tick.ts'
import { aRowOfWells, quiet, time, Watched } from '../../../support/detection-world.ts'

const T = time('08:00:00')

function steady(signal: string, value: number, wobble: number): Watched {
  const world = new Watched()
  quiet(world, 'd-w1', { from: T - 6 * HOUR, to: T, everyMs: MINUTE }, (at) => ({
    [signal]: value + (((at / MINUTE) % 3) - 1) * wobble,
  }))
  return world
}

const say = (world: Watched, signal: string, values: readonly number[]): void => {
  for (const [n, value] of values.entries()) world.say('d-w1', T + n * MINUTE, { [signal]: value })
}

describe('a reading out of order', () => {
  it.each([
    ['pressure_mpa', 0.6, [4.1, 4.1, 4.1], 'range'],
    ['pressure_mpa', 0.6, [0, 0, 0], 'range'],
    ['chamber_c', 40, [-39.9, -39.9, -39.9], 'range'],
    ['chamber_c', 40, [-46, -46, -46], 'range'],
    ['chamber_c', 40, [150, 150, 150], 'range'],
    ['pressure_mpa', 0.6, [6, 6, 6], 'unit'],
    ['pressure_mpa', 0.6, [600, 600, 600], 'unit'],
  ])('%s %f then %o is a %s fault, raised at the third', (signal, normal, values, fault) => {
    const world = steady(signal, normal, 0.001)
    say(world, signal, values.slice(0, 2))
    expect(world.faults).toHaveLength(0)
    say(world, signal, values)
    expect(world.faults).toMatchObject([{ fault, signal, deviceId: 'd-w1', phase: 'raised' }])
  })

  it('is taken back after three good ones', () => {
    const world = steady('pressure_mpa', 0.6, 0.001)
    say(world, 'pressure_mpa', [6, 6, 6, 0.6, 0.6])
    expect(world.faults).toHaveLength(1)
    say(world, 'pressure_mpa', [6, 6, 6, 0.6, 0.6, 0.6])
    expect(world.faults[1]).toMatchObject({ phase: 'cleared', id: world.faults[0]?.id })
  })

  it('a tenth of the pressure may be a burst: it is not taken for another unit', () => {
    const world = steady('pressure_mpa', 0.6, 0.001)
    say(world, 'pressure_mpa', [0.06, 0.06, 0.06, 0.06])
    expect(world.faults).toHaveLength(0)
  })

  it('does not enter the baseline', () => {
    const world = steady('pressure_mpa', 0.6, 0.001)
    say(
      world,
      'pressure_mpa',
      Array.from({ length: 600 }, () => 6),
    )
    expect(world.state.devices['d-w1']?.series['pressure_mpa']?.buckets?.median).toBeCloseTo(0.6, 2)
  })
})

describe('spikes', () => {
  it('three within a day are a fault', () => {
    const world = steady('pressure_mpa', 0.6, 0.001)
    for (let n = 0; n < 60; n += 1)
      world.say('d-w1', T + n * MINUTE, { pressure_mpa: n % 20 === 10 ? 0.9 : 0.6 })
    expect(world.faults).toMatchObject([{ fault: 'spike' }])
  })

  it('a step is no spike', () => {
    const world = steady('pressure_mpa', 0.6, 0.001)
    for (let n = 0; n < 60; n += 1)
      world.say('d-w1', T + n * MINUTE, { pressure_mpa: n < 20 ? 0.6 : n < 40 ? 0.8 : 0.5 })
    expect(world.faults).toHaveLength(0)
  })
})

describe('a stuck sensor', () => {
  function row(stuckFor: number, moving: number): Watched {
    const world = new Watched()
    for (let n = 0; n < 48; n += 1) {
      const at = T + n * 15 * MINUTE
      for (let w = 1; w <= moving; w += 1) world.say(`d-w${w}`, at, { pressure_mpa: 0.6 + (n % 12) * 0.002 })
      world.say('d-w6', at, { pressure_mpa: n < stuckFor ? 0.6 : 0.6 + (n % 2) * 0.002 })
    }
    return world
  }

  it('is named when twelve equal values stand beside three neighbours that moved', () => {
    expect(row(12, 3).faults).toMatchObject([{ fault: 'stuck', deviceId: 'd-w6' }, { phase: 'cleared' }])
  })

  it.each([
    [11, 3],
    [12, 2],
  ])('is not named after %i values beside %i moving neighbours', (stuckFor, moving) => {
    expect(row(stuckFor, moving).faults).toHaveLength(0)
  })
})

describe('a humidity sensor that stays wet', () => {
  function chambers(wet: number, dry: number, values: number): Watched {
    const world = new Watched()
    for (let n = 0; n < values; n += 1) {
      const at = T + n * 15 * MINUTE
      for (let w = 1; w <= dry; w += 1) world.say(`d-w${w}`, at, { humidity_pct: 70 + (n % 2) })
      world.say('d-w6', at, { humidity_pct: wet, chamber_c: 31 + (n % 3) * 0.1 })
    }
    return world
  }

  it('is named after twelve readings at 100 % among dry neighbours', () => {
    const [first] = chambers(100, 3, 14).faults
    expect(first).toMatchObject({ fault: 'stuck', deviceId: 'd-w6', evidence: { value: 12 } })
    expect(first?.evidence.sentence.zh).toContain('凝露')
  })

  it.each([
    ['below the end of its range', 99, 3, 14],
    ['beside two neighbours only', 100, 2, 14],
    ['for eleven readings', 100, 3, 11],
  ])('is not named %s', (_, wet, dry, values) => {
    expect(chambers(wet, dry, values).faults).toHaveLength(0)
  })
})

describe('silence', () => {
  it('is raised after three intervals or an hour, and taken back at the first word', () => {
    const world = new Watched()
    world.say('d-w1', T, { pressure_mpa: 0.6 })
    world.tick(T + HOUR + 2 * MINUTE - 1)
    expect(world.faults).toHaveLength(0)
    world.tick(T + HOUR + 2 * MINUTE)
    expect(world.faults).toMatchObject([{ fault: 'silence', deviceId: 'd-w1', eventAt: T }])
    world.say('d-w1', T + 2 * HOUR, { pressure_mpa: 0.6 })
    expect(world.faults[1]).toMatchObject({ phase: 'cleared', at: T + 2 * HOUR })
  })

  it('of a battery device is a fault only once it has been away for longer than radio is', () => {
    const file = aRowOfWells()
    const placed = file.devices.get('d-w1')
    if (placed === undefined) throw new Error('no device')
    const devices = new Map(file.devices).set('d-w1', { ...placed, power: 'battery' })
    const world = new Watched({ network: { ...file, devices } })
    world.say('d-w1', T, { pressure_mpa: 0.6 })
    world.tick(T + 8 * HOUR - 1)
    expect(world.faults).toHaveLength(0)
    world.tick(T + 8 * HOUR)
    expect(world.faults).toMatchObject([{ fault: 'silence', deviceId: 'd-w1', eventAt: T }])
    world.say('d-w1', T + 9 * HOUR, { pressure_mpa: 0.6 })
    world.tick(T + 16 * HOUR)
    expect(world.faults).toHaveLength(2)
  })

  it('of many devices at once is one outage, not many faults', () => {
    const world = new Watched()
    for (let w = 1; w <= 6; w += 1) world.say(`d-w${w}`, T + w * SECOND, { pressure_mpa: 0.6 })
    world.tick(T + 2 * HOUR)
    expect(world.faults).toMatchObject([
      { evidence: { rule: 'silence.outage', value: 6 }, deviceIds: expect.any(Array) },
    ])
    for (let w = 1; w <= 3; w += 1) world.say(`d-w${w}`, T + 3 * HOUR, { pressure_mpa: 0.6 })
    const [, cleared, ...single] = world.faults
    expect(cleared).toMatchObject({ phase: 'cleared', id: world.faults[0]?.id })
    expect(single.map((fault) => fault.deviceId).sort()).toEqual(['d-w4', 'd-w5', 'd-w6'])
  })

  it('is not counted from before the server came back', () => {
    const world = new Watched()
    world.say('d-w1', T, { pressure_mpa: 0.6 })
    resume(world.state, T + 5 * HOUR)
    world.tick(T + 6 * HOUR + MINUTE)
    expect(world.faults).toHaveLength(0)
    world.tick(T + 6 * HOUR + 2 * MINUTE)
    expect(world.faults).toHaveLength(1)
  })

  it('of a mute device means nothing', () => {
    const world = new Watched({ isMute: () => true })
    world.say('d-w1', T, { pressure_mpa: 0.6 })
    world.tick(T + DAY)
    expect(world.faults).toHaveLength(0)
  })
})

describe('a battery', () => {
  it('is low below its limit, and by the device alarm', () => {
    const world = new Watched()
    world.say('d-w1', T, { battery_v: 3.2 })
    expect(world.faults).toHaveLength(0)
    world.say('d-w1', T + MINUTE, { battery_v: 3.1 })
    world.say('d-w1', T + 2 * MINUTE, { battery_v: 3.1 })
    expect(world.faults).toMatchObject([{ fault: 'battery', evidence: { rule: 'battery.low' } }])
    world.alarm('d-w2', 'battery_low', T, T)
    expect(world.faults[1]).toMatchObject({ fault: 'battery', deviceId: 'd-w2' })
  })

  it.each([
    [0.012, 1],
    [0.005, 0],
  ])('that loses %f V a day from 3.6 V gives %i forecasts within two weeks', (perDay, count) => {
    const world = new Watched({ isMute: () => true })
    for (let day = 0; day < 14; day += 1) world.say('d-w1', T + day * DAY, { battery_v: 3.6 - day * perDay })
    expect(world.faults.filter((fault) => fault.fault === 'battery')).toHaveLength(count)
  })
})

describe('a clock', () => {
  it('eight hours fast is named, and its readings keep their real times', () => {
    const world = new Watched()
    for (let n = 0; n < 12; n += 1)
      world.say('d-w1', T + n * MINUTE + 8 * HOUR, { pressure_mpa: 0.6 }, T + n * MINUTE)
    expect(world.faults).toMatchObject([{ fault: 'skew' }])
    expect(world.state.devices['d-w1']?.series['pressure_mpa']?.at).toBe(T + 11 * MINUTE)
  })

  it('in the future by more than five minutes does not delay a cover', () => {
    const world = new Watched()
    const ahead = (at: Instant): Instant => at + DAY
    world.say('d-w1', ahead(T), { cover_open: true }, T)
    world.tick(T + 30 * SECOND)
    expect(world.emergencies).toMatchObject([{ at: T + 30 * SECOND, eventAt: T }])
  })
})

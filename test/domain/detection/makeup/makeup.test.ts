import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, type Instant } from '../../../../server/domain/instant.ts'
import { aRowOfWells, time, Watched } from '../../../support/detection-world.ts'

const START = time('00:00:00', '2026-01-10')
const WELLS = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8']

/** A reproducible number in [−1, 1) for a name and an instant. */
function noise(name: string, at: Instant): number {
  let hash = 2166136261
  for (const char of `${name} ${at}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  return ((hash >>> 0) / 2 ** 32) * 2 - 1
}

interface Plant {
  readonly makeup?: (at: Instant) => number
  readonly supplyC?: (at: Instant) => number
  readonly dropKpa?: (well: string, at: Instant) => number
}

function run(world: Watched, from: Instant, to: Instant, plant: Plant): void {
  const { makeup = () => 8, supplyC = () => 110, dropKpa = () => 0 } = plant
  for (let at = from; at < to; at += 5 * MINUTE) {
    for (const well of WELLS) {
      world.say(`d-${well}`, at, { pressure_mpa: 0.7 + noise(well, at) * 0.001 - dropKpa(well, at) / 1000 })
    }
    world.say('d-s', at, {
      makeup_flow_t_h: makeup(at) + noise('s', at) * 0.5,
      primary_supply_c: supplyC(at),
      primary_return_c: supplyC(at) - 50,
      primary_supply_mpa: 0.9 - dropKpa('s', at) / 1000,
    })
  }
}

const aPlant = (): Watched => new Watched({ network: aRowOfWells(60, 8) })
const leaks = (world: Watched) => world.emergencies.filter((finding) => finding.family === 'leak')
/** By then the make-up's answer to the temperatures counts as learnt. */
const QUIET_DAYS = START + 5 * DAY

describe('make-up water', () => {
  it('is nothing on quiet days, with its daily course', () => {
    const world = aPlant()
    run(world, START, START + 6 * DAY, { makeup: (at) => 8 + Math.sin((2 * Math.PI * at) / DAY) })
    expect(world.findings).toEqual([])
  })

  it.each([
    [60, 60],
    [50, 60],
    [44, 180],
    [20, 300],
    [5, 360],
  ])(
    'a loss of %i t/h is seen within %i minutes by itself alone, not located, in the gate',
    (loss, minutes) => {
      const world = aPlant()
      run(world, START, QUIET_DAYS, {})
      run(world, QUIET_DAYS, QUIET_DAYS + 7 * HOUR, { makeup: () => 8 + loss })
      const [finding] = leaks(world)
      expect(finding).toMatchObject({
        rule: 'leak.makeup',
        ticketKind: 'primary_leak',
        located: false,
        candidates: [],
        logOdds: 2,
      })
      expect((finding?.at ?? Infinity) - QUIET_DAYS).toBeLessThanOrEqual(minutes * MINUTE)
      expect(Math.abs((finding?.eventAt ?? 0) - QUIET_DAYS)).toBeLessThanOrEqual(30 * MINUTE)
      expect(finding?.assetId).toBeUndefined()
    },
  )

  it('of a cooling network is explained by the cooling', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    // 4 km of DN500 pairs hold about 1,571 m³; 10 K/h at 85 °C draw about 10 t/h.
    const cool = (at: Instant) => 110 - ((at - QUIET_DAYS) / HOUR) * 10
    run(world, QUIET_DAYS, QUIET_DAYS + 3 * HOUR, { makeup: () => 8 + 10, supplyC: cool })
    expect(leaks(world)).toEqual([])
  })

  it('the same draw without cooling is a loss, and says what the water did', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 6 * HOUR, { makeup: () => 8 + 10 })
    expect(leaks(world)).toHaveLength(1)
    expect(leaks(world)[0]?.evidence.sentence.zh).toMatch(/已扣除水温收缩 -?0 t\/h/)
    expect(leaks(world)[0]?.evidence.rejected?.[0]?.zh).toContain('水温收缩')
  })

  it('is never learnt while it lasts, also over a restart, and clears when it is back', () => {
    let world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 6 * HOUR, { makeup: () => 28 })
    expect(leaks(world)).toHaveLength(1)
    const saved = JSON.stringify(world.state)
    world = aPlant()
    world.state = JSON.parse(saved)
    run(world, QUIET_DAYS + 6 * HOUR, QUIET_DAYS + 5 * DAY, { makeup: () => 28 })
    expect(world.emergencies).toEqual([])
    run(world, QUIET_DAYS + 5 * DAY, QUIET_DAYS + 5 * DAY + 3 * HOUR, {})
    expect(leaks(world).map((finding) => finding.phase)).toEqual(['cleared'])
  })

  it('without a baseline is judged by an absolute limit, and says so', () => {
    const world = aPlant()
    run(world, START, START + 2 * HOUR, { makeup: () => 200 })
    expect(leaks(world)[0]?.evidence.sentence.zh).toContain('尚无基线')
  })

  it('counts its quarter hours from its own first reading', () => {
    const world = aPlant()
    const shifted = START + 7 * MINUTE
    run(world, shifted, shifted + 2 * DAY, {})
    run(world, shifted + 2 * DAY, shifted + 2 * DAY + 4 * HOUR, { makeup: () => 60 })
    expect(((leaks(world)[0]?.eventAt ?? 0) - shifted) % (15 * MINUTE)).toBe(0)
  })
})

describe('pressures', () => {
  const dip = (well: string): number => ({ w6: 12, w7: 14, w8: 13 })[well] ?? 0

  it('beside lost water locate the leak: candidates along the pipes, shares of one', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 3 * HOUR, { makeup: () => 58, dropKpa: dip })
    expect(
      leaks(world)
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(['leak.makeup', 'leak.pressure'])
    const located = leaks(world).find(({ rule }) => rule === 'leak.pressure')
    expect(located).toMatchObject({ rule: 'leak.pressure', located: true, logOdds: 1 })
    expect(located?.candidates[0]?.assetId).toBe('w7')
    expect(located?.candidates.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1)
    expect(located?.candidates.length).toBeLessThanOrEqual(10)
    expect(located?.evidence.assets.slice().sort()).toEqual(['w6', 'w7', 'w8'])
  })

  it('alone are suspected after two evaluations', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 3 * HOUR, { dropKpa: dip })
    expect(leaks(world)).toMatchObject([{ rule: 'leak.pressure', logOdds: 1 }])
  })

  it('that all drop with the source are an operation', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 3 * HOUR, { dropKpa: () => 40 })
    expect(leaks(world)).toEqual([])
  })

  it('of one sensor among neighbours that stay are no leak', () => {
    const world = aPlant()
    run(world, START, QUIET_DAYS, {})
    run(world, QUIET_DAYS, QUIET_DAYS + 6 * HOUR, { dropKpa: (well) => (well === 'w4' ? 30 : 0) })
    expect(leaks(world)).toEqual([])
  })
})

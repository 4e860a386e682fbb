import { describe, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import { detectionAccount } from '../../../../server/domain/detection/account.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../../../server/domain/instant.ts'
import { buildNetwork } from '../../../../server/domain/network/build.ts'
import { time, Watched } from '../../../support/detection-world.ts'

const START = time('00:00:00', '2026-01-10')
/** The make-up's answer to the temperatures counts as learnt. */
const LEARNT = START + 5 * DAY
const STATIONS = ['h1', 'h2', 'h3', 'h4']
const SHARE_TH = 100

/** Sources in a row with four stations between them, every flow of the supply measured. */
function aTown(sources: readonly string[]): NetworkFile {
  const ids = [...sources.slice(0, 1), ...STATIONS, ...sources.slice(1)]
  const at = (n: number): [number, number] => [106.8 + n / 200, 39.65]
  const signals = [
    'makeup_flow_t_h',
    'primary_flow_t_h',
    'primary_supply_c',
    'primary_return_c',
    'primary_return_mpa',
  ]
  return {
    type: 'FeatureCollection',
    features: [
      ...ids.map((id, n) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: at(n) },
        properties: {
          id,
          name: id,
          network: 'primary',
          kind: sources.includes(id) ? 'source' : 'station',
          ...(sources.includes(id) ? {} : { nominalFlowTh: SHARE_TH }),
          devices: [
            { id: `d-${id}`, signals: sources.includes(id) ? signals : ['primary_flow_t_h'], intervalS: 300 },
          ],
        },
      })),
      ...ids
        .slice(1)
        .map((to, n) => ({
          type: 'Feature',
          geometry: { type: 'LineString', coordinates: [at(n), at(n + 1)] },
          properties: {
            kind: 'pipe',
            id: `p${n}`,
            from: ids[n],
            to,
            network: 'primary',
            class: 'trunk',
            lengthM: 500,
            diameterMm: 500,
          },
        })),
    ],
  } as NetworkFile
}

/** A reproducible number in [−1, 1) for a name and an instant. */
function noise(name: string, at: Instant): number {
  let hash = 2166136261
  for (const char of `${name} ${at}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  return ((hash >>> 0) / 2 ** 32) * 2 - 1
}

interface Course {
  /** Above 8 t/h, by source. */
  readonly makeup?: (source: string, at: Instant) => number
  /** What leaves on the supply between the meters [t/h]. */
  readonly lost?: (at: Instant) => number
  readonly supplyC?: (at: Instant) => number
  /** Above 350 kPa. */
  readonly holdingKpa?: (at: Instant) => number
}

function run(
  world: Watched,
  sources: readonly string[],
  [from, to]: readonly [number, number],
  course: Course,
) {
  const { makeup = () => 0, lost = () => 0, supplyC = () => 100, holdingKpa = () => 0 } = course
  for (let at = from; at < to; at += 5 * MINUTE) {
    const taken = STATIONS.map((id) => {
      const flow = SHARE_TH * (1 + 0.1 * Math.sin((2 * Math.PI * at) / DAY)) + noise(id, at) * 0.5
      world.say(`d-${id}`, at, { primary_flow_t_h: flow })
      return flow
    })
    const sent = taken.reduce((sum, flow) => sum + flow, lost(at)) / sources.length
    for (const id of sources) {
      world.say(`d-${id}`, at, {
        makeup_flow_t_h: 8 + makeup(id, at) + noise(id, at) * 0.5,
        primary_flow_t_h: sent + noise(`flow ${id}`, at) * 0.5,
        primary_supply_c: supplyC(at),
        primary_return_c: supplyC(at) - 50,
        primary_return_mpa: (350 + holdingKpa(at) + noise(`hold ${id}`, at)) / 1000,
      })
    }
  }
}

function aWorld(sources: readonly string[]): Watched {
  return new Watched({ network: buildNetwork(aTown(sources), 1) })
}
const leaks = (world: Watched) => world.emergencies.filter(({ family }) => family === 'leak')
const limitsOf = ({ state, context }: Watched) =>
  detectionAccount({ state, context }).zones.flatMap(({ limits }) => limits.map(({ en }) => en))

describe('an alarm of the make-up', () => {
  const ONE = ['s1']
  const learnt = (): Watched => {
    const world = aWorld(ONE)
    run(world, ONE, [START, LEARNT], {})
    return world
  }

  it('is said at once where the source sends more than its stations take', () => {
    const world = learnt()
    run(world, ONE, [LEARNT, LEARNT + 2 * HOUR], { makeup: () => 8, lost: () => 8 })
    expect(leaks(world)).toMatchObject([{ rule: 'leak.makeup', phase: 'raised' }])
    expect((leaks(world)[0]?.at ?? Infinity) - LEARNT).toBeLessThanOrEqual(75 * MINUTE)
    expect(
      leaks(world)[0]
        ?.evidence.rejected?.map(({ en }) => en)
        .join(),
    ).toContain('more than the stations')
  })

  it('of a filling that ends within hours is never said, and is no secret while it waits', () => {
    const world = learnt()
    const filling = (at: Instant) => (at < LEARNT + 2.5 * HOUR ? 25 : 0)
    run(world, ONE, [LEARNT, LEARNT + 2 * HOUR], { makeup: (_, at) => filling(at) })
    expect(limitsOf(world).join()).toMatch(/draws 2\d(\.\d)? t\/h too much and waits .*it may be a filling/)
    run(world, ONE, [LEARNT + 2 * HOUR, LEARNT + DAY], { makeup: (_, at) => filling(at) })
    expect(leaks(world)).toEqual([])
    expect(limitsOf(world).join()).not.toContain('waits')
  })

  it('that does not end is said after the hours of a filling, and is seen again after one', () => {
    const world = learnt()
    const drawn = (at: Instant) => (at < LEARNT + 2 * HOUR || at > LEARNT + DAY ? 10 : 0)
    run(world, ONE, [LEARNT, LEARNT + DAY + 6 * HOUR], { makeup: (_, at) => drawn(at) })
    expect(leaks(world)).toHaveLength(1)
    const late = (leaks(world)[0]?.at ?? 0) - LEARNT - DAY
    expect(late).toBeGreaterThan(4 * HOUR)
    expect(late).toBeLessThan(6 * HOUR)
    expect(
      leaks(world)[0]
        ?.evidence.rejected?.map(({ en }) => en)
        .join(),
    ).toContain('not ended by itself')
  })

  it('is said at once where the holding pressure falls, which a filling lifts', () => {
    for (const [change, found] of [
      [-12, 1],
      [12, 0],
    ] as const) {
      const world = learnt()
      const drawn = { makeup: () => 12, holdingKpa: (at: Instant) => (at > LEARNT ? change : 0) }
      run(world, ONE, [LEARNT, LEARNT + 2 * HOUR], drawn)
      expect(leaks(world)).toHaveLength(found)
    }
  })

  it('waits the shorter the more water is drawn meanwhile', () => {
    const world = learnt()
    run(world, ONE, [LEARNT, LEARNT + 6 * HOUR], { makeup: () => 40 })
    const late = (leaks(world)[0]?.at ?? Infinity) - LEARNT
    expect(late).toBeGreaterThan(2.5 * HOUR)
    expect(late).toBeLessThan(3.5 * HOUR)
  })

  it('that cannot be a filling for its size does not wait', () => {
    const world = learnt()
    run(world, ONE, [LEARNT, LEARNT + HOUR], { makeup: () => 80 })
    expect(leaks(world)).toHaveLength(1)
  })

  it('waits longer while the answer to the temperatures is being learnt, which it says', () => {
    const world = aWorld(ONE)
    const began = START + DAY
    run(world, ONE, [START, began + 11 * HOUR], { makeup: (_, at) => (at < began ? 0 : 8) })
    expect(leaks(world)).toEqual([])
    expect(limitsOf(world).join()).toContain('still being learnt')
    run(world, ONE, [began + 11 * HOUR, began + 15 * HOUR], { makeup: () => 8 })
    expect(leaks(world)).toHaveLength(1)
  })
})

describe('two sources of one network', () => {
  const TWO = ['s1', 's2']
  const learnt = (): Watched => {
    const world = aWorld(TWO)
    run(world, TWO, [START, LEARNT], {})
    return world
  }

  it('that hand make-up to one another lose no water', () => {
    const world = learnt()
    run(world, TWO, [LEARNT, LEARNT + DAY], { makeup: (id) => (id === 's1' ? 6 : -6) })
    expect(leaks(world)).toEqual([])
  })

  it('share what a leak draws: one finding, from the sum', () => {
    const world = learnt()
    run(world, TWO, [LEARNT, LEARNT + 3 * HOUR], { makeup: () => 4, lost: () => 8 })
    expect(leaks(world)).toMatchObject([{ rule: 'leak.makeup' }])
    expect(leaks(world)[0]?.at).toBeLessThan(LEARNT + 2 * HOUR)
  })

  it('share the water that shrinks in the cold', () => {
    const world = learnt()
    // 2.5 km of DN500 pairs hold 982 m³: 12 K/h at 75 °C draw about 7 t/h.
    const supplyC = (at: Instant) => 100 - ((at - LEARNT) / HOUR) * 12
    run(world, TWO, [LEARNT, LEARNT + 4 * HOUR], { makeup: () => 3.5, supplyC })
    expect(leaks(world)).toEqual([])
  })
})

describe('a leak that grows slowly', () => {
  const ONE = ['s1']

  it('is seen in the means of whole days', () => {
    const world = aWorld(ONE)
    run(world, ONE, [START, START + 34 * DAY], {
      makeup: (_, at) => Math.max(0, (at - START - 10 * DAY) / DAY) * 0.15,
    })
    expect(leaks(world)).toHaveLength(1)
    expect(leaks(world)[0]).toMatchObject({ rule: 'leak.makeup', located: false })
    expect(leaks(world)[0]?.evidence).toMatchObject({ statistic: 'z', windowS: 86_400 })
  })

  it('is not what one filled day makes', () => {
    const world = aWorld(ONE)
    const filled = START + 12 * DAY
    run(world, ONE, [START, START + 16 * DAY], {
      makeup: (_, at) => (at >= filled && at < filled + 2.5 * HOUR ? 22 : 0),
    })
    expect(leaks(world)).toEqual([])
  })

  it('is not said where no two days in a row are known', () => {
    const world = aWorld(ONE)
    const makeup = (_: string, at: Instant) => Math.max(0, (at - START - 10 * DAY) / DAY) * 0.15
    run(world, ONE, [START, START + 10 * DAY], { makeup })
    for (let day = 10; day < 34; day += 2) {
      run(world, ONE, [START + day * DAY, START + (day + 1) * DAY], { makeup })
    }
    expect(leaks(world).filter(({ id }) => id.startsWith('makeup-slow:'))).toEqual([])
  })
})

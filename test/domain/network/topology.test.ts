import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { POINT_KINDS } from '#contract/vocabulary.ts'
import type { NetworkFile, PointFeature } from '#contract/network.ts'
import { downstream, originOf, upstream } from '../../../server/domain/network/flow.ts'
import {
  hopsBetween,
  metresBetween,
  metresToInstrumentedWell,
  neighbours,
} from '../../../server/domain/network/topology.ts'
import { stationOf, zoneOf } from '../../../server/domain/network/zone.ts'
import { aDevice, aNetwork, aPipe, aSource, aStation, aValve, aWell, place } from '../../support/networks.ts'

const H = aSource('H', place(0, 0))
const A = aWell('A', place(1000, 0), { devices: [aDevice('dev-a')] })
const B = aWell('B', place(2000, 0))
const C = aWell('C', place(2000, 1000))
const S = aStation('S', place(3000, 0))
const W = aWell('W', place(3500, 0), { network: 'secondary' })
const U = aWell('U', place(4000, 0), { network: 'secondary' })
const M = aWell('M', place(400, 0), { onPipe: 'HA' })
const ISLAND = [aWell('I1', place(0, 9000)), aWell('I2', place(500, 9000))] as const

const secondary = { network: 'secondary', class: 'branch' } as const
const TREE = aNetwork(
  ...[H, A, B, C, S, W, U, M, ...ISLAND],
  aPipe('HA', H, A),
  aPipe('AB', A, B),
  aPipe('BC', B, C),
  aPipe('BS', B, S),
  aPipe('SW', S, W, secondary),
  aPipe('WU', W, U, secondary),
  aPipe('II', ...ISLAND),
)

describe('hops along the pipes', () => {
  it.each([
    ['from a well to itself', 'A', 'A', 0],
    ['over a well in the middle of a pipe', 'H', 'A', 2],
    ['between wells', 'A', 'S', 2],
    ['from a pipe to its own well', 'HA', 'M', 0],
    ['from a pipe to the point beyond', 'HA', 'B', 1],
    ['not from one level through the station to the other', 'B', 'W', undefined],
    ['from the station into its own network', 'S', 'U', 2],
    ['not to an island', 'A', 'I1', undefined],
    ['not to what nobody knows', 'A', 'nobody', undefined],
  ])('%s', (_name, a, b, hops) => {
    expect(hopsBetween(TREE, a, b, 5)).toBe(hops)
    expect(hopsBetween(TREE, b, a, 5)).toBe(hops)
  })
  it('stops at the limit', () => {
    expect(hopsBetween(TREE, 'H', 'S', 4)).toBe(4)
    expect(hopsBetween(TREE, 'H', 'S', 3)).toBeUndefined()
  })
  it('counts neighbours on both sides of a station, nearest first', () => {
    expect([...neighbours(TREE, 'S', 1)].sort()).toEqual([
      ['B', 1],
      ['W', 1],
    ])
    expect([...neighbours(TREE, 'B', 2)]).toEqual(
      expect.arrayContaining([
        ['A', 1],
        ['C', 1],
        ['S', 1],
        ['M', 2],
      ]),
    )
  })
  it('measures metres, also to the nearest well with a device', () => {
    expect(metresBetween(TREE, 'M', 'B', 5000)).toBeCloseTo(1600, -1)
    expect(metresToInstrumentedWell(TREE, 'A')).toBe(0)
    expect(metresToInstrumentedWell(TREE, 'C')).toBeCloseTo(2000, -1)
    expect(metresToInstrumentedWell(TREE, 'I1')).toBeUndefined()
  })
})

describe('upstream and downstream', () => {
  it.each([
    ['A', ['H', 'M'], ['B', 'C', 'S']],
    ['HA', ['H'], ['A', 'B', 'C', 'S']],
    ['M', ['H'], ['A', 'B', 'C', 'S']],
    ['S', ['A', 'B', 'H', 'M'], ['U', 'W']],
    ['WU', ['S', 'W'], ['U']],
    ['I1', [], []],
    ['nobody', [], []],
  ])('of %s', (id, up, down) => {
    expect([...upstream(TREE, id)].sort()).toEqual(up)
    expect([...downstream(TREE, id)].sort()).toEqual(down)
  })

  it('a point in a loop with two equal ways is fed by both', () => {
    const [L, R, T] = [aWell('L', place(500, 500)), aWell('R', place(500, -500)), aWell('T', place(1000, 0))]
    const ring = aNetwork(
      H,
      L,
      R,
      T,
      aPipe('HL', H, L),
      aPipe('HR', H, R),
      aPipe('LT', L, T),
      aPipe('RT', R, T),
    )
    expect([...upstream(ring, 'T')].sort()).toEqual(['H', 'L', 'R'])
    expect([...downstream(ring, 'L')]).toEqual(['T'])
  })

  it('where the water of two ways meets, a pipe is fed from both ends and feeds nothing', () => {
    const [L, R] = [aWell('L', place(500, 500)), aWell('R', place(500, -500))]
    const ring = aNetwork(H, L, R, aPipe('HL', H, L), aPipe('HR', H, R), aPipe('LR', L, R))
    expect([...upstream(ring, 'LR')].sort()).toEqual(['H', 'L', 'R'])
    expect([...downstream(ring, 'LR')]).toEqual([])
  })

  it('water takes the wide pipe though it is longer', () => {
    const [L, R, T] = [aWell('L', place(500, 800)), aWell('R', place(500, 0)), aWell('T', place(1000, 0))]
    const wide = { diameterMm: 600 }
    const thin = { diameterMm: 150 }
    const ring = aNetwork(
      ...[H, L, R, T],
      ...[aPipe('HL', H, L, wide), aPipe('LT', L, T, wide), aPipe('HR', H, R, thin), aPipe('RT', R, T, thin)],
    )
    expect([...upstream(ring, 'T')].sort()).toEqual(['H', 'L'])
  })

  it('no water passes a closed valve', () => {
    const valve = aValve('V', place(1500, 0), { normallyOpen: false })
    const shut = aNetwork(H, A, valve, B, aPipe('HA', H, A), aPipe('AV', A, valve), aPipe('VB', valve, B))
    expect([...downstream(shut, 'A')]).toEqual(['V'])
    expect([...upstream(shut, 'B')]).toEqual([])
    expect([...upstream(shut, 'VB')]).toEqual([])
    expect(hopsBetween(shut, 'A', 'B', 9)).toBeUndefined()
    expect(hopsBetween(shut, 'V', 'B', 9)).toBe(1)
    expect(zoneOf(shut, 'A')).not.toBe(zoneOf(shut, 'B'))
  })

  it('a return pipe leads on only where no supply pipe does', () => {
    const returned = { side: 'return' } as const
    const net = aNetwork(
      ...[H, A, B, C],
      aPipe('HA', H, A, { side: 'supply' }),
      aPipe('HB', H, B, returned),
      aPipe('AB', A, B, { side: 'supply' }),
      aPipe('BC', B, C, returned),
    )
    expect([...upstream(net, 'B')].sort()).toEqual(['A', 'H'])
    expect([...upstream(net, 'C')].sort()).toEqual(['A', 'B', 'H'])
  })
})

describe('zones and stations', () => {
  it.each([
    ['A', 'primary:H', undefined],
    ['BS', 'primary:H', undefined],
    ['S', 'primary:H', 'S'],
    ['U', 'secondary:S', 'S'],
    ['WU', 'secondary:S', 'S'],
    ['I2', 'primary:I1', undefined],
    ['nobody', undefined, undefined],
  ])('%s lies in %s', (id, zone, station) => {
    expect(zoneOf(TREE, id)).toBe(zone)
    expect(stationOf(TREE, id)).toBe(station)
  })
  it('an own zone wins', () => {
    const net = aNetwork(
      H,
      aWell('Z', place(1, 1), { zone: '东区' }),
      aPipe('HZ', H, aWell('Z', place(1, 1))),
    )
    expect(zoneOf(net, 'Z')).toBe('东区')
    expect(zoneOf(net, 'HZ')).toBe('primary:H')
  })
})

/** Any network at all: islands, loops, several sources, closed valves, wells on pipes, both levels. */
const anyNetwork = fc
  .record({
    kinds: fc.array(fc.constantFrom(...POINT_KINDS), { minLength: 1, maxLength: 14 }),
    pipes: fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.nat(3), fc.boolean()), { maxLength: 24 }),
    onPipe: fc.array(fc.nat(23), { maxLength: 5 }),
    shut: fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
  })
  .map(({ kinds, pipes, onPipe, shut }) => {
    const points = kinds.map((kind, i): PointFeature => {
      const at = place((i % 4) * 300, Math.floor(i / 4) * 300)
      if (kind === 'source') return aSource(`p${i}`, at)
      if (kind === 'station') return aStation(`p${i}`, at)
      if (kind === 'valve') return aValve(`p${i}`, at, { normallyOpen: shut[i] !== true })
      return aWell(`p${i}`, at)
    })
    const features: NetworkFile['features'][number][] = [...points]
    let made = 0
    for (const [i, j, size, primary] of pipes) {
      const [from, to] = [points[i % points.length], points[j % points.length]]
      if (from === undefined || to === undefined || from === to) continue
      const network = primary ? 'primary' : 'secondary'
      features.push(aPipe(`e${made++}`, from, to, { network, diameterMm: 100 + size * 100 }))
    }
    onPipe
      .filter((k) => k < made)
      .forEach((k, n) => features.push(aWell(`m${n}`, place(150, 150), { onPipe: `e${k}` })))
    return aNetwork(...features)
  })

describe('on any network', () => {
  it('y is upstream of x exactly when x is downstream of y, and nothing is above or below itself', () => {
    fc.assert(
      fc.property(anyNetwork, (net) => {
        const ids = [...net.points.keys()]
        const up = new Map(ids.map((id) => [id, upstream(net, id)]))
        for (const x of ids) {
          const down = downstream(net, x)
          expect(down.has(x)).toBe(false)
          for (const y of ids) expect(up.get(y)?.has(x)).toBe(down.has(y))
        }
      }),
      { numRuns: 150, seed: 19 },
    )
  })
  it('whatever has something upstream has an origin there, and every asset has a zone', () => {
    fc.assert(
      fc.property(anyNetwork, (net) => {
        for (const id of [...net.points.keys(), ...net.pipes.keys()]) {
          const up = upstream(net, id)
          const origins = [originOf(net, id, 'primary'), originOf(net, id, 'secondary')]
          if (up.size > 0) expect(origins.some((o) => o !== undefined && (up.has(o) || o === id))).toBe(true)
          expect(zoneOf(net, id)).toBeTypeOf('string')
        }
      }),
      { numRuns: 150, seed: 19 },
    )
  })
  it('hops are symmetrical and agree with the neighbours', () => {
    fc.assert(
      fc.property(anyNetwork, (net) => {
        const ids = [...net.points.keys()].slice(0, 6)
        for (const a of ids) {
          const near = neighbours(net, a, 3)
          for (const b of ids) {
            const hops = hopsBetween(net, a, b, 3)
            expect(hopsBetween(net, b, a, 3)).toBe(hops)
            if (a !== b) expect(near.get(b)).toBe(hops)
          }
        }
      }),
      { numRuns: 100, seed: 19 },
    )
  })
})

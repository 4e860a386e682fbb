import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PipeFeature, PointFeature } from '#contract/network.ts'
import { isolation, type Isolation } from '../../../server/domain/network/isolation.ts'
import type { Network } from '../../../server/domain/network/network.ts'
import { aNetwork, aPipe, aSource, aStation, aValve, aWell, place } from '../../support/networks.ts'

/** A chain of points, each joined to the next by a pipe `a-b`. */
function chain(...points: PointFeature[]): PipeFeature[] {
  return points.slice(1).map((to, i) => {
    const from = points[i] ?? to
    return aPipe(`${from.properties.id}-${to.properties.id}`, from, to)
  })
}
const [S, A, B, C, H, G] = [
  aSource('S', place(0, 0)),
  aWell('A', place(100, 0)),
  aWell('B', place(200, 0)),
  aWell('C', place(300, 0)),
  aStation('H', place(400, 0)),
  aStation('G', place(400, 100)),
]
const valve = (id: string, east: number, more = {}) => aValve(id, place(east, 0), more)
const [V1, V2, V3] = [valve('V1', 50), valve('V2', 150), valve('V3', 250)]

function cut(network: Network, assetId: string, ...stuck: string[]): Isolation {
  const found = isolation(network, assetId, new Set(stuck))
  if (found === undefined) throw new Error(`no ${assetId}`)
  return found
}

describe('valves that cut an asset off', () => {
  const line = aNetwork(S, V1, A, V2, B, V3, H, ...chain(S, V1, A, V2, B, V3, H))

  it('on a line is the nearest one upstream; the one behind only keeps water from draining', () => {
    expect(cut(line, 'B')).toMatchObject({
      valves: ['V2'],
      againstDraining: ['V3'],
      stop: [],
      openWays: [],
      wasFed: true,
      points: ['B', 'H', 'V2', 'V3'],
      pipes: ['B-V3', 'V2-B', 'V3-H'],
    })
  })

  it('is the next ring when that valve is stuck', () => {
    expect(cut(line, 'B', 'V2')).toMatchObject({ valves: ['V1'], points: ['A', 'B', 'H', 'V1', 'V2', 'V3'] })
  })

  it('with no valve left on the way is the source, and the way is told', () => {
    expect(cut(line, 'B', 'V1', 'V2')).toMatchObject({
      valves: [],
      stop: ['S'],
      openWays: [['B', 'V2', 'A', 'V1', 'S']],
    })
  })

  it('on a pipe are the valves at its own ends', () => {
    expect(cut(line, 'A-V2')).toMatchObject({ valves: ['V1'], againstDraining: ['V2'] })
    const between = aNetwork(S, V1, V2, H, ...chain(S, V1, V2, H))
    expect(cut(between, 'V1-V2')).toMatchObject({ valves: ['V1'], pipes: ['V1-V2', 'V2-H'] })
  })

  it('on a loop is one on each way round, and the stations beyond keep their heat', () => {
    const ring = aNetwork(
      ...[S, V1, A, V2, B, V3, H, G],
      ...chain(S, V1, A, V2, B, V3, H),
      aPipe('S-H', S, H),
      aPipe('A-G', A, G),
    )
    expect(cut(ring, 'B')).toMatchObject({ valves: ['V2', 'V3'], points: ['B', 'V2', 'V3'] })
    expect(cut(ring, 'A')).toMatchObject({ valves: ['V1', 'V2'], points: ['A', 'G', 'V1', 'V2'] })
  })

  it('a closed valve needs no closing; it must stay closed where it borders on what is cut off', () => {
    const shut = valve('V3', 250, { normallyOpen: false })
    const loop = aNetwork(S, V1, B, shut, H, ...chain(S, V1, B, shut, H), aPipe('S-H', S, H))
    expect(cut(loop, 'B')).toMatchObject({ valves: ['V1'], keepClosed: ['V3'], points: ['B', 'V1'] })
  })

  it('a leaking valve does not close itself', () => {
    expect(cut(line, 'V2')).toMatchObject({ valves: ['V1'], againstDraining: ['V3'] })
  })

  it('an island needs none and says that nothing fed it', () => {
    expect(cut(aNetwork(S, A, B, C, ...chain(B, C)), 'B')).toMatchObject({
      valves: [],
      stop: [],
      wasFed: false,
      points: ['B'],
    })
    expect(isolation(line, 'nowhere')).toBeUndefined()
  })

  it('a station cut off on the primary side takes its secondary network along', () => {
    const W = aWell('W', place(450, 0), { network: 'secondary' })
    const network = aNetwork(
      ...[S, V1, H, W],
      ...chain(S, V1, H),
      aPipe('H-W', H, W, { network: 'secondary' }),
    )
    expect(cut(network, 'H')).toMatchObject({
      valves: ['V1'],
      points: ['H', 'V1', 'W'],
      pipes: ['H-W', 'V1-H'],
    })
    expect(cut(network, 'W')).toMatchObject({ level: 'secondary', valves: [], stop: ['H'] })
  })
})

/** A random network of up to ten points; about half of them valves, some closed. */
const RANDOM = fc
  .record({
    kinds: fc.array(fc.constantFrom('well', 'valve', 'valve', 'shut', 'station', 'source'), {
      minLength: 3,
      maxLength: 9,
    }),
    ends: fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 3, maxLength: 16 }),
    asset: fc.nat(30),
    stuck: fc.array(fc.nat(9), { maxLength: 2 }),
  })
  .map(({ kinds, ends, asset, stuck }) => {
    const points = ['source', ...kinds].map((kind, n) => {
      const at = place(n * 50, (n % 3) * 50)
      if (kind === 'well') return aWell(`p${n}`, at)
      if (kind === 'station') return aStation(`p${n}`, at)
      if (kind === 'source') return aSource(`p${n}`, at)
      return aValve(`p${n}`, at, { normallyOpen: kind === 'valve' })
    })
    const joined = ends
      .map(([a, b]) => [a % points.length, b % points.length] as const)
      .filter(([a, b]) => a !== b)
    const pipes = joined.flatMap(([a, b], n) => {
      const [from, to] = [points[a], points[b]]
      return from === undefined || to === undefined ? [] : [aPipe(`e${n}`, from, to)]
    })
    const network = aNetwork(...points, ...pipes)
    const ids = [...points, ...pipes].map(({ properties }) => properties.id ?? '')
    return { network, asset: ids[asset % ids.length] ?? 'p0', stuck: stuck.map((n) => `p${n}`) }
  })

/** Points that water reaches from these origins; written without the code under test. */
function flood(
  network: Network,
  shut: ReadonlySet<string>,
  stopped: readonly string[],
  asset: string,
): Set<string> {
  const isShut = (id: string): boolean => {
    const point = network.points.get(id)
    if (id === asset) return false
    return shut.has(id) || (point?.kind === 'valve' && point.normallyOpen === false)
  }
  const wet = new Set(
    [...network.points.values()]
      .filter(({ kind, id }) => kind === 'source' && !stopped.includes(id))
      .map(({ id }) => id),
  )
  for (let size = -1; size !== wet.size;) {
    size = wet.size
    for (const { id, from, to } of network.pipes.values()) {
      const enters = (wet.has(from) && !isShut(from)) || (wet.has(to) && !isShut(to))
      if (!enters) continue
      if (id === asset) wet.add(asset)
      if (!isShut(from)) wet.add(from)
      if (!isShut(to)) wet.add(to)
    }
  }
  return wet
}

describe('on any network', () => {
  it('after closing no source reaches the asset, and opening any one valve reconnects it', () => {
    fc.assert(
      fc.property(RANDOM, ({ network, asset, stuck }) => {
        const found = cut(network, asset, ...stuck)
        const { valves, stop } = found
        expect(flood(network, new Set(valves), stop, asset).has(asset)).toBe(false)
        for (const opened of valves) {
          const others = new Set(valves.filter((id) => id !== opened))
          expect(flood(network, others, stop, asset).has(asset)).toBe(true)
        }
        for (const started of stop) {
          const others = stop.filter((id) => id !== started)
          expect(flood(network, new Set(valves), others, asset).has(asset)).toBe(true)
        }
        expect(valves.filter((id) => stuck.includes(id))).toEqual([])
        expect(found.wasFed).toBe(flood(network, new Set(), [], asset).has(asset))
      }),
      { numRuns: 500 },
    )
  })

  it('no other choice of valves leaves fewer points without heat, or as few with fewer valves', () => {
    fc.assert(
      fc.property(RANDOM, ({ network, asset, stuck }) => {
        const found = cut(network, asset, ...stuck)
        if (found.stop.length > 0) return
        const fed = flood(network, new Set(), [], asset)
        const lostWith = (shut: readonly string[]): number => {
          const still = flood(network, new Set(shut), [], asset)
          return still.has(asset) ? Infinity : [...fed].filter((id) => !still.has(id)).length
        }
        const usable = [...network.points.values()]
          .filter((p) => p.kind === 'valve' && p.normallyOpen !== false && p.id !== asset)
          .map(({ id }) => id)
          .filter((id) => !stuck.includes(id))
        const choices = Array.from({ length: 2 ** usable.length }, (_, bits) =>
          usable.filter((_id, n) => (bits >> n) % 2 === 1),
        ).map((shut) => ({ lost: lostWith(shut), size: shut.length }))
        choices.sort((a, b) => a.lost - b.lost || a.size - b.size)
        expect({ lost: lostWith(found.valves), size: found.valves.length }).toEqual(choices[0])
      }),
      { numRuns: 300 },
    )
  })

  it('a source is stopped only where no set of valves would do', () => {
    fc.assert(
      fc.property(RANDOM, ({ network, asset, stuck }) => {
        const { stop } = cut(network, asset, ...stuck)
        const every = [...network.points.values()]
          .filter((p) => p.kind === 'valve' && p.id !== asset && !stuck.includes(p.id))
          .map(({ id }) => id)
        expect(stop.length > 0).toBe(flood(network, new Set(every), [], asset).has(asset))
      }),
      { numRuns: 300 },
    )
  })
})

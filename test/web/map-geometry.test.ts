import { describe, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import { clusters, ringParts } from '../../web/src/features/map/clusters.ts'
import { drawNetwork } from '../../web/src/features/map/network-features.ts'
import { findPlaces } from '../../web/src/model/find-places.ts'
import { indexNetwork } from '../../web/src/model/network-index.ts'
import { plateSide } from '../../web/src/features/map/plate-side.ts'
import { distanceM } from '../../web/src/model/distance.ts'
import { zoneAround } from '../../web/src/features/map/zone.ts'

const point = (id: string, kind: 'well' | 'valve', coordinates: readonly [number, number]) =>
  ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates },
    properties: { kind, id, name: id.toUpperCase(), network: 'primary' },
  }) as const
const NETWORK: NetworkFile = {
  type: 'FeatureCollection',
  features: [
    point('j-1', 'well', [106.7, 39.5]),
    point('v-1', 'valve', [106.71, 39.5]),
    {
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: [
          [106.7, 39.5],
          [106.71, 39.5],
        ],
      },
      properties: {
        kind: 'pipe',
        id: 'p-1',
        from: 'j-1',
        to: 'v-1',
        network: 'primary',
        class: 'trunk',
        diameterMm: 800,
      },
    },
  ],
}

describe('clusters', () => {
  const place = (item: string, x: number, more: { urgent?: boolean; pinned?: boolean } = {}) => ({
    item,
    x,
    y: 0,
    urgent: false,
    pinned: false,
    ...more,
  })
  const folded = (...places: ReturnType<typeof place>[]) =>
    clusters(places, 34).map((group) => group.items.join(''))

  it('fold what would overlap around what is most urgent', () => {
    expect(folded(place('a', 0), place('b', 20), place('c', 100))).toEqual(['ab', 'c'])
  })

  it('never fold what is urgent among what is calm', () => {
    expect(folded(place('a', 0, { urgent: true }), place('b', 5))).toEqual(['a', 'b'])
  })

  it('fold a flood of urgent ones, but never what is selected', () => {
    const urgent = { urgent: true }
    expect(
      folded(place('a', 0, urgent), place('b', 5, { ...urgent, pinned: true }), place('c', 6, urgent)),
    ).toEqual(['ac', 'b'])
  })

  it('fold rings that would cover each other, calm ones into urgent ones', () => {
    const urgent = { urgent: true }
    const rings = (...places: ReturnType<typeof place>[]) =>
      clusters(places, 34, 60).map((group) => group.items.join(''))
    expect(rings(place('a', 0), place('b', 5), place('c', 50), place('d', 55), place('e', 100))).toEqual([
      'abcd',
      'e',
    ])
    expect(rings(place('c', 50), place('d', 55), place('a', 0, urgent), place('b', 5, urgent))).toEqual([
      'abcd',
    ])
    expect(rings(place('a', 0, urgent), place('b', 50))).toEqual(['a', 'b'])
  })

  it('share a ring by count, with no gap in a ring of one colour', () => {
    expect(ringParts([0, 3, 0, 1])).toEqual([
      [0, 0],
      [0, 0.73],
      [0.75, 0.75],
      [0.75, 0.98],
    ])
    expect(ringParts([2])).toEqual([[0, 1]])
  })
})

describe('the zone of likely places', () => {
  it('is a closed ring that holds each place with the distance around it', () => {
    const ring = zoneAround(
      [
        [106.7, 39.5],
        [106.71, 39.5],
      ],
      90,
    )
    expect(ring[0]).toEqual(ring.at(-1))
    for (const corner of ring) {
      const nearest = Math.min(distanceM(corner, [106.7, 39.5]), distanceM(corner, [106.71, 39.5]))
      expect(nearest).toBeGreaterThan(85)
      expect(nearest).toBeLessThan(95)
    }
  })

  it('is nothing without places', () => {
    expect(zoneAround([], 90)).toEqual([])
  })
})

describe('the drawing of a network', () => {
  it('draws a trench as a supply and a return pipe and turns a valve along it', () => {
    const { pipes, points } = drawNetwork(NETWORK)
    expect(pipes.features[0]?.properties).toMatchObject({ supply: true, return: true, diameter: 'DN800' })
    expect(points.features[1]?.properties).toMatchObject({ icon: 'valve-open' })
    expect(points.features[1]?.properties.turn).toBeCloseTo(0)
  })

  it('is found by name and knows its extent', () => {
    const index = indexNetwork(NETWORK)
    expect(index.bounds).toEqual([106.7, 39.5, 106.71, 39.5])
    expect(findPlaces('j-1', index, []).map((found) => found.assetId)).toEqual(['j-1'])
    expect(findPlaces(' ', index, [])).toEqual([])
  })
})

describe('the plate of an alarm', () => {
  const at = { x: 300, y: 400 }
  const room = { width: 1000, scale: 1, long: 120 }
  const beside = { x: 420, y: 410 }

  it('stands towards the middle of the map', () => {
    expect(plateSide(at, [at], room)).toBe('right')
    expect(plateSide({ x: 700, y: 400 }, [], room)).toBe('left')
    expect(plateSide(at, [{ x: 420, y: 460 }], room)).toBe('right')
  })

  it('gives way to a symbol that would cover it, where the map has room', () => {
    expect(plateSide(at, [at, beside], room)).toBe('left')
    expect(plateSide({ x: 100, y: 400 }, [{ x: 220, y: 400 }], room)).toBe('above')
    expect(plateSide(at, [beside, { x: 200, y: 400 }, { x: 300, y: 360 }], room)).toBe('below')
  })

  it('stands on the side asked for while that is free', () => {
    expect(plateSide(at, [at, beside], room, 'above')).toBe('above')
    expect(plateSide(at, [{ x: 300, y: 356 }], room, 'above')).toBe('right')
  })

  it('stays where it was when every side is covered or outside the map', () => {
    expect(plateSide({ x: 40, y: 400 }, [{ x: 160, y: 400 }], room)).toBe('right')
  })

  it('reaches farther where letters are larger or the place is named', () => {
    expect(plateSide({ x: 450, y: 400 }, [{ x: 720, y: 400 }], room)).toBe('right')
    expect(plateSide({ x: 450, y: 400 }, [{ x: 720, y: 400 }], { ...room, scale: 2 })).toBe('left')
    expect(plateSide({ x: 450, y: 400 }, [{ x: 720, y: 400 }], { ...room, long: 260 })).toBe('left')
  })
})

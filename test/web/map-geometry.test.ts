import { describe, expect, it } from 'vitest'
import type { NetworkFile } from '#contract/network.ts'
import { clusters, ringParts } from '../../web/src/features/map/clusters.ts'
import { drawNetwork } from '../../web/src/features/map/network-features.ts'
import { findPlaces } from '../../web/src/model/find-places.ts'
import { indexNetwork } from '../../web/src/model/network-index.ts'
import {
  layPlates,
  plateSize,
  type Point,
  type Side,
  type Wish,
} from '../../web/src/features/map/label-places.ts'
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

describe('the plates of the map', () => {
  const [long, short] = [
    { width: 160, height: 27 },
    { width: 48, height: 27 },
  ]
  const EAST = ['right', 'left', 'above', 'below'] as const
  const symbol = (x: number, y: number) => ({ x, y, reach: 23 })
  const wish = (x: number, y: number) => ({ ...symbol(x, y), sizes: [long, short], sides: EAST })
  const room = { scale: 1, within: { width: 1000, height: 800 } }
  const lay = (wishes: readonly Wish[], ...points: readonly Point[]) =>
    layPlates(wishes, { points: [...wishes, ...points] }, room)
  const near = (side: Side, size = 0) => ({ side, size, away: false })

  it('stand on the side asked for while that is free', () => {
    expect(lay([wish(300, 400)])).toEqual([near('right')])
    expect(lay([{ ...wish(700, 400), sides: ['left', 'right'] }])).toEqual([near('left')])
  })

  it('give way to a symbol that they would cover', () => {
    expect(lay([wish(300, 400)], symbol(420, 410))).toEqual([near('left')])
    expect(lay([wish(300, 400)], symbol(420, 410), symbol(180, 410))).toEqual([near('above')])
    const three = [symbol(420, 410), symbol(180, 410), symbol(300, 330)]
    expect(lay([wish(300, 400)], ...three)).toEqual([near('below')])
  })

  it('give way to an earlier plate, which is of the more urgent event', () => {
    expect(lay([wish(300, 400), wish(300, 420)])).toEqual([near('right'), near('left')])
  })

  it('are cut by no edge and lie under no tool', () => {
    expect(lay([wish(900, 400)])).toEqual([near('left')])
    expect(lay([wish(100, 20)])).toEqual([near('right')])
    const tool = { left: 0, top: 0, right: 345, bottom: 60 }
    expect(layPlates([wish(100, 45)], { points: [], boxes: [tool] }, room)).toEqual([near('below')])
  })

  it('shrink to the number, then go apart from their symbol, and are left out before they cover anything', () => {
    const ring = (at: number, reach: number) =>
      Array.from({ length: 8 }, (_, i) => ({
        x: 300 + at * Math.cos((i * Math.PI) / 4),
        y: 400 + at * Math.sin((i * Math.PI) / 4),
        reach,
      }))
    expect(lay([wish(300, 400)], ...ring(110, 23))).toEqual([near('right', 1)])
    expect(lay([wish(300, 400)], ...ring(45, 10))).toEqual([{ side: 'right', size: 1, away: true }])
    expect(lay([wish(300, 400)], ...ring(45, 10), ...ring(80, 23))).toEqual([undefined])
  })

  it('are as long as their words, Chinese ones twice as wide as figures', () => {
    expect(plateSize('J-140', 1).width).toBeLessThan(plateSize('井盖异常', 1).width)
    expect(plateSize('J-140', 2).width).toBe(2 * plateSize('J-140', 1).width)
  })
})

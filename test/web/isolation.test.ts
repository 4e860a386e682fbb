import { describe, expect, it } from 'vitest'
import { plateSides } from '../../web/src/features/map/label-places.ts'
import { likeliestAsset } from '../../web/src/model/likeliest-asset.ts'
import { cutFeatures } from '../../web/src/features/map/cut-features.ts'
import { drawNetwork } from '../../web/src/features/map/network-features.ts'
import { aFile, aPipe, aSource, aStation, aWell, place } from '../support/networks.ts'
import { anIncident, aTicket } from './samples.ts'

describe('plates beside valves', () => {
  const valve = (x: number, y: number) => ({ x, y, width: 70, height: 26 })

  it('stand below their valve where there is room', () => {
    expect(plateSides([valve(0, 0), valve(400, 0)], 20)).toEqual(['below', 'below'])
  })

  it('give way to another valve and to an earlier plate', () => {
    expect(plateSides([valve(0, 0), valve(0, 50)], 20)).toEqual(['above', 'below'])
    expect(plateSides([valve(0, 0), valve(60, 0)], 20)).toEqual(['below', 'above'])
  })
})

describe('what is cut off', () => {
  const source = aSource('src', place(0, 0))
  const [s1, s2] = [aStation('s1', place(500, 0)), aStation('s2', place(500, 900))]
  const secondary = (id: string, east: number, north: number) =>
    aWell(id, place(east, north), { network: 'secondary' })
  const [a, b, c] = [secondary('a', 600, 0), secondary('b', 700, 0), secondary('c', 600, 900)]
  const drawing = drawNetwork(
    aFile(
      ...[source, s1, s2, a, b, c],
      aPipe('p1', source, s1),
      aPipe('q1', s1, a, { network: 'secondary' }),
      aPipe('q2', a, b, { network: 'secondary' }),
      aPipe('q3', s2, c, { network: 'secondary' }),
    ),
  )

  it('is drawn pipe by pipe, and hatched block by block', () => {
    const cut = cutFeatures(drawing, new Set(['p1', 'q1', 'q2', 'q3']), new Set(['s1', 'a', 'b']))
    expect(cut.pipes.features.map(({ properties }) => properties.id)).toEqual(['p1', 'q1', 'q2', 'q3'])
    expect(cut.stations.features).toHaveLength(1)
    expect(cut.zones.features).toHaveLength(2)
  })

  it('is nothing when nothing is', () => {
    const cut = cutFeatures(drawing, new Set(), new Set())
    expect([cut.pipes, cut.stations, cut.zones].map(({ features }) => features)).toEqual([[], [], []])
  })
})

describe('what would be isolated for an event', () => {
  it("is the ticket's facility, else the likeliest place", () => {
    const located = anIncident({ location: { candidates: [{ assetId: 'j-2', share: 0.5 }] } })
    expect(likeliestAsset({ ticket: aTicket({ assetId: 'j-1' }), incident: located })).toBe('j-1')
    expect(likeliestAsset({ ticket: {}, incident: located })).toBe('j-2')
    expect(likeliestAsset({ ticket: {}, incident: undefined })).toBeUndefined()
    expect(likeliestAsset(undefined)).toBeUndefined()
  })
})

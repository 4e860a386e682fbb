import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { createHydraulics } from '#hydraulics'
import { leakResponses } from '../../../../server/domain/detection/spatial/responses.ts'
import { buildNetwork } from '../../../../server/domain/network/build.ts'
import { networkShape } from '../../../../simulators/network-shape.ts'
import { aLoopedTown } from '../../../support/looped-town.ts'

describe('how pressures answer a leak', () => {
  it('agrees with EPANET within a tenth, on both sides of a looped town', async () => {
    const file = aLoopedTown()
    const [zone] = [...leakResponses(buildNetwork(file, 1)).values()]
    const model = await createHydraulics(networkShape(file))
    if (zone === undefined || isRefusal(model)) throw new Error('the town has no hydraulics')
    const stationFlowTh = new Map<string, number>()
    const before = model.solve({ stationFlowTh })
    for (const [assetId, side] of [
      ['w5-5', 'supply'],
      ['w2-4', 'supply'],
      ['w4-1', 'return'],
    ] as const) {
      const leak = { pointId: assetId, side, holeMm: 16 }
      const after = model.solve({ stationFlowTh, leaks: [leak] })
      const lost = after.leaksTh.get(assetId) ?? 0
      const row = zone.places.findIndex((place) => place.assetId === assetId && place.side === side)
      const fell = (id: string): number =>
        (1000 * ((before.pressureMpa(id, side) ?? 0) - (after.pressureMpa(id, side) ?? 0))) / lost
      for (const [column, sensor] of zone.sensors.entries()) {
        const answer = zone.kpaPerTh[row * zone.sensors.length + column] ?? 0
        if (sensor.side !== side) expect(answer).toBe(0)
        // What the source's own pressure falls is taken off by the expectation.
        else
          expect(Math.abs(answer - (fell(sensor.assetId) - fell('source')))).toBeLessThan(0.1 * answer + 0.01)
      }
    }
    model.close()
  })

  it('without diameters still has a place for every well, and says what is then not possible', () => {
    const [zone] = [...leakResponses(buildNetwork(aLoopedTown({ noDiameters: true }), 1)).values()]
    expect(zone).toMatchObject({ basis: 'guessed' })
    expect(zone?.places).toHaveLength(72)
    expect(zone?.limits.map(({ zh }) => zh).join()).toContain('没有管径')
  })

  it('on an island without a source infers from the run of the pipes', () => {
    const [zone] = [...leakResponses(buildNetwork(aLoopedTown({ noSource: true }), 1)).values()]
    expect(zone).toMatchObject({ basis: 'island' })
    expect(zone?.limits[0]?.en).toContain('no source')
    expect(zone?.kpaPerTh.some((value) => value > 0)).toBe(true)
    expect(zone?.kpaPerTh.every((value) => Number.isFinite(value))).toBe(true)
  })

  it('of an empty network is nothing', () => {
    expect(leakResponses(buildNetwork({ type: 'FeatureCollection', features: [] }, 1)).size).toBe(0)
  })
})

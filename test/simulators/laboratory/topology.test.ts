import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { createHydraulics } from '#hydraulics'
import { checkNetworkFile } from '../../../server/domain/network/import/prepare.ts'
import { candidateSitesOf } from '../../../simulators/laboratory/candidate-sites.ts'
import { drawTopology } from '../../../simulators/laboratory/topology/topology.ts'
import { networkShape, pointsOf } from '../../../simulators/network-shape.ts'

const ORDERS = [
  { wells: 100, seed: 2 },
  { wells: 200, seed: 1 },
  { wells: 200, seed: 3 },
  { wells: 1000, seed: 2 },
]

describe.each(ORDERS)('a network of $wells wells from seed $seed', (order) => {
  const { file } = drawTopology(order)
  const points = pointsOf(file).map(({ properties }) => properties)
  const stations = points.filter((point) => point.kind === 'station')

  it('is a network file that the import takes', () => {
    const checked = checkNetworkFile(file)
    expect(checked.kind === 'bad' ? checked.mistakes.slice(0, 3) : checked.kind).toBe('good')
  })

  it('has the wells asked for, stations as handover and pressure sensors at a share of both', () => {
    expect(points.filter(({ kind }) => kind === 'well')).toHaveLength(order.wells)
    expect(stations).toHaveLength(Math.round(order.wells * 0.9 * 0.51))
    const sensors = candidateSitesOf(file).pressureSensors.length / order.wells
    expect(sensors).toBeGreaterThan(0.25)
    expect(sensors).toBeLessThan(0.5)
  })

  it('serves every station, with pressures that a real network has', async () => {
    const model = await createHydraulics(networkShape(file))
    if (isRefusal(model)) throw new Error(model.detail)
    const state = model.solve({ stationFlowTh: new Map() })
    model.close()
    for (const { id } of stations) {
      const [supply = 0, back = 0] = (['supply', 'return'] as const).map((side) =>
        state.pressureMpa(id, side),
      )
      expect(supply - back, id).toBeGreaterThan(0.05)
      expect(back, id).toBeGreaterThan(0.15)
      expect(supply, id).toBeLessThan(1.6)
    }
  })
})

describe('networks of the laboratory', () => {
  it('are the same for the same seed and others for others, in three shapes', () => {
    const text = (seed: number) => JSON.stringify(drawTopology({ wells: 100, seed }))
    expect(text(5)).toBe(text(5))
    expect(text(5)).not.toBe(text(6))
    const shapes = Array.from({ length: 12 }, (_, seed) => drawTopology({ wells: 100, seed }).shape)
    expect(new Set(shapes)).toEqual(new Set(['branched', 'ring', 'mesh']))
  })

  it('have valves on loops, which cut nobody off', () => {
    const { file } = drawTopology({ wells: 200, seed: 2 })
    expect(candidateSitesOf(file).loopValves.length).toBeGreaterThan(3)
    expect(candidateSitesOf(drawTopology({ wells: 200, seed: 1 }).file).loopValves).toEqual([])
  })
})

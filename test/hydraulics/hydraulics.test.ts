import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { contractionTh, createHydraulics, holeForLeakMm, leakFlowTh, secondaryState } from '#hydraulics'
import type { Hydraulics, NetworkShape } from '#hydraulics'

/** A plant, a main of `wells` wells 50 m apart, a station on every 20th. */
function aMain(wells: number): NetworkShape {
  const points: NetworkShape['points'][number][] = [
    {
      kind: 'source',
      id: 'plant',
      name: 'plant',
      network: 'primary',
      holdingPressureMpa: 0.35,
      supplyPressureMpa: 0.95,
    },
  ]
  const pipes: NetworkShape['pipes'][number][] = []
  for (let i = 1; i <= wells; i += 1) {
    points.push({ kind: 'well', id: `w${i}`, name: `w${i}`, network: 'primary' })
    pipes.push({ ...aPipe(`p${i}`, i === 1 ? 'plant' : `w${i - 1}`, `w${i}`), diameterMm: 600 })
    if (i % 20 > 0) continue
    points.push({ kind: 'station', id: `s${i}`, name: `s${i}`, network: 'primary', nominalFlowTh: 40 })
    pipes.push(aPipe(`b${i}`, `w${i}`, `s${i}`))
  }
  return { points, pipes }
}

function aPipe(id: string, from: string, to: string): NetworkShape['pipes'][number] {
  return { kind: 'pipe', id, from, to, network: 'primary', class: 'trunk', lengthM: 50, diameterMm: 150 }
}

async function aModel(shape: NetworkShape): Promise<Hydraulics> {
  const model = await createHydraulics(shape)
  if (isRefusal(model)) throw new Error(model.detail)
  return model
}

const NOMINAL = { stationFlowTh: new Map<string, number>() }

describe('the closed primary network', () => {
  it('circulates what the stations take and needs no make-up without a leak', async () => {
    const state = (await aModel(aMain(100))).solve(NOMINAL)
    expect(state.circulationTh).toBeCloseTo(5 * 40, 1)
    expect(state.makeupTh).toBeCloseTo(0, 1)
    expect(state.flowTh('p100', 'supply')).toBeCloseTo(40, 1)
    expect(state.flowTh('p100', 'return')).toBeCloseTo(-40, 1)
  })

  it('has the supply and holding pressures of the plant and loses pressure along the main', async () => {
    const state = (await aModel(aMain(100))).solve(NOMINAL)
    expect(state.pressureMpa('plant', 'supply')).toBeCloseTo(0.95, 3)
    expect(state.pressureMpa('plant', 'return')).toBeCloseTo(0.35, 3)
    expect(state.pressureMpa('w100', 'supply') ?? 0).toBeLessThan(state.pressureMpa('w20', 'supply') ?? 0)
    expect(state.pressureMpa('w100', 'return') ?? 0).toBeGreaterThan(state.pressureMpa('w20', 'return') ?? 1)
  })

  it('loses through a hole what the formula says at the pressure there', async () => {
    const model = await aModel(aMain(100))
    for (const side of ['supply', 'return'] as const) {
      const state = model.solve({ ...NOMINAL, leaks: [{ pointId: 'w50', side, holeMm: 20 }] })
      const pressure = state.pressureMpa('w50', side) ?? 0
      expect(state.makeupTh / leakFlowTh(20, pressure)).toBeCloseTo(1, 3)
    }
  })

  it('forgets a leak and a shut valve at the next step', async () => {
    const model = await aModel(aMain(100))
    const before = model.solve(NOMINAL).pressureMpa('w100', 'supply') ?? 0
    model.solve({
      ...NOMINAL,
      leaks: [{ pointId: 'w50', side: 'supply', holeMm: 50 }],
      closed: new Set(['w60']),
    })
    const after = model.solve(NOMINAL)
    expect(after.pressureMpa('w100', 'supply')).toBeCloseTo(before, 5)
    expect(after.makeupTh).toBeCloseTo(0, 1)
  })

  it('cuts off what lies behind a shut point', async () => {
    const state = (await aModel(aMain(100))).solve({ ...NOMINAL, closed: new Set(['w50']) })
    expect(state.circulationTh).toBeCloseTo(2 * 40, 1)
    expect(state.pressureMpa('w51', 'supply')).toBeUndefined()
    expect(state.pressureMpa('w49', 'supply')).toBeGreaterThan(0.8)
  })

  it('prints nothing, even where pressures turn negative', async () => {
    const shape = aMain(100)
    const high = shape.points.map((point) => (point.id === 's100' ? { ...point, elevationM: 500 } : point))
    const state = (await aModel({ ...shape, points: high })).solve(NOMINAL)
    expect(state.warnings.join()).toContain('negative pressures')
  })

  it('refuses a pipe without a diameter and a network without a source, naming them', async () => {
    const shape = aMain(20)
    const bare = { ...aPipe('bare', 'w1', 'w2') }
    delete bare.diameterMm
    const refusal = await createHydraulics({ ...shape, pipes: [...shape.pipes, bare] })
    expect(isRefusal(refusal) && refusal.detail).toContain('bare')
    const sourceless = { ...shape, points: shape.points.filter((point) => point.kind !== 'source') }
    expect(isRefusal(await createHydraulics(sourceless))).toBe(true)
  })

  it('solves a thousand wells within a few milliseconds', async () => {
    const model = await aModel(aMain(1000))
    const flows = new Map<string, number>()
    model.solve({ stationFlowTh: flows })
    const began = performance.now()
    const rounds = 40
    for (let i = 0; i < rounds; i += 1) {
      flows.set('s200', 30 + (i % 10))
      model.solve({ stationFlowTh: flows, leaks: [{ pointId: 'w300', side: 'supply', holeMm: 5 + i / 10 }] })
    }
    const each = (performance.now() - began) / rounds
    console.info(`1,000 wells: ${each.toFixed(2)} ms a step`)
    expect(each).toBeLessThan(25)
  })
})

describe('formulas', () => {
  it.each([
    [5, 1.8],
    [10, 7.2],
    [20, 28],
    [50, 180],
  ])('a hole of %i mm at 0.65 MPa loses about %d t/h', (holeMm, flowTh) => {
    expect(leakFlowTh(holeMm, 0.65) / flowTh).toBeCloseTo(1, 0)
    expect(holeForLeakMm(leakFlowTh(holeMm, 0.65), 0.65)).toBeCloseTo(holeMm, 6)
  })

  it('cooling 5,000 m³ by 2 K/h draws about 7 t/h, warming gives it back', () => {
    expect(contractionTh(5000, 95, -2)).toBeCloseTo(7, 1)
    expect(contractionTh(5000, 95, 2)).toBeCloseTo(-7, 1)
    expect(contractionTh(5000, 95, 0)).toBeCloseTo(0, 9)
  })
})

describe('a secondary loop', () => {
  const loop = { holdingMpa: 0.3, pumpMpa: 0.2, makeupCapacityTh: 4 }

  it('stays in its range without a leak', () => {
    const state = secondaryState(loop, 1, 0)
    expect(state).toEqual({ supplyMpa: 0.46, returnMpa: 0.3, makeupTh: 0 })
  })

  it('raises its make-up with a small leak and loses pressure with a large one', () => {
    expect(secondaryState(loop, 1, 3).makeupTh).toBe(3)
    expect(secondaryState(loop, 1, 3).returnMpa).toBeGreaterThan(0.29)
    const broken = secondaryState(loop, 1, 12)
    expect(broken.makeupTh).toBe(4)
    expect(broken.returnMpa).toBeLessThan(0.2)
    expect(broken.supplyMpa).toBeLessThan(0.4)
  })
})

import { describe, expect, it } from 'vitest'
import { indistinctRows } from '../../../../server/domain/detection/spatial/indistinct-places.ts'
import type { Changes } from '../../../../server/domain/detection/spatial/changes.ts'
import { locate } from '../../../../server/domain/detection/spatial/locate.ts'
import type { ZoneResponse } from '../../../../server/domain/detection/core/leak-response.ts'
import { weighHypotheses, type Weighing } from '../../../../server/domain/detection/spatial/hypotheses.ts'
import type { ZoneModel } from '../../../../server/domain/detection/core/zone-state.ts'

/** Six sensors along a street; a leak at a well is felt the more the nearer. The last two wells feel alike. */
const SENSORS = Array.from({ length: 6 }, (_, i) => ({
  key: `d${i} pressure_mpa`,
  deviceId: `d${i}`,
  signal: 'pressure_mpa',
  assetId: `m${i}`,
  side: 'supply' as const,
}))
const WELLS = ['a', 'b', 'c', 'd', 'e', 'f', 'f2']
const kpaPerTh = Float32Array.from(
  WELLS.flatMap((_, w) => SENSORS.map((_unused, i) => 0.6 / (1 + Math.abs(Math.min(w, 5) - i)))),
)
const PLACES = WELLS.map((assetId) => ({ assetId, side: 'supply' as const }))
const RESPONSE: ZoneResponse = {
  zoneId: 'z',
  sensors: SENSORS,
  places: PLACES,
  kpaPerTh,
  alike: indistinctRows(PLACES, kpaPerTh, SENSORS.length),
  loadModes: SENSORS.map(() => []),
  metered: [],
  kpaPerDrawTh: new Float32Array(0),
  lossKpa: new Float32Array(6),
  basis: 'hydraulic',
  limits: [],
}
const MODEL: ZoneModel = {
  fittedAt: 0,
  hours: 96,
  columns: [],
  unsure: [],
  keys: SENSORS.map(({ key }) => key),
  beta: SENSORS.map(() => [0]),
  own: SENSORS.map(() => 0.25),
  shared: SENSORS.map(() => []),
}
const WEIGHING: Weighing = { model: MODEL, response: RESPONSE, flowShowsLeak: false }

/** What a leak of so many t/h at a well does, and beside it a sensor that is off by so many kPa. */
function changesOf(well: number, th: number, off: Readonly<Record<number, number>> = {}): Changes {
  const list = SENSORS.map((sensor, i) => ({
    sensor,
    column: i,
    row: i,
    nowKpa: 600,
    usualResidual: 0,
    residuals: new Float64Array(0),
    offKpa: -th * (kpaPerTh[well * 6 + i] ?? 0) + (off[i] ?? 0) + (i % 2 === 0 ? 0.2 : -0.2),
  }))
  return { list, flowTh: undefined, leverage: 0, named: new Map() }
}

function located(changes: Changes, loss?: { readonly flowTh: number; readonly sigmaTh: number }) {
  const weighed = weighHypotheses(changes, WEIGHING)
  if (weighed === undefined) throw new Error('nothing to weigh')
  return locate(weighed, changes, WEIGHING, loss)
}

describe('wells by how probable a leak there is', () => {
  it('hold the true one first, and their shares are probabilities', () => {
    const places = located(changesOf(2, 40), { flowTh: 42, sigmaTh: 12 })
    expect(places[0]).toMatchObject({ assetId: 'c', place: 2 })
    expect(places.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  it('are not led away by one sensor that fails beside the leak', () => {
    const places = located(changesOf(1, 40, { 5: -45 }), { flowTh: 42, sigmaTh: 12 })
    expect(places[0]?.assetId).toBe('b')
  })

  it('find a leak that one sensor feels most, though the pipes answer less than the file says', () => {
    const places = located(changesOf(4, 30), { flowTh: 38, sigmaTh: 12 })
    expect(places[0]?.assetId).toBe('e')
  })

  it('are weighed once where no sensor tells them apart', () => {
    expect([...RESPONSE.alike]).toEqual([0, 1, 2, 3, 4, 5, 5])
    // A leak on the supply passes the source's meter, one on the return does not.
    const sides = (['supply', 'return'] as const).map((side) => ({ assetId: 'a', side }))
    expect([...indistinctRows(sides, new Float32Array(2), 1)]).toEqual([0, 1])
  })

  it('share alike where no sensor tells them apart', () => {
    const places = located(changesOf(5, 40))
    const [f, f2] = ['f', 'f2'].map((id) => places.find(({ assetId }) => assetId === id)?.share ?? 0)
    expect(f).toBeGreaterThan(0.4)
    expect(f2).toBeCloseTo(f ?? 0)
  })
})

import type { NetworkFile, PointFeature } from '#contract/network.ts'

export interface TownShape {
  /** Wells along each side of the square. */
  readonly size?: number
  readonly noDiameters?: boolean
  readonly noSource?: boolean
}

/**
 * A square of streets with a well at each corner, all joined (loops), a source at one corner and a station
 * at every second well, which measures both its pressures; every third well measures the supply.
 */
export function aLoopedTown({
  size = 6,
  noDiameters = false,
  noSource = false,
}: TownShape = {}): NetworkFile {
  const place = (x: number, y: number): [number, number] => [106.8 + x / 300, 39.6 + y / 300]
  const wellAt = (x: number, y: number): string => `w${x}-${y}`
  const points: PointFeature[] = []
  const pipes: unknown[] = []
  const point = (at: [number, number], properties: object) =>
    points.push({ type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties } as PointFeature)
  const pipe = (from: string, to: string, diameterMm: number, line: readonly [number, number][]) =>
    pipes.push({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: line },
      properties: {
        kind: 'pipe',
        id: `p-${from}-${to}`,
        from,
        to,
        network: 'primary',
        lengthM: 300,
        class: diameterMm >= 300 ? 'trunk' : 'branch',
        ...(noDiameters ? {} : { diameterMm }),
      },
    })
  if (!noSource) {
    const signals = [
      'primary_supply_mpa',
      'primary_return_mpa',
      'primary_flow_t_h',
      'makeup_flow_t_h',
      'outdoor_c',
    ]
    const devices = [{ id: 'd-source', signals, intervalS: 300 }]
    point(place(-1, 0), { kind: 'source', id: 'source', name: '热源', network: 'primary', devices })
    pipe('source', wellAt(0, 0), 600, [place(-1, 0), place(0, 0)])
  }
  for (let x = 0; x < size; x += 1) {
    for (let y = 0; y < size; y += 1) {
      const id = wellAt(x, y)
      const measured = (x * size + y) % 3 === 1
      const devices = measured ? [{ id: `d-${id}`, signals: ['pressure_mpa'], intervalS: 900 }] : []
      point(place(x, y), { kind: 'well', id, name: id, network: 'primary', devices })
      const width = x === 0 || y === 0 ? 350 : 200
      if (x + 1 < size) pipe(id, wellAt(x + 1, y), width, [place(x, y), place(x + 1, y)])
      if (y + 1 < size) pipe(id, wellAt(x, y + 1), width, [place(x, y), place(x, y + 1)])
      if ((x + y) % 2 === 0) continue
      const station = `s${x}-${y}`
      const signals = ['primary_supply_mpa', 'primary_return_mpa']
      const both = [{ id: `d-${station}`, signals, intervalS: 900 }]
      const beside = place(x + 0.3, y + 0.3)
      point(beside, {
        kind: 'station',
        id: station,
        name: station,
        network: 'primary',
        nominalFlowTh: 30,
        devices: both,
      })
      pipe(id, station, 150, [place(x, y), beside])
    }
  }
  return { type: 'FeatureCollection', features: [...points, ...pipes] } as NetworkFile
}

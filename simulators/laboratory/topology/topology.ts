import type { NetworkFile, PipeProperties, PointProperties } from '#contract/network.ts'
import { between, uniform } from '../../seeded-random.ts'
import { devicesOf } from './devices.ts'
import type { Place, PlacedPoint } from './points.ts'
import { elevationAt, metresBetween, networkFile } from './points.ts'
import type { Unsized } from './sizing.ts'
import { lossMpa, shortestWays, sizePipes } from './sizing.ts'
import type { Shape, Streets } from './streets.ts'
import { drawStreets } from './streets.ts'

/** A network of the laboratory: how many wells, and the seed of everything else about it. */
export interface TopologyOrder {
  readonly wells: number
  readonly seed: number
}

export interface Topology {
  readonly shape: Shape
  readonly file: NetworkFile
}

/** Wells on secondary networks, in parts of all; stations, in parts of the primary wells. */
const SECONDARY_SHARE = 0.1
const STATION_SHARE = 0.51
const STATION_TH = [20, 90] as const
/** One plant feeds at most about so much; a bigger town has smaller stations. */
const PLANT_TH = 9000
const HOLDING_MPA = 0.35
const STATION_MPA = 0.13
/** Pressure at the pump may not be lower than what keeps 130 °C water from boiling on high ground. */
const MIN_SUPPLY_MPA = 0.75
const SOURCE_ID = 'source'

/** Draws a network from a seed: streets, stations, valves, secondary wells, diameters, devices. */
export function drawTopology({ wells, seed }: TopologyOrder): Topology {
  const primaryWells = Math.round(wells * (1 - SECONDARY_SHARE))
  const streets = drawStreets(seed, primaryWells)
  const sketch = createSketch(seed, Math.min(1, PLANT_TH / (55 * STATION_SHARE * primaryWells)))
  const wellId = (number: number) => `w${String(number + 1).padStart(3, '0')}`

  const first = streets.crossings[0]
  if (first === undefined) throw new Error('a network needs a well')
  const outside = { eastM: first.eastM - between(seed, [250, 800], 'feeder'), northM: first.northM }
  sketch.point(SOURCE_ID, outside, (base) => ({ kind: 'source', ...base, name: '实验热源' }))
  for (const [number, crossing] of streets.crossings.entries()) {
    sketch.well(wellId(number), crossing, 'primary')
  }
  sketch.pipe({ from: SOURCE_ID, to: wellId(0), kind: 'trunk' })
  for (const { from, to, kind } of streets.streets) {
    const ends = { from: wellId(from), to: wellId(to), kind }
    if (hasValve(seed, streets, ends)) sketch.pipeWithValve(ends)
    else sketch.pipe(ends)
  }
  const stationIds = stationPlaces(seed, streets).map((number, i) => {
    const id = `s${String(i + 1).padStart(3, '0')}`
    sketch.station(id, wellId(number))
    return id
  })
  for (let i = 0; i < wells - primaryWells; i += 1) {
    const stationId = stationIds[Math.floor(uniform(seed, 'secondary at', i) * stationIds.length)]
    if (stationId !== undefined) sketch.secondaryWell(`n${String(i + 1).padStart(3, '0')}`, stationId)
  }
  return { shape: streets.shape, file: sketch.finish() }
}

/** Loops always have a valve, trunks one every few blocks, branches seldom. */
function hasValve(seed: number, { shape }: Streets, { from, to, kind }: Omit<Unsized, 'lengthM'>): boolean {
  const share = { trunk: shape === 'branched' ? 0.15 : 0.25, branch: 0.06, loop: 1, lateral: 0 }[kind]
  return uniform(seed, 'valve', from, to) < share
}

/** Dead ends first: water stands where nobody takes it. Then wells by chance. */
function stationPlaces(seed: number, { crossings, streets }: Streets): readonly number[] {
  const degree = crossings.map(() => 0)
  for (const { from, to } of streets) {
    for (const end of [from, to]) degree[end] = (degree[end] ?? 0) + 1
  }
  const order = crossings.map((_, number) => ({
    number,
    rank: (degree[number] === 1 ? 1 : 0) + uniform(seed, 'station', number),
  }))
  order.sort((a, b) => b.rank - a.rank)
  return order.slice(0, Math.round(crossings.length * STATION_SHARE)).map(({ number }) => number)
}

type Base = Pick<PointProperties, 'id' | 'name' | 'network' | 'elevationM'>

/** `share`: how big stations are, beside the usual. */
function createSketch(seed: number, share: number) {
  const points = new Map<string, PlacedPoint>()
  const pipes: Unsized[] = []
  const secondary: PipeProperties[] = []
  const nominal = new Map<string, number>()

  function placeOf(id: string): Place {
    const place = points.get(id)?.place
    if (place === undefined) throw new Error(`no point ${id}`)
    return place
  }
  function point(id: string, place: Place, make: (base: Base) => PointProperties): void {
    const base = { id, name: id, network: 'primary' as const, elevationM: elevationAt(seed, place) }
    points.set(id, { place, properties: make(base) })
  }
  function pipe({ from, to, kind }: Omit<Unsized, 'lengthM'>): void {
    pipes.push({ from, to, kind, lengthM: metresBetween(placeOf(from), placeOf(to)) })
  }
  function near(id: string, key: string, metres: readonly [number, number]): Place {
    const { eastM, northM } = placeOf(id)
    const [angle, far] = [between(seed, [0, 2 * Math.PI], 'angle', key), between(seed, metres, 'far', key)]
    return { eastM: eastM + far * Math.cos(angle), northM: northM + far * Math.sin(angle) }
  }

  function sized(): PipeProperties[] {
    const diameters = sizePipes(pipes, SOURCE_ID, nominal)
    return pipes.map(({ from, to, kind, lengthM }, i) => ({
      kind: 'pipe',
      id: `p${String(i + 1).padStart(4, '0')}`,
      from,
      to,
      network: 'primary',
      class: kind === 'trunk' ? 'trunk' : 'branch',
      side: 'both',
      lengthM,
      diameterMm: diameters[i] ?? 0,
      roughnessMm: 0.5,
    }))
  }

  return {
    point,
    pipe,
    well(id: string, place: Place, network: 'primary' | 'secondary'): void {
      const depthM =
        Math.round(between(seed, network === 'primary' ? [2, 3.5] : [1.4, 2.2], 'depth', id) * 10) / 10
      point(id, { eastM: place.eastM, northM: place.northM }, (base) => ({
        kind: 'well',
        ...base,
        network,
        name: `热力井${id}`,
        depthM,
      }))
    },
    pipeWithValve(ends: Omit<Unsized, 'lengthM'>): void {
      const [a, b] = [placeOf(ends.from), placeOf(ends.to)]
      const id = `v${ends.from.slice(1)}-${ends.to.slice(1)}`
      const place = { eastM: (a.eastM + b.eastM) / 2, northM: (a.northM + b.northM) / 2 }
      point(id, place, (base) => ({ kind: 'valve', ...base, name: `阀门${id}`, normallyOpen: true }))
      pipe({ ...ends, to: id })
      pipe({ ...ends, from: id })
    },
    station(id: string, wellId: string): void {
      const flow = Math.round(share * between(seed, STATION_TH, 'nominal', id))
      nominal.set(id, flow)
      point(id, near(wellId, id, [25, 80]), (base) => ({
        kind: 'station',
        ...base,
        name: `换热站${id}`,
        nominalFlowTh: flow,
        heatedAreaM2: flow * 1500,
        households: flow * 14,
      }))
      pipe({ from: wellId, to: id, kind: 'lateral' })
    },
    secondaryWell(id: string, stationId: string): void {
      const place = near(stationId, id, [40, 160])
      this.well(id, place, 'secondary')
      secondary.push({
        kind: 'pipe',
        id: `q${id.slice(1)}`,
        from: stationId,
        to: id,
        network: 'secondary',
        class: 'branch',
        side: 'both',
        lengthM: metresBetween(placeOf(stationId), placeOf(id)),
        diameterMm: 150,
      })
    },
    finish(): NetworkFile {
      const all = [...sized(), ...secondary]
      const onPipe = new Map(all.flatMap(({ id, from, to }) => [[from, id] as const, [to, id] as const]))
      const supplyPressureMpa = pumpPressureMpa(
        all.filter(({ network }) => network === 'primary'),
        nominal,
      )
      for (const [id, { place, properties }] of points) {
        const own = onPipe.get(id)
        const more =
          properties.kind === 'source'
            ? { holdingPressureMpa: HOLDING_MPA, supplyPressureMpa }
            : properties.kind === 'well' && own !== undefined
              ? { onPipe: own }
              : {}
        const whole: PointProperties = { ...properties, ...more }
        const devices = devicesOf(seed, whole)
        points.set(id, { place, properties: devices.length === 0 ? whole : { ...whole, devices } })
      }
      return networkFile(points, all)
    },
  }
}

/** Twice the loss of the worst way, what the station there needs, and the holding pressure. */
function pumpPressureMpa(pipes: readonly PipeProperties[], nominal: ReadonlyMap<string, number>): number {
  const unsized = pipes.map(({ from, to, lengthM = 0 }) => ({ from, to, lengthM, kind: 'branch' as const }))
  const ways = shortestWays(unsized, SOURCE_ID)
  const flows = pipes.map(() => 0)
  for (const [id, flow] of nominal) {
    for (let way = ways.get(id); way?.pipe !== undefined; way = ways.get(way.from)) {
      flows[way.pipe] = (flows[way.pipe] ?? 0) + flow
    }
  }
  let worst = 0
  for (const id of nominal.keys()) {
    let loss = 0
    for (let way = ways.get(id); way?.pipe !== undefined; way = ways.get(way.from)) {
      const { diameterMm = 0, lengthM = 0 } = pipes[way.pipe] ?? {}
      loss += lossMpa(flows[way.pipe] ?? 0, diameterMm, lengthM)
    }
    worst = Math.max(worst, loss)
  }
  const supply = Math.max(MIN_SUPPLY_MPA, HOLDING_MPA + 2 * worst + STATION_MPA)
  return Math.round(supply * 100) / 100
}

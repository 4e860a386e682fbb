import type { LeakResponses, ZoneResponse } from '../core/leak-response.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { Network } from '../../network/network.ts'
import { indistinctRows, roundRows } from './indistinct-places.ts'
import { baseFlow } from './base-flow.ts'
import { eliminationOrder, factorise, type Solver } from './laplacian.ts'
import { loadPatterns, meteredStations, type LoadRow } from './load-patterns.ts'
import { pipeSide, type PipeSide } from './pipe-side.ts'
import { leakZones, SIDES, type LeakZone, type PressureSensor, type Side } from '../core/zones.ts'

/** A leak of this size is what the response is taken for: a pipe without flow answers it by its square [t/h]. */
const TYPICAL_LEAK_TH = 20
/** A pipe in which nearly nothing flows [t/h]. */
const MIN_FLOW_TH = 2
/** Flow of a network whose stations say nothing [t/h]. */
const USUAL_FLOW_TH = 500
/** Beyond this share of guessed diameters a size in t/h is not worth saying. */
const GUESSED_SHARE = 0.2
/** Of more sensors than this the first by name are used: covariances grow with the square. */
const MAX_SENSORS = 600

/**
 * Sensitivities of every pressure sensor to a leak at every well, supply and return, from the network
 * linearised at its nominal flows. Works on any network that passed import: loops,
 * islands, missing diameters. Pure; some 100 ms for 1,000 wells, so a thread of its own makes it.
 */
export function leakResponses(network: Network): LeakResponses {
  return new Map(
    leakZones(network)
      .filter(({ sensors }) => sensors.length > 0)
      .map((zone) => [zone.id, responseOf(network, zone)]),
  )
}

function responseOf(network: Network, zone: LeakZone): ZoneResponse {
  const sensors = zone.sensors.slice(0, MAX_SENSORS)
  const wellIds = zone.wellIds.length > 0 ? zone.wellIds : sensors.map(({ assetId }) => assetId)
  const sides = SIDES.map((side) => answersOf(network, zone, side))
  const places = SIDES.flatMap((side, n) =>
    [...new Set(wellIds)].flatMap((assetId) =>
      sides[n]?.pipes.indexOf.has(assetId) === true ? [{ assetId, side }] : [],
    ),
  )
  const kpaPerTh = new Float32Array(places.length * sensors.length)
  const lossKpa = new Float32Array(sensors.length)
  const loads: LoadRow[] = []
  for (const [column, sensor] of sensors.entries()) {
    const its = sides[SIDES.indexOf(sensor.side)]
    const at = its?.pipes.indexOf.get(sensor.assetId)
    if (its === undefined || at === undefined) {
      loads.push({ side: sensor.side, kpaPerTh: new Float64Array(0) })
      continue
    }
    lossKpa[column] = its.lossKpa[at] ?? 0
    const answer = its.answer(at)
    loads.push(loadRow(its, at, sensor.side))
    for (const [row, place] of places.entries()) {
      if (place.side !== sensor.side) continue
      kpaPerTh[row * sensors.length + column] = answer[its.pipes.indexOf.get(place.assetId) ?? -1] ?? 0
    }
  }
  roundRows(kpaPerTh)
  const metered = meteredStations(network, zone)
  const drawTh = zone.stationIds.map((_, s) => sides[0]?.draws[sides[0].stations[s] ?? -1] ?? 0)
  const guessed = Math.max(...sides.map(({ pipes }) => pipes.guessedShare))
  const nominalTh = nominalOf(network, zone)
  const basis = zone.sourceIds.length === 0 ? 'island' : guessed > GUESSED_SHARE ? 'guessed' : 'hydraulic'
  return {
    zoneId: zone.id,
    sensors,
    places,
    kpaPerTh,
    lossKpa,
    basis,
    alike: indistinctRows(places, kpaPerTh, sensors.length),
    metered,
    ...loadPatterns(loads, { stations: zone.stationIds, drawTh, metered }),
    ...(nominalTh === 0 ? {} : { nominalTh }),
    limits: limitsOf(zone, { sensors, guessed, nominalTh }),
  }
}

interface SideAnswers {
  readonly pipes: PipeSide
  /** Stations as points of this side, with what they take [t/h]. */
  readonly draws: Float64Array
  readonly stations: readonly number[]
  readonly lossKpa: Float64Array
  /** Fall of pressure at every point for 1 t/h lost at one, and by symmetry the other way round. */
  answer(point: number): Float64Array
  /** The same for 1 t/h more that is drawn: a small change of what flows anyway. */
  answerToLoad(point: number): Float64Array
}

function answersOf(network: Network, zone: LeakZone, side: Side): SideAnswers {
  const pipes = pipeSide(network, side, zone.points)
  const grounded = groundsOf(network, zone, pipes)
  const order = eliminationOrder(pipes.points.length, pipes.links, grounded)
  const draws = drawsOf(network, zone, pipes, grounded)
  const { flowTh, lossKpa } = baseFlow(pipes, draws, order)
  const solverAt = (moreTh: number) => {
    const conductance = pipes.resistance.map(
      (r, n) => 1 / (r * Math.max(2 * (flowTh[n] ?? 0) + moreTh, MIN_FLOW_TH)),
    )
    return factorise(pipes.points.length, pipes.links, conductance, order)
  }
  const [leak, load] = [solverAt(TYPICAL_LEAK_TH), solverAt(0)]
  const stations = zone.stationIds.map((id) => pipes.indexOf.get(id) ?? -1)
  const ask = (solver: Solver, point: number) => {
    const inflow = new Float64Array(pipes.points.length)
    if (!grounded.has(point)) inflow[point] = 1
    return solver.solve(inflow)
  }
  return {
    pipes,
    draws,
    stations,
    lossKpa,
    answer: (point) => ask(leak, point),
    answerToLoad: (point) => ask(load, point),
  }
}

/** What each station does to one sensor when it takes one t/h more; less on the supply, more on the return. */
function loadRow({ stations, answerToLoad }: SideAnswers, point: number, side: Side): LoadRow {
  const answer = answerToLoad(point)
  const sign = side === 'supply' ? -1 : 1
  return { side, kpaPerTh: Float64Array.from(stations, (at) => sign * (answer[at] ?? 0)) }
}

/** Where pressure is held: at the sources; on an island at the point where most pipes meet. */
function groundsOf(network: Network, zone: LeakZone, { indexOf, points }: PipeSide): ReadonlySet<number> {
  const held = zone.sourceIds.flatMap((id) => indexOf.get(id) ?? [])
  if (held.length > 0) return new Set(held)
  const meeting = points.map((id, index) => ({ index, pipes: network.pipesAt.get(id)?.length ?? 0 }))
  meeting.sort((a, b) => b.pipes - a.pipes || a.index - b.index)
  return new Set(meeting.slice(0, 1).map(({ index }) => index))
}

function nominalOf(network: Network, zone: LeakZone): number {
  let sum = 0
  for (const id of zone.points) {
    const point = network.points.get(id)
    if (point?.kind === 'station') sum += point.nominalFlowTh ?? 0
  }
  return sum
}

/** What each point takes: stations their nominal flow, or by heated area, or alike; without stations dead ends. */
function drawsOf(
  network: Network,
  zone: LeakZone,
  { points, indexOf, links }: PipeSide,
  grounded: ReadonlySet<number>,
): Float64Array {
  const draws = new Float64Array(points.length)
  const stations = [...zone.points].flatMap((id) => {
    const point = network.points.get(id)
    const index = indexOf.get(id)
    return point?.kind === 'station' && index !== undefined ? [{ point, index }] : []
  })
  const nominal = stations.flatMap(({ point }) => point.nominalFlowTh ?? [])
  const usual = nominal.length === 0 ? 0 : nominal.reduce((sum, flow) => sum + flow, 0) / nominal.length
  const whole = stations.reduce((sum, { point }) => sum + (point.heatedAreaM2 ?? 0), 0)
  for (const { point, index } of stations) {
    const share = whole > 0 ? (point.heatedAreaM2 ?? 0) / whole : 1 / stations.length
    draws[index] = nominal.length > 0 ? (point.nominalFlowTh ?? usual) : USUAL_FLOW_TH * share
  }
  if (stations.length > 0) return draws
  const degree = new Int32Array(points.length)
  for (const { a, b } of links) for (const end of [a, b]) degree[end] = (degree[end] ?? 0) + 1
  const ends = points.flatMap((_, index) => (degree[index] === 1 && !grounded.has(index) ? [index] : []))
  const taking = ends.length > 0 ? ends : points.map((_, index) => index).filter((n) => !grounded.has(n))
  for (const index of taking) draws[index] = USUAL_FLOW_TH / taking.length
  return draws
}

function limitsOf(
  zone: LeakZone,
  found: {
    readonly sensors: readonly PressureSensor[]
    readonly guessed: number
    readonly nominalTh: number
  },
): LocalizedText[] {
  const limits: LocalizedText[] = []
  if (zone.sourceIds.length === 0) {
    limits.push({
      zh: '该管网没有热源:不知道压力在哪里保持,位置只按管道走向推断',
      en: 'no source: where pressure is held is unknown, places are inferred from the run of the pipes alone',
    })
  }
  if (found.guessed > GUESSED_SHARE) {
    const percent = Math.round(100 * found.guessed)
    limits.push({
      zh: `${percent}% 的管长没有管径,按主干/支线的常用管径推算:位置较粗,不给出泄漏量`,
      en: `${percent} % of the pipe length has no diameter, the usual one of its class is taken: places are coarse and no size is given`,
    })
  }
  if (found.nominalTh === 0) {
    limits.push({
      zh: '换热站没有额定流量,按供热面积或平均分配:不给出泄漏量',
      en: 'no station says its nominal flow, it is shared by heated area or evenly: no size is given',
    })
  }
  if (zone.sensors.length > found.sensors.length) {
    limits.push({
      zh: `压力测点超过 ${MAX_SENSORS} 个,只用其中 ${MAX_SENSORS} 个`,
      en: `more than ${MAX_SENSORS} pressure sensors: only ${MAX_SENSORS} of them are used`,
    })
  }
  return limits
}

import type { PipeProperties, PointProperties } from '#contract/network.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import type { Refusal } from '#contract/problem.ts'

export type Side = 'supply' | 'return'
export const SIDES = ['supply', 'return'] as const satisfies readonly Side[]

/** What hydraulics need of a network file's points and pipes. */
export interface NetworkShape {
  readonly points: readonly PointProperties[]
  readonly pipes: readonly (PipeProperties & { readonly lengthM: number })[]
}

export interface CircuitPipe {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly sides: readonly Side[]
  readonly lengthM: number
  readonly diameterMm: number
  readonly roughnessMm: number
}

/** The closed primary network that holds water: what is under construction is left out. */
export interface Circuit {
  readonly points: ReadonlyMap<string, PointProperties>
  readonly pipes: readonly CircuitPipe[]
  readonly sources: readonly string[]
  readonly stations: readonly string[]
}

/** Seed values where a file says nothing: roughness of steel in service, mm. */
const ROUGHNESS_MM = 0.5
const MAX_TOLD = 20

/** Selects the primary network. Refused when a diameter or the source is missing: nothing is guessed. */
export function primaryCircuit(shape: NetworkShape): Circuit | Refusal {
  const known = new Map(shape.points.map((point) => [point.id, point]))
  const inService = shape.pipes.filter(
    (pipe) => pipe.network === 'primary' && pipe.underConstruction !== true,
  )
  const pipes = inService.map((pipe) => circuitPipe(pipe, known))
  const mistakes = pipes.filter(isRefusal).slice(0, MAX_TOLD)
  if (mistakes.length > 0)
    return refuse('bad-network', {
      zh: mistakes.map(({ detail }) => detail).join('; '),
      en: mistakes.map(({ detailEn }) => detailEn).join('; '),
    })

  const sound = pipes.filter((pipe): pipe is CircuitPipe => !isRefusal(pipe))
  const ends = new Set(sound.flatMap((pipe) => [pipe.from, pipe.to]))
  const points = new Map([...known].filter(([id]) => ends.has(id)))
  const sources = idsOf(points, 'source')
  if (sources.length === 0)
    return refuse('bad-network', {
      zh: '没有热源接入一次网',
      en: 'no source is connected to the primary network',
    })
  return { points, pipes: sound, sources, stations: idsOf(points, 'station') }
}

function circuitPipe(
  pipe: NetworkShape['pipes'][number],
  known: ReadonlyMap<string, PointProperties>,
): CircuitPipe | Refusal {
  const { id, from, to, lengthM, diameterMm, roughnessMm = ROUGHNESS_MM, side = 'both' } = pipe
  if (!known.has(from) || !known.has(to))
    return refuse('bad-network', { zh: `${id}: 端点不存在`, en: `${id}: ends at an unknown point` })
  if (diameterMm === undefined)
    return refuse('bad-network', { zh: `${id}: 没有 diameterMm`, en: `${id}: no diameterMm` })
  return { id, from, to, lengthM, diameterMm, roughnessMm, sides: side === 'both' ? SIDES : [side] }
}

function idsOf(points: ReadonlyMap<string, PointProperties>, kind: PointProperties['kind']): string[] {
  return [...points.values()].filter((point) => point.kind === kind).map((point) => point.id)
}

/** Points that water from a source still reaches on that side when `closed` valves and pipes are shut. */
export function reached(circuit: Circuit, side: Side, closed: ReadonlySet<string>): ReadonlySet<string> {
  const neighbours = new Map<string, string[]>()
  for (const pipe of circuit.pipes) {
    if (closed.has(pipe.id) || !pipe.sides.includes(side)) continue
    push(neighbours, pipe.from, pipe.to)
    push(neighbours, pipe.to, pipe.from)
  }
  const seen = new Set(circuit.sources)
  const queue = [...circuit.sources]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    // A shut valve is reached but lets nothing through.
    if (closed.has(id)) continue
    for (const next of neighbours.get(id) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return seen
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** Nominal flow of all stations together, t/h. */
export function nominalFlowTh(circuit: Circuit): number {
  return circuit.stations.reduce((sum, id) => sum + stationNominalTh(circuit, id), 0)
}

/** Nominal flow of one station, t/h; 0 where the file says nothing. */
export function stationNominalTh(circuit: Circuit, id: string): number {
  const station = circuit.points.get(id)
  return (station?.kind === 'station' ? station.nominalFlowTh : undefined) ?? 0
}

/** Water in the pipes of both sides, m³: V of the thermal correction. */
export function waterVolumeM3(circuit: Circuit): number {
  return circuit.pipes.reduce(
    (sum, pipe) => sum + pipe.sides.length * pipe.lengthM * (Math.PI / 4) * (pipe.diameterMm / 1000) ** 2,
    0,
  )
}

import type { Indices } from './assemble.ts'
import { assemble } from './assemble.ts'
import type { Circuit, CircuitPipe, Side } from './circuit.ts'
import { reached, stationNominalTh } from './circuit.ts'
import type { EpanetProject } from './engine.ts'
import { KEEP_FLOWS, LINK_STATUS, LINK_VALUE, NODE_VALUE, openProject, quietly } from './engine.ts'
import { METRES_PER_MPA, emitterCoefficient, leakFlowTh, litresPerSecond, tonnesPerHour } from './water.ts'

/** A hole in one of the two pipes at a point. */
export interface Leak {
  readonly pointId: string
  readonly side: Side
  readonly holeMm: number
}

export interface Conditions {
  /** Flow that a station takes from the supply and gives back to the return, t/h; else its nominal. */
  readonly stationFlowTh: ReadonlyMap<string, number>
  readonly leaks?: readonly Leak[]
  /** Ids of shut valves and pipes. */
  readonly closed?: ReadonlySet<string>
  /** Relative speed of the circulation pumps, 1 by default. */
  readonly pumpSpeed?: number
  /** Off the holding pressure of the file, MPa, 0 by default. */
  readonly holdingShiftMpa?: number
}

/** One steady state. Pressures are gauge; a point that no water reaches has none. */
export interface SteadyState {
  pressureMpa(pointId: string, side: Side): number | undefined
  /** From the pipe's `from` to its `to`, t/h. */
  flowTh(pipeId: string, side: Side): number | undefined
  /** Water that leaves the network through leaks, t/h: what make-up must replace. */
  readonly makeupTh: number
  /** By point, t/h. */
  readonly leaksTh: ReadonlyMap<string, number>
  readonly circulationTh: number
  readonly warnings: readonly string[]
}

export interface PrimaryModel {
  /** Throws HydraulicsFailed when there is no solution. */
  solve(conditions: Conditions): SteadyState
  close(): void
}

type Reached = Readonly<Record<Side, ReadonlySet<string>>>

/**
 * The closed network as EPANET sees it: a reservoir holds the pressure at the return header, the pump
 * lifts to the supply header, a station takes from the supply and gives the same to the return. What
 * the reservoir loses is then the leak, and nothing else.
 */
export async function createPrimaryModel(circuit: Circuit): Promise<PrimaryModel> {
  const project = await openProject()
  const { result: indices } = quietly(() => assemble(project, circuit))
  const everything = reachedOnBoth(circuit, new Set())
  const holdingM = indices.reservoirs.map((node) => project.getNodeValue(node, NODE_VALUE.elevation))
  let undo: readonly (() => void)[] = []

  return {
    solve(conditions) {
      const closed = conditions.closed ?? new Set<string>()
      const alive = closed.size === 0 ? everything : reachedOnBoth(circuit, closed)
      const { warnings } = quietly(() => {
        for (const step of undo) step()
        undo = [
          ...shutLinks(project, linksToShut(circuit, indices, closed)),
          ...openLeaks(project, indices, aliveLeaks(conditions, alive)),
        ]
        for (const pump of indices.pumps) {
          project.setLinkValue(pump, LINK_VALUE.initSetting, conditions.pumpSpeed ?? 1)
        }
        for (const [i, node] of indices.reservoirs.entries()) {
          const shiftM = (conditions.holdingShiftMpa ?? 0) * METRES_PER_MPA
          project.setNodeValue(node, NODE_VALUE.elevation, (holdingM[i] ?? 0) + shiftM)
        }
        for (const id of circuit.stations) {
          const served = alive.supply.has(id) && alive.return.has(id)
          const flowTh = conditions.stationFlowTh.get(id) ?? stationNominalTh(circuit, id)
          setStationFlow(project, indices, { id, flowTh: served ? flowTh : 0 })
        }
        project.initH(KEEP_FLOWS)
        project.runH()
      })
      return readState(project, circuit, indices, { alive, warnings, leaks: aliveLeaks(conditions, alive) })
    },
    close() {
      quietly(() => {
        project.closeH()
        project.close()
      })
    },
  }
}

function reachedOnBoth(circuit: Circuit, closed: ReadonlySet<string>): Reached {
  return { supply: reached(circuit, 'supply', closed), return: reached(circuit, 'return', closed) }
}

function setStationFlow(
  project: EpanetProject,
  indices: Indices,
  station: { id: string; flowTh: number },
): void {
  const supply = indices.node.supply.get(station.id)
  const back = indices.node.return.get(station.id)
  if (supply === undefined || back === undefined) return
  project.setNodeValue(supply, NODE_VALUE.baseDemand, litresPerSecond(station.flowTh))
  project.setNodeValue(back, NODE_VALUE.baseDemand, -litresPerSecond(station.flowTh))
}

/** A shut valve is a point, so the pipes that meet there are shut; a shut pipe is itself. */
function linksToShut(circuit: Circuit, indices: Indices, closed: ReadonlySet<string>): readonly number[] {
  if (closed.size === 0) return []
  const isShut = (pipe: CircuitPipe) => closed.has(pipe.id) || closed.has(pipe.from) || closed.has(pipe.to)
  return circuit.pipes
    .filter(isShut)
    .flatMap((pipe) => pipe.sides.flatMap((side) => indices.link[side].get(pipe.id) ?? []))
}

function shutLinks(project: EpanetProject, links: readonly number[]): readonly (() => void)[] {
  for (const link of links) project.setLinkValue(link, LINK_VALUE.initStatus, LINK_STATUS.closed)
  return links.map((link) => () => project.setLinkValue(link, LINK_VALUE.initStatus, LINK_STATUS.open))
}

function aliveLeaks(conditions: Conditions, alive: Reached): readonly Leak[] {
  return (conditions.leaks ?? []).filter((leak) => alive[leak.side].has(leak.pointId))
}

function openLeaks(
  project: EpanetProject,
  indices: Indices,
  leaks: readonly Leak[],
): readonly (() => void)[] {
  return leaks.flatMap((leak) => {
    const node = indices.node[leak.side].get(leak.pointId)
    if (node === undefined) return []
    project.setNodeValue(node, NODE_VALUE.emitter, emitterCoefficient(leak.holeMm))
    return [() => project.setNodeValue(node, NODE_VALUE.emitter, 0)]
  })
}

function readState(
  project: EpanetProject,
  circuit: Circuit,
  indices: Indices,
  solved: { alive: Reached; warnings: readonly string[]; leaks: readonly Leak[] },
): SteadyState {
  const heads = project.getNodeValues(NODE_VALUE.head)
  const demands = project.getNodeValues(NODE_VALUE.demand)
  const flows = project.getLinkValues(LINK_VALUE.flow)
  const totalTh = (values: readonly number[], at: readonly number[]) =>
    at.reduce((sum, index) => sum + tonnesPerHour(values[index - 1] ?? 0), 0)
  const pressureMpa = (pointId: string, side: Side) => {
    const node = indices.node[side].get(pointId)
    const head = node === undefined ? undefined : heads[node - 1]
    if (head === undefined || !solved.alive[side].has(pointId)) return undefined
    return (head - (circuit.points.get(pointId)?.elevationM ?? 0)) / METRES_PER_MPA
  }
  return {
    pressureMpa,
    flowTh(pipeId, side) {
      const link = indices.link[side].get(pipeId)
      const flow = link === undefined ? undefined : flows[link - 1]
      return flow === undefined ? undefined : tonnesPerHour(flow)
    },
    // EPANET gives the net inflow of a reservoir as its demand.
    makeupTh: -totalTh(demands, indices.reservoirs),
    leaksTh: new Map(
      solved.leaks.map((leak) => [
        leak.pointId,
        leakFlowTh(leak.holeMm, pressureMpa(leak.pointId, leak.side) ?? 0),
      ]),
    ),
    circulationTh: totalTh(flows, indices.pumps),
    warnings: solved.warnings,
  }
}

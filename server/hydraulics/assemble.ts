import type { Circuit, Side } from './circuit.ts'
import { SIDES, nominalFlowTh } from './circuit.ts'
import type { EpanetProject } from './engine.ts'
import { DURATION, FLOW_LITRES_PER_SECOND, HEAD_LOSS_DARCY_WEISBACH } from './engine.ts'
import { LINK, NODE, NODE_VALUE, OPTION } from './engine.ts'
import { METRES_PER_MPA, RELATIVE_VISCOSITY, SPECIFIC_GRAVITY, litresPerSecond } from './water.ts'

const DEFAULT_HOLDING_MPA = 0.35
const DEFAULT_SUPPLY_MPA = 0.95
/** Circulation pumps have a flat curve: head in parts of the design head, shut off and at double flow. */
const HEAD_SHUT_OFF = 1.15
const HEAD_AT_DOUBLE_FLOW = 0.55

/** EPANET's numbers of our points, pipes and pumps; a result array is indexed one lower. */
export interface Indices {
  readonly node: Readonly<Record<Side, ReadonlyMap<string, number>>>
  readonly link: Readonly<Record<Side, ReadonlyMap<string, number>>>
  readonly pumps: readonly number[]
  readonly reservoirs: readonly number[]
}

/** Writes the circuit into an empty project. Names are ours: EPANET allows 31 ASCII characters. */
export function assemble(project: EpanetProject, circuit: Circuit): Indices {
  project.init('report', 'output', FLOW_LITRES_PER_SECOND, HEAD_LOSS_DARCY_WEISBACH)
  const node = { supply: new Map<string, number>(), return: new Map<string, number>() }
  const link = { supply: new Map<string, number>(), return: new Map<string, number>() }
  const numbers = new Map([...circuit.points.keys()].map((id, i) => [id, i]))
  const nameOf = (side: Side, id: string) => `${side}${numbers.get(id) ?? ''}`

  for (const [id, point] of circuit.points) {
    for (const side of SIDES) {
      const index = project.addNode(nameOf(side, id), NODE.junction)
      project.setJunctionData(index, point.elevationM ?? 0, 0, '')
      node[side].set(id, index)
    }
  }
  for (const [i, pipe] of circuit.pipes.entries()) {
    for (const side of pipe.sides) {
      const index = project.addLink(
        `${side}pipe${i}`,
        LINK.pipe,
        nameOf(side, pipe.from),
        nameOf(side, pipe.to),
      )
      project.setPipeData(index, Math.max(pipe.lengthM, 0.1), pipe.diameterMm, pipe.roughnessMm, 0)
      link[side].set(pipe.id, index)
    }
  }
  const plants = circuit.sources.map((id) => addPlant(project, circuit, { id, nameOf }))
  project.setTimeParameter(DURATION, 0)
  project.setOption(OPTION.specificGravity, SPECIFIC_GRAVITY)
  project.setOption(OPTION.viscosity, RELATIVE_VISCOSITY)
  project.setOption(OPTION.emitterExponent, 0.5)
  project.setOption(OPTION.accuracy, 1e-5)
  project.openH()
  return { node, link, pumps: plants.map((p) => p.pump), reservoirs: plants.map((p) => p.reservoir) }
}

/** The heat plant: the holding point on the return, and the circulation pump from there to the supply. */
function addPlant(
  project: EpanetProject,
  circuit: Circuit,
  plant: { id: string; nameOf: (side: Side, id: string) => string },
): { pump: number; reservoir: number } {
  const point = circuit.points.get(plant.id)
  const source = point?.kind === 'source' ? point : undefined
  const holdingMpa = source?.holdingPressureMpa ?? DEFAULT_HOLDING_MPA
  const supplyMpa = source?.supplyPressureMpa ?? Math.max(DEFAULT_SUPPLY_MPA, holdingMpa + 0.3)
  const number = circuit.sources.indexOf(plant.id)
  const holding = `holding${number}`
  const reservoir = project.addNode(holding, NODE.reservoir)
  project.setNodeValue(
    reservoir,
    NODE_VALUE.elevation,
    (point?.elevationM ?? 0) + holdingMpa * METRES_PER_MPA,
  )

  const flow = litresPerSecond(Math.max(nominalFlowTh(circuit), 1)) / circuit.sources.length
  const head = (supplyMpa - holdingMpa) * METRES_PER_MPA
  project.addCurve(`curve${number}`)
  const curve = project.getCurveIndex(`curve${number}`)
  project.setCurve(curve, [0, flow, 2 * flow], [HEAD_SHUT_OFF * head, head, HEAD_AT_DOUBLE_FLOW * head])
  const pump = project.addLink(`pump${number}`, LINK.pump, holding, plant.nameOf('supply', plant.id))
  project.setHeadCurveIndex(pump, curve)
  const header = project.addLink(`header${number}`, LINK.pipe, plant.nameOf('return', plant.id), holding)
  project.setPipeData(header, 1, 1500, 0.5, 0)
  return { pump, reservoir }
}

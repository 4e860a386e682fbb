import { isRefusal } from '#contract/problem.ts'
import type { Refusal } from '#contract/problem.ts'
import { primaryCircuit, waterVolumeM3 } from './circuit.ts'
import type { NetworkShape } from './circuit.ts'
import { createPrimaryModel } from './primary.ts'
import type { Conditions, Leak, PrimaryModel, SteadyState } from './primary.ts'
import { secondaryState } from './secondary.ts'
import type { SecondaryLoop, SecondaryState } from './secondary.ts'
import { contractionTh, densitySlope, holeForLeakMm, leakFlowTh } from './water.ts'

/** `#hydraulics`: the one door to the hydraulic models. */
export type { Conditions, Leak, NetworkShape, PrimaryModel, SecondaryLoop, SecondaryState, SteadyState }
export { contractionTh, densitySlope, holeForLeakMm, leakFlowTh, secondaryState }

export interface Hydraulics extends PrimaryModel {
  /** Water in the primary pipes, both sides, m³. */
  readonly volumeM3: number
}

/** Builds the model of the primary network; refused with every missing figure named. */
export async function createHydraulics(shape: NetworkShape): Promise<Hydraulics | Refusal> {
  const circuit = primaryCircuit(shape)
  if (isRefusal(circuit)) return circuit
  const model = await createPrimaryModel(circuit)
  return { ...model, volumeM3: waterVolumeM3(circuit) }
}

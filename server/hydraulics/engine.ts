import { Project, Workspace } from 'epanet-js'

/**
 * The calls of the EPANET toolkit that we use. The package's own types do not resolve under `nodenext`,
 * so they are stated here; codes are the toolkit's (EN_FlowUnits, EN_LinkProperty, …).
 */
export interface EpanetProject {
  init(report: string, output: string, flowUnits: number, headLoss: number): void
  addNode(id: string, type: number): number
  setJunctionData(index: number, elevationM: number, demand: number, pattern: string): void
  setNodeValue(index: number, property: number, value: number): void
  getNodeValue(index: number, property: number): number
  getNodeValues(property: number): number[]
  addLink(id: string, type: number, from: string, to: string): number
  setPipeData(
    index: number,
    lengthM: number,
    diameterMm: number,
    roughnessMm: number,
    minorLoss: number,
  ): void
  setLinkValue(index: number, property: number, value: number): void
  getLinkValues(property: number): number[]
  addCurve(id: string): void
  getCurveIndex(id: string): number
  setCurve(index: number, x: number[], y: number[]): void
  setHeadCurveIndex(link: number, curve: number): void
  setTimeParameter(parameter: number, value: number): void
  setOption(option: number, value: number): void
  openH(): void
  initH(flag: number): void
  runH(): number
  closeH(): void
  close(): void
}

export const FLOW_LITRES_PER_SECOND = 5
export const HEAD_LOSS_DARCY_WEISBACH = 1
export const NODE = { junction: 0, reservoir: 1 } as const
export const LINK = { pipe: 1, pump: 2 } as const
export const NODE_VALUE = { elevation: 0, baseDemand: 1, emitter: 3, demand: 9, head: 10 } as const
export const LINK_VALUE = { initStatus: 4, initSetting: 5, flow: 8 } as const
export const LINK_STATUS = { closed: 0, open: 1 } as const
export const OPTION = { accuracy: 1, emitterExponent: 3, specificGravity: 12, viscosity: 13 } as const
export const DURATION = 0
/** Flows of the last step are where the next one starts. */
export const KEEP_FLOWS = 0

let workspace: Promise<Workspace> | undefined

/** A fresh EPANET project. The WASM engine is loaded once; its memory is shared by all projects. */
export async function openProject(): Promise<EpanetProject> {
  workspace ??= load()
  return new Project(await workspace)
}

async function load(): Promise<Workspace> {
  const loaded = new Workspace()
  await loaded.loadModule()
  return loaded
}

/**
 * Runs engine calls. The toolkit prints a warning at every step, which is collected here instead; an
 * uncaught error would print the whole bundle, so only its sentence goes on.
 */
export function quietly<T>(call: () => T): { readonly result: T; readonly warnings: readonly string[] } {
  const warnings: string[] = []
  const { warn, error } = console
  const collect = (...words: unknown[]) => void warnings.push(words.map(String).join(' '))
  console.warn = collect
  console.error = collect
  try {
    return { result: call(), warnings }
  } catch (cause) {
    throw new HydraulicsFailed(cause instanceof Error ? cause.message : String(cause))
  } finally {
    console.warn = warn
    console.error = error
  }
}

/** The engine could not solve the network. */
class HydraulicsFailed extends Error {
  override readonly name = 'HydraulicsFailed'
}

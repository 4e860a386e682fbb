import type { NetworkFile } from '#contract/network.ts'
import { drawTown } from './town/town.ts'

export const DEMO_SEED = 7

/** The demo's network file. The same seed gives the same file. */
export function demoNetwork(seed: number = DEMO_SEED): NetworkFile {
  return drawTown(seed)
}

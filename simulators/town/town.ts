import type { NetworkFile } from '#contract/network.ts'
import { areas } from './areas.ts'
import { placeDevices } from './devices.ts'
import { createDraft } from './draft.ts'
import { drawPrimary } from './primary.ts'
import { drawSecondary } from './secondary.ts'
import { spareSites } from './spares.ts'

/** A town like Wuda: one heat plant, a ring of trunks, 45 stations and their secondary networks. */
export function drawTown(seed: number): NetworkFile {
  const draft = createDraft()
  drawPrimary(draft, seed)
  drawSecondary(draft, seed)
  placeDevices(draft, seed, spareSites(draft))
  return draft.finish(areas())
}

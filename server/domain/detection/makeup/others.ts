import { HOUR, type Instant } from '../../instant.ts'
import type { MakeupState } from '../core/makeup-state.ts'
import type { Site } from '../core/context.ts'
import { zoneOfSource } from '../core/zones.ts'

/** What the other sources of a zone draw above their usual [t/h]. */
export interface Others {
  readonly offTh: number
  readonly sigmaTh: number
  /** In their newest quarter hours alone. */
  readonly newestTh: number
  /** One of them speaks of lost water already: it is the same. */
  readonly raised: boolean
}

const NOBODY: Others = { offTh: 0, sigmaTh: 0, newestTh: 0, raised: false }

/** Sources that hold one network together share its make-up: only their sum is what the network loses. */
export function othersOf({ run, asset }: Site, at: Instant): Others {
  const zone = zoneOfSource(run.context.network).get(asset.id)
  if (zone === undefined || zone.sourceIds.length < 2) return NOBODY
  let others = NOBODY
  for (const id of zone.sourceIds) {
    const watch = id === asset.id || !Object.hasOwn(run.state.leaks, id) ? undefined : run.state.leaks[id]
    if (watch === undefined || Math.abs(at - watch.excessAt) > HOUR) continue
    const [offTh, sigmaTh] = watch.excess
    others = {
      offTh: others.offTh + offTh,
      sigmaTh: Math.hypot(others.sigmaTh, sigmaTh),
      newestTh: others.newestTh + (newestOffOf(watch) ?? offTh),
      raised: others.raised || watch.raised !== undefined,
    }
  }
  return others
}

/** Make-up of the newest quarter hour above the usual, corrected [t/h]; undefined: there is no usual yet. */
export function newestOffOf({ flows, usual }: MakeupState): number | undefined {
  const newest = flows.at(-1)
  const contraction = flows.findLast((flow) => flow.contraction !== undefined)?.contraction
  return newest === undefined || usual === undefined
    ? undefined
    : newest.makeup - (contraction?.flowTh ?? 0) - usual
}

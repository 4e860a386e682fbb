import { HOUR, type Instant } from '../../instant.ts'
import { isQuarantined } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import type { KnownLoss } from './hypotheses.ts'
import type { LeakZone } from '../core/zones.ts'

/** What the make-up meters of a zone say at one evaluation. */
export interface WaterBalance {
  /** Undefined: there is no meter, or it is silent or at fault. */
  readonly loss: KnownLoss | undefined
  /** The make-up has raised its alarm, and since when it draws too much. */
  readonly alarmed: boolean
  /** And it has been said: it waits no longer for something that bears it out. */
  readonly said: boolean
  readonly since: Instant
}

const NOTHING: WaterBalance = { loss: undefined, alarmed: false, said: false, since: 0 }
/** How well a size by pressures and one by make-up agree: pipes are not known better. */
const SIZE_SHARE = 0.3

/** Make-up of all sources of a zone above the usual [t/h]. */
export function balanceOf(run: DetectorRun, zone: LeakZone, at: Instant): WaterBalance {
  let balance = NOTHING
  for (const id of zone.sourceIds) {
    const watch = Object.hasOwn(run.state.leaks, id) ? run.state.leaks[id] : undefined
    if (watch === undefined || Math.abs(at - watch.excessAt) > HOUR || isAtFault(run, id)) continue
    const [flowTh, sigmaTh] = watch.excess
    const { raised } = watch
    const before = balance.loss ?? { flowTh: 0, sigmaTh: 0 }
    const wider = raised === undefined ? sigmaTh : Math.hypot(sigmaTh, SIZE_SHARE * flowTh)
    balance = {
      loss: { flowTh: before.flowTh + flowTh, sigmaTh: Math.hypot(before.sigmaTh, wider) },
      alarmed: balance.alarmed || raised !== undefined,
      said: balance.said || (raised !== undefined && watch.held === undefined),
      since: Math.max(balance.since, raised?.eventAt ?? 0),
    }
  }
  return balance
}

function isAtFault(run: DetectorRun, sourceId: string): boolean {
  const source = run.context.network.points.get(sourceId)
  return (source?.devices ?? []).some(({ id, signals }) => {
    const device = Object.hasOwn(run.state.devices, id) ? run.state.devices[id] : undefined
    const signal = 'makeup_flow_t_h'
    return device !== undefined && signals.includes(signal) && isQuarantined(device, signal)
  })
}

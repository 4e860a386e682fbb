import type { Instant } from '../instant.ts'
import { enter, takeDue } from './core/agenda.ts'
import type { Finding } from './core/finding.ts'
import { siteOf, type DetectionContext, type DetectorRun, type Site } from './core/context.ts'
import { settleZones, zonesDue } from './spatial/schedule.ts'
import { settleGathering, settleSilence, silenceDue } from './silence.ts'
import { evaluateRules, rulesDue } from './rules/evaluate-rules.ts'
import type { DetectorState, DeviceState } from './core/state.ts'

/**
 * Judges what is due up to `at` without any further message: held covers, returns to normal, silence.
 * Findings carry the instant that they were due at, whenever `tick` is called.
 */
export function tick(state: DetectorState, at: Instant, context: DetectionContext): readonly Finding[] {
  const run: DetectorRun = { state, context, findings: [] }
  tickRun(run, at)
  return run.findings
}

/** The earliest instant at which `tick` may have something to say. */
export function nextDue(state: DetectorState): Instant | undefined {
  const dues = [state.agenda[0]?.at, state.gathering?.dueAt, zonesDue(state)]
  const known = dues.filter((due) => due !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** The server was away until `at`: nobody's silence is counted from before. */
export function resume(state: DetectorState, at: Instant): void {
  state.listeningSince = Math.max(state.listeningSince, at)
}

/** The same within a pass of `step`. */
export function tickRun(run: DetectorRun, at: Instant): void {
  const { state } = run
  for (;;) {
    const gathered = state.gathering?.dueAt ?? Infinity
    const zones = zonesDue(state) ?? Infinity
    const entry = takeDue(state.agenda, Math.min(at, gathered, zones))
    if (entry !== undefined) settleEntry(run, entry)
    else if (Math.min(gathered, zones) > at) break
    else if (gathered <= zones) settleGathering(run, gathered)
    else settleZones(run, zones)
  }
  if (at > state.now) state.now = at
}

function settleEntry(run: DetectorRun, entry: { readonly at: Instant; readonly id: string }): void {
  const device = run.state.devices[entry.id]
  if (device === undefined || device.due !== entry.at || Object.hasOwn(run.state.isolated, entry.id)) return
  guarded(run, device, () => {
    device.due = 0
    const site = siteOf(run, device)
    if (site === undefined) return
    evaluateRules(site, entry.at)
    settleSilence(site, entry.at)
    schedule(site, entry.at)
  })
}

/** Enters a device's next due instant. An entry that comes too early is harmless: it is asked again. */
export function schedule(site: Site, now: Instant): void {
  const { run, device } = site
  const due = Math.min(silenceDue(site) ?? Infinity, rulesDue(site, now))
  if (due === Infinity || (device.due !== 0 && device.due <= due)) return
  device.due = due
  enter(run.state.agenda, { at: due, id: device.id })
}

/** A device that makes a rule throw is set aside and shown; the others go on (F18). */
export function guarded(run: DetectorRun, device: DeviceState, work: () => void): void {
  run.context.touched?.(device.id)
  try {
    work()
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    run.state.isolated[device.id] = { since: run.state.now, reason }
  }
}

import type { Evidence, IncidentView } from '#contract/incident.ts'

/** One curve worth looking at: a signal of a device, or of an asset's devices. */
export interface CurveWanted {
  readonly key: string
  readonly signal: string
  readonly assetId: string
  readonly deviceId: string | undefined
  readonly evidence: Evidence
}

const MOST = 3

/** The curves that show why: of each piece of evidence the sensor with the largest share first. */
export function curvesOf(incident: IncidentView | undefined): readonly CurveWanted[] {
  const wanted = new Map<string, CurveWanted>()
  for (const evidence of incident?.evidence ?? []) {
    const sensors = [...(evidence.sensors ?? [])].sort((a, b) => b.share - a.share)
    const first = sensors[0]
    if (first === undefined) continue
    // The same signal at four stations says one thing; a second signal says another.
    const shown = sensors.filter((sensor, index) => index === 0 || sensor.signal !== first.signal).slice(0, 2)
    for (const { deviceId, signal: named, assetId } of shown) {
      // A lid that has said “open” or “displaced” is seen better by its angle.
      const signal = named === 'cover_open' ? 'cover_tilt_deg' : named
      const key = `${deviceId} ${signal}`
      if (!wanted.has(key)) wanted.set(key, { key, signal, assetId, deviceId, evidence })
    }
  }
  return [...wanted.values()].slice(0, MOST)
}

const BEFORE_MS = 75 * 60_000
const MAX_MS = 24 * 3600_000

/** From well before the onset to now, so that the normal course is seen beside the abnormal one. */
export function curveWindow(eventAt: number, now: number): { from: number; to: number } {
  const before = Math.max(BEFORE_MS, Math.min(6 * 3600_000, (now - eventAt) * 1.5))
  return { from: Math.max(eventAt - before, now - MAX_MS), to: now }
}

import type { Evidence } from '#contract/incident.ts'

/** Each asset with a contributing sensor once, with its largest share of the evidence. */
export function sensorShares(evidence: readonly Evidence[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  for (const sensor of evidence.flatMap((one) => one.sensors ?? [])) {
    shares.set(sensor.assetId, Math.max(sensor.share, shares.get(sensor.assetId) ?? 0))
  }
  return shares
}

/** The same of the evidence that several places share: what points at a place between them. */
export function pointingShares(evidence: readonly Evidence[]): ReadonlyMap<string, number> {
  return sensorShares(
    evidence.filter(({ sensors }) => new Set(sensors?.map(({ assetId }) => assetId)).size > 1),
  )
}

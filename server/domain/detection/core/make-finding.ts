import type { Evidence } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { DeviceFault, TicketKind } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import {
  MODEL,
  type DeviceFinding,
  type EmergencyFinding,
  type FindingFamily,
  type UpkeepFinding,
} from './finding.ts'
import { isQuarantined } from './quarantine.ts'
import type { Site } from './context.ts'

/** The figures behind one finding. */
export interface Grounds {
  readonly rule: string
  readonly sentence: LocalizedText
  readonly statistic: string
  readonly value: number
  readonly threshold: number
  readonly unit?: string
  readonly baseline?: number
  readonly observed?: number
  readonly sigma?: number
  readonly windowS?: number
  readonly signals?: readonly string[]
  readonly rejected?: readonly LocalizedText[]
}

/** Evidence of a device at its asset; its sensors share the weight evenly. */
export function evidenceOf(
  place: { readonly deviceId: string; readonly assetId: string | undefined },
  grounds: Grounds,
): Evidence {
  const { signals = [], rejected, ...figures } = grounds
  const assets = place.assetId === undefined ? [] : [place.assetId]
  return {
    ...figures,
    assets,
    sensors: assets.flatMap((assetId) =>
      signals.map((signal) => ({ deviceId: place.deviceId, signal, assetId, share: 1 / signals.length })),
    ),
    ...(rejected === undefined ? {} : { rejected: [...rejected] }),
    model: MODEL,
  }
}

/** Weight of evidence in log-odds, less when one of its signals is known to be at fault. */
export function weighed(site: Site, weight: number, signals: readonly string[]): number {
  const bad = signals.some((signal) => isQuarantined(site.device, signal))
  return bad ? weight + site.run.context.settings.weightBadQuality : weight
}

export function emergency(
  site: Site,
  facts: {
    readonly id: string
    readonly family: FindingFamily
    readonly ticketKind: TicketKind
    readonly at: Instant
    readonly eventAt: Instant
    readonly weight: number
    readonly grounds: Grounds
  },
): EmergencyFinding {
  const { asset, device } = site
  return {
    kind: 'emergency',
    id: facts.id,
    phase: 'raised',
    family: facts.family,
    ticketKind: facts.ticketKind,
    rule: facts.grounds.rule,
    at: facts.at,
    eventAt: facts.eventAt,
    assetId: asset.id,
    deviceId: device.id,
    located: true,
    candidates: [{ assetId: asset.id, share: 1 }],
    logOdds: weighed(site, facts.weight, facts.grounds.signals ?? []),
    evidence: evidenceOf({ deviceId: device.id, assetId: asset.id }, facts.grounds),
  }
}

/** Work that can wait, found at a device's asset. */
export function upkeep(
  { asset, device }: Site,
  facts: { readonly at: Instant; readonly eventAt: Instant; readonly grounds: Grounds },
): UpkeepFinding {
  const { at, eventAt, grounds } = facts
  return {
    kind: 'upkeep',
    id: `${grounds.rule}:${device.id}:${eventAt}`,
    phase: 'raised',
    at,
    eventAt,
    assetId: asset.id,
    deviceId: device.id,
    evidence: evidenceOf({ deviceId: device.id, assetId: asset.id }, grounds),
  }
}

/** What is at fault with a device, and since when. */
export interface Fault {
  readonly fault: DeviceFault
  readonly signal?: string
  readonly at: Instant
  readonly eventAt: Instant
  readonly grounds: Grounds
}

export function deviceFinding(deviceId: string, assetId: string | undefined, fault: Fault): DeviceFinding {
  return {
    kind: 'device',
    id: `${fault.fault}:${deviceId}:${fault.signal ?? ''}:${fault.eventAt}`,
    phase: 'raised',
    deviceId,
    ...(assetId === undefined ? {} : { assetId }),
    ...(fault.signal === undefined ? {} : { signal: fault.signal }),
    fault: fault.fault,
    at: fault.at,
    eventAt: fault.eventAt,
    evidence: evidenceOf({ deviceId, assetId }, fault.grounds),
  }
}

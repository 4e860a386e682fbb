import type { LocalizedText } from '#contract/text.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import type { EmergencyFinding } from '../detection/core/finding.ts'
import { figure } from '../detection/core/words.ts'
import { HOUR, MINUTE, type Instant } from '../instant.ts'
import type { Network } from '../network/network.ts'
import { hopsBetween } from '../network/topology.ts'
import { stationOf, zoneOf } from '../network/zone.ts'
import { defectKey } from './defects.ts'
import type { Incident } from './incident.ts'

/** Where a finding belongs, and why in words for the incident page. */
export type Placement =
  | { readonly kind: 'join'; readonly incidentId: string; readonly why: LocalizedText }
  | { readonly kind: 'new'; readonly why: LocalizedText }

export interface CorrelationContext {
  readonly network: Network
  readonly settings: DetectionSettings
  readonly at: Instant
}

const ALONG_PIPES: ReadonlySet<TicketKind> = new Set<TicketKind>(['primary_leak', 'hes_secondary'])

/**
 * One incident per event in the world. Cover and well findings join by well only; leaks and stations along
 * the pipes. Of several that fit, the nearest in hops, then the oldest.
 */
export function correlate(
  finding: EmergencyFinding,
  open: readonly Incident[],
  context: CorrelationContext,
): Placement {
  const own = open.find((incident) => incident.members.some((member) => member.id === finding.id))
  if (own !== undefined && own.state !== 'merged') return join(own, SAME_FINDING)
  const near = ALONG_PIPES.has(finding.ticketKind) ? alongPipes : atTheWell
  let best: { readonly incident: Incident; readonly fit: Fit } | undefined
  for (const incident of open) {
    if (incident.state === 'closed' || incident.state === 'merged') continue
    const fit = near(finding, incident, context)
    if (fit === undefined) continue
    if (
      best === undefined ||
      fit.hops < best.fit.hops ||
      (fit.hops === best.fit.hops && incident.openedAt < best.incident.openedAt)
    ) {
      best = { incident, fit }
    }
  }
  return best === undefined ? { kind: 'new', why: NOTHING_NEAR } : join(best.incident, best.fit.why)
}

interface Fit {
  readonly hops: number
  readonly why: LocalizedText
}

const SAME_FINDING: LocalizedText = { zh: '同一测点的同一异常', en: 'the same anomaly of the same sensor' }
const NOTHING_NEAR: LocalizedText = {
  zh: '附近没有可归并的未结事件,新开一个',
  en: 'no open incident near it to join, so it is a new one',
}

function join(incident: Incident, why: LocalizedText): Placement {
  return { kind: 'join', incidentId: incident.id, why }
}

/** A locked incident takes only what it already has a ticket for: one open defect never gets two. */
function isLocked(
  incident: Incident,
  finding: EmergencyFinding,
  { settings, at }: CorrelationContext,
): boolean {
  if (at - incident.openedAt <= settings.incidentWindowH * HOUR) return false
  const key = defectKey(finding.ticketKind, finding.assetId)
  return !incident.members.some((member) => defectKey(member.kind, member.assetId) === key)
}

function atTheWell(
  finding: EmergencyFinding,
  incident: Incident,
  context: CorrelationContext,
): Fit | undefined {
  const { assetId } = finding
  if (assetId === undefined || isLocked(incident, finding, context)) return undefined
  const there = incident.members.filter(
    (member) => member.assetId === assetId && !ALONG_PIPES.has(member.kind),
  )
  const first = there[0]
  if (first === undefined) return undefined
  const apart = minutesWords(finding.at, incident.openedAt)
  return {
    hops: 0,
    why: {
      zh: `同一口井 ${assetId},距事件开始${apart.zh}`,
      en: `the same well ${assetId}, ${apart.en} after the incident began`,
    },
  }
}

function alongPipes(
  finding: EmergencyFinding,
  incident: Incident,
  context: CorrelationContext,
): Fit | undefined {
  const { network, settings, at } = context
  const same = incident.members.filter((member) => member.kind === finding.ticketKind)
  if (same.length === 0 || isLocked(incident, finding, context)) return undefined
  const mine = placesOf(finding.candidates, finding)
  const theirs = placesOf(
    incident.candidates,
    undefined,
    same.flatMap((member) => [...(member.evidence?.assets ?? []), ...(member.assetId ?? [])]),
  )
  if (finding.ticketKind === 'hes_secondary') return sameStation(mine, theirs, finding, { incident, network })
  const apart = minutesWords(finding.at, incident.openedAt)
  if (!finding.located || !incident.located) {
    if (!connected(network, mine, theirs)) return undefined
    return {
      hops: 0,
      why: {
        zh: `同一水力分区:补水异常与泄漏互为佐证,相隔${apart.zh}`,
        en: `the same hydraulic zone: loss of water and leak support each other, ${apart.en} apart`,
      },
    }
  }
  const latest = Math.max(...same.map((member) => member.joinedAt))
  if (at - latest > settings.incidentJoinMin * MINUTE) return undefined
  const hops = leastHops(network, mine, theirs, settings.incidentHops)
  if (hops === undefined || !shareZone(network, mine, theirs)) return undefined
  return {
    hops,
    why: {
      zh: `同一分区,沿管道 ${hops} 跳,相隔${apart.zh}`,
      en: `the same zone, ${hops} ${hops === 1 ? 'hop' : 'hops'} along the pipes, ${apart.en} apart`,
    },
  }
}

function placesOf(
  candidates: Incident['candidates'],
  finding: EmergencyFinding | undefined,
  more: readonly string[] = [],
): readonly string[] {
  const ids = [...candidates.map((one) => one.assetId), ...more]
  if (finding !== undefined)
    ids.push(...finding.evidence.assets, ...(finding.assetId === undefined ? [] : [finding.assetId]))
  return [...new Set(ids)]
}

function sameStation(
  mine: readonly string[],
  theirs: readonly string[],
  finding: EmergencyFinding,
  { incident, network }: { readonly incident: Incident; readonly network: Network },
): Fit | undefined {
  const stations = new Set(theirs.flatMap((id) => stationOf(network, id) ?? []))
  const station = mine.flatMap((id) => stationOf(network, id) ?? []).find((id) => stations.has(id))
  if (station === undefined) return undefined
  const apart = minutesWords(finding.at, incident.openedAt)
  return {
    hops: 0,
    why: {
      zh: `同属换热站 ${station} 的二次网,相隔${apart.zh}`,
      en: `both on the secondary network of station ${station}, ${apart.en} apart`,
    },
  }
}

function connected(network: Network, mine: readonly string[], theirs: readonly string[]): boolean {
  return (
    shareZone(network, mine, theirs) ||
    leastHops(network, mine.slice(0, 1), theirs.slice(0, 1), Infinity) !== undefined
  )
}

function shareZone(network: Network, mine: readonly string[], theirs: readonly string[]): boolean {
  const zones = new Set(theirs.map((id) => zoneOf(network, id)))
  return mine.some((id) => zones.has(zoneOf(network, id)))
}

function leastHops(
  network: Network,
  mine: readonly string[],
  theirs: readonly string[],
  limit: number,
): number | undefined {
  let least: number | undefined
  for (const a of mine) {
    for (const b of theirs) {
      const hops = hopsBetween(network, a, b, least ?? limit)
      if (hops !== undefined && (least === undefined || hops < least)) least = hops
      if (least === 0) return 0
    }
  }
  return least
}

function minutesWords(later: Instant, earlier: Instant): LocalizedText {
  const minutes = figure(Math.abs(later - earlier) / MINUTE, 0)
  return { zh: ` ${minutes} 分钟`, en: `${minutes} min` }
}

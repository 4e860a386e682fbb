import type { CallMatch } from '#contract/hotline.ts'
import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import type { Incident } from '../incident/incident.ts'
import { assetOf, positionOf } from '../network/assets.ts'
import { distanceM } from '../network/geometry.ts'
import { distanceToAsset } from '../network/locate.ts'
import type { Network } from '../network/network.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

/** An open incident with its open tickets, as a caller may meet it. */
export interface KnownIncident {
  readonly incident: Incident
  readonly openTickets: readonly { readonly id: string; readonly kind: TicketKind }[]
}

export interface CallPlace {
  readonly kind?: TicketKind
  readonly assetId?: string
  readonly position?: Position
}

/**
 * Open incidents near a caller, nearest first, and which one the call would join: the same kind on the
 * same asset or within the policy's 50 m.
 */
export function matchCall(
  call: CallPlace,
  known: readonly KnownIncident[],
  world: { readonly network: Network; readonly policy: PolicyPack },
): readonly CallMatch[] {
  const { joinRadiusM, nearbyRadiusM } = world.policy.settings
  const found = known.flatMap((one): CallMatch[] => {
    const sameAsset = call.assetId !== undefined && one.incident.assetIds.includes(call.assetId)
    const away = distanceTo(call, one.incident, world.network)
    if (!sameAsset && (away === undefined || away > nearbyRadiusM)) return []
    const same = one.openTickets.find(({ kind }) => kind === call.kind)
    const isThere = sameAsset || (away !== undefined && away <= joinRadiusM)
    const ticketId = same?.id ?? one.openTickets[0]?.id
    return [
      {
        incidentId: one.incident.id,
        kind: same?.kind ?? one.incident.kind,
        sameKind: same !== undefined,
        wouldJoin: same !== undefined && isThere,
        why: wordsOf(sameAsset, away, same !== undefined),
        ...(ticketId === undefined ? {} : { ticketId }),
        ...(sameAsset ? { distanceM: 0 } : away === undefined ? {} : { distanceM: Math.round(away) }),
      },
    ]
  })
  return found.sort(
    (a, b) => Number(b.wouldJoin) - Number(a.wouldJoin) || (a.distanceM ?? 0) - (b.distanceM ?? 0),
  )
}

function distanceTo(call: CallPlace, incident: Incident, network: Network): number | undefined {
  const asset = call.assetId === undefined ? undefined : assetOf(network, call.assetId)
  const from = call.position ?? (asset === undefined ? undefined : positionOf(asset))
  if (from === undefined) return undefined
  const assets = incident.assetIds.flatMap((id) => assetOf(network, id) ?? [])
  const distances = assets.map((each) => distanceToAsset(each, from))
  if (incident.position !== undefined) distances.push(distanceM(from, incident.position))
  return distances.length === 0 ? undefined : Math.min(...distances)
}

function wordsOf(sameAsset: boolean, away: number | undefined, sameKind: boolean): LocalizedText {
  const metres = away === undefined ? '' : String(Math.round(away))
  const where = sameAsset
    ? { zh: '同一资产', en: 'the same asset' }
    : { zh: `相距 ${metres} 米`, en: `${metres} m away` }
  const what = sameKind ? { zh: '同类', en: 'the same kind' } : { zh: '不同类', en: 'another kind' }
  return { zh: `${where.zh},${what.zh}`, en: `${where.en}, ${what.en}` }
}

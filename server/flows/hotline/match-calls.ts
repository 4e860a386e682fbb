import type { CallMatch } from '#contract/hotline.ts'
import type { Position } from '#contract/identity.ts'
import type { NoticeView } from '#contract/notice.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { matchCall } from '../../domain/hotline/match.ts'
import { assetOf, positionOf } from '../../domain/network/assets.ts'
import type { Services } from '../decisions/decisions.ts'
import { currentNotices } from '../notice/publish-notice.ts'
import { knownIncidents } from '../hotline/take-call.ts'

export interface NearQuery {
  readonly lon?: number
  readonly lat?: number
  readonly address?: string
  readonly assetId?: string
  readonly kind?: TicketKind
}

/** What is known near a caller while he or she talks: open incidents, their tickets, notices. */
export async function matchesNear(
  services: Services,
  query: NearQuery,
): Promise<{
  readonly items: readonly CallMatch[]
  readonly tickets: readonly { readonly id: string; readonly number: string; readonly kind: TicketKind }[]
  readonly notices: readonly NoticeView[]
}> {
  const { lon, lat, address, assetId, kind } = query
  const network = services.network.current()
  const asset = assetId === undefined ? undefined : assetOf(network, assetId)
  const said: Position | undefined = lon === undefined || lat === undefined ? undefined : [lon, lat]
  const position = said ?? (asset === undefined ? undefined : positionOf(asset))
  const place = {
    ...(kind === undefined ? {} : { kind }),
    ...(assetId === undefined ? {} : { assetId }),
    ...(position === undefined ? {} : { position }),
  }
  // Nobody on the telephone is told of a rehearsal.
  const known = (await knownIncidents({ repositories: services.store.read })).filter(
    ({ incident }) => !incident.exercise,
  )
  const items = matchCall(place, known, { network, policy: services.rules.policy })
  const same =
    address === undefined || address.trim() === ''
      ? []
      : (await services.store.read.tickets.list({ state: 'open', q: address, limit: 20 })).items
  return {
    items,
    tickets: same
      .filter(({ ticket }) => !ticket.exercise)
      .map(({ ticket }) => ({ id: ticket.id, number: ticket.number, kind: ticket.kind })),
    notices: await currentNotices(services, position),
  }
}

import type { LocationCandidate } from '#contract/incident.ts'
import type { Position } from '#contract/identity.ts'
import { isUrgent, type TicketKind, type TicketSource } from '#contract/vocabulary.ts'
import type { Actor } from '../../domain/access/actor.ts'
import { instantText, MINUTE, type Instant } from '../../domain/instant.ts'
import { areaAt } from '../../domain/network/areas.ts'
import type { Network } from '../../domain/network/network.ts'
import { assetOf, positionOf } from '../../domain/network/assets.ts'
import { worksAt } from '../../domain/notice/notice.ts'
import { localDate } from '../../domain/policy/calendar.ts'
import { openTicket } from '../../domain/ticket/open.ts'
import { route, type Route } from '../../domain/ticket/route.ts'
import { appendEvents, written } from './append-events.ts'
import type { Services, TicketHistory, Transaction } from './decisions.ts'

/** One thing to repair or to answer, on its way to a ticket. */
export interface Defect {
  readonly kind: TicketKind
  readonly source: TicketSource
  readonly openedAt: Instant
  readonly eventAt?: Instant
  readonly incidentId?: string
  readonly assetId?: string
  readonly position?: Position
  readonly address?: string
  readonly candidates?: readonly LocationCandidate[]
  readonly callId?: string
  readonly hot?: boolean
  readonly exercise: boolean
}

/** Opens the ticket of a defect: kind, level, route and number, decided as of the report. */
export async function openDefect(
  transaction: Transaction,
  defect: Defect,
  by: { readonly actor: Actor; readonly confirmed: boolean },
): Promise<TicketHistory> {
  const { services, repositories } = transaction
  const at = services.clock.now()
  const asset = assetOf(services.network.current(), defect.assetId ?? '')
  const position = defect.position ?? (asset === undefined ? undefined : positionOf(asset))
  const area =
    position === undefined
      ? undefined
      : areaAt(networkAsOf(services, defect.openedAt), position, defect.openedAt)
  const address = defect.address ?? asset?.address
  const works =
    defect.assetId === undefined
      ? undefined
      : worksAt(await repositories.notices.current(defect.openedAt), defect.assetId, defect.openedAt)
  const events = openTicket(
    {
      ...saidOf(defect),
      number: await nextNumber(transaction, at),
      route: routeOf(services, defect),
      managedBy: asset !== undefined && 'managedBy' in asset ? (asset.managedBy ?? 'own') : 'own',
      ...(services.rules.edition === undefined ? {} : { edition: services.rules.edition }),
      flags: [
        ...(works === undefined ? [] : ['works_registered' as const]),
        ...(defect.hot === true ? ['hot' as const] : []),
        ...(isEnteredLate(services, defect, at) ? ['late_entry' as const] : []),
      ],
      ...(position === undefined ? {} : { position }),
      ...(address === undefined ? {} : { address }),
      ...(area?.kind === 'one' ? { areaId: area.area.id } : {}),
    },
    { ...by, at },
    services.rules.policy,
    services.newId,
  )
  const history = written(
    await appendEvents(transaction, { id: services.newId(), before: [], added: events }, at),
  )
  announce(transaction, history, at)
  return history
}

/** Somebody took it down long before it was entered (G6); what a sensor saw late is no entry of anybody's. */
export function isEnteredLate(
  { rules }: Services,
  { source, openedAt }: Pick<Defect, 'source' | 'openedAt'>,
  at: Instant,
): boolean {
  return source !== 'sensor' && at - openedAt > rules.policy.settings.lateEntryMinutes * MINUTE
}

function saidOf({ candidates: _candidates, hot: _hot, ...said }: Defect) {
  return said
}

/** A report from before the first import is judged by the network that we know. */
function networkAsOf({ network }: Services, asOf: Instant): Network {
  const then = network.asOf(asOf)
  return then.points.size > 0 ? then : network.current()
}

/** The department by the division of responsibility as of the report (A10, A11). */
export function routeOf(services: Services, defect: Defect, asOf: Instant = defect.openedAt): Route {
  const { kind, assetId, position, candidates } = defect
  return route({
    network: networkAsOf(services, asOf),
    kind,
    asOf,
    ...(assetId === undefined ? {} : { assetId }),
    ...(position === undefined ? {} : { position }),
    ...(candidates === undefined ? {} : { candidates }),
    ...sharesOf(services),
  })
}

/** What of routing the policy leaves to a setting (A42). */
function sharesOf({ rules }: Services): { readonly nearM: number; readonly clearShare?: number } {
  const { joinRadiusM, clearShare } = rules.policy.settings
  return { nearM: joinRadiusM, ...(clearShare === undefined ? {} : { clearShare }) }
}

async function nextNumber({ repositories }: Transaction, at: Instant): Promise<string> {
  const day = localDate(at).replaceAll('-', '')
  return `GW-${day}-${String(await repositories.tickets.nextNumber(day)).padStart(3, '0')}`
}

/** 特级 and 一级 are heard; the others are a silent line. */
function announce({ services, changes }: Transaction, { ticket }: TicketHistory, at: Instant): void {
  const { policy } = services.rules
  const { level, kind, number, id, incidentId } = ticket
  const name = policy.kinds[kind].name
  const place = ticket.address ?? ticket.assetId
  const drill = ticket.exercise ? { zh: '【演练】', en: 'EXERCISE: ' } : { zh: '', en: '' }
  changes.alarms.push({
    id: services.newId(),
    at: instantText(at),
    ticketId: id,
    ...(incidentId === undefined ? {} : { incidentId }),
    text: {
      zh: `${drill.zh}${policy.levels[level].name.zh} ${name.zh}${place === undefined ? '' : ` ${place}`}(${number})`,
      en: `${drill.en}${policy.levels[level].name.en}: ${name.en}${place === undefined ? '' : `, ${place}`} (${number})`,
    },
    ...(isUrgent(level) ? { sound: level } : {}),
  })
}

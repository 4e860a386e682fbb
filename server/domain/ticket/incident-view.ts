import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import { LEVELS, type Level } from '#contract/vocabulary.ts'
import type { Incident } from '../incident/incident.ts'
import { longestShelving } from '../incident/shelve.ts'
import { instantText, type Instant } from '../instant.ts'
import type { Rules } from './clock.ts'
import { headlineOf, isCounting } from './headline.ts'
import type { Ticket } from './ticket.ts'

/** An incident as the API shows it at `at`, callers' numbers whole. */
export function incidentView(
  incident: Incident,
  known: { readonly tickets: readonly Ticket[]; readonly calls: readonly CallView[] },
  rules: Rules,
  at: Instant,
): IncidentView {
  const { id, kind, state, confidence, assetIds, located, candidates, exercise, position } = incident
  const { acknowledgedAt, acknowledgedBy } = incident
  const level = incidentLevel(incident, known.tickets, rules, at)
  const maxShelvingMinutes = longestShelving(level, rules.policy)
  const evidence = incident.members.flatMap((member) => member.evidence ?? [])
  return {
    id,
    kind,
    state,
    confidence,
    located,
    exercise,
    level,
    ...(maxShelvingMinutes === undefined ? {} : { maxShelvingMinutes }),
    openedAt: instantText(incident.openedAt),
    eventAt: instantText(incident.eventAt),
    ...(acknowledgedAt === undefined ? {} : { acknowledgedAt: instantText(acknowledgedAt) }),
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
    ...(incident.withdrawn === undefined
      ? {}
      : {
          withdrawn: incident.withdrawn.map(({ by, ...when }) => ({
            acknowledgedAt: instantText(when.acknowledgedAt),
            by,
            at: instantText(when.at),
          })),
        }),
    ...shelving(incident, at),
    assetIds: [...assetIds],
    location: {
      ...(position === undefined ? {} : { position: [position[0], position[1]] }),
      candidates: candidates.map(({ assetId, share }) => ({ assetId, share })),
    },
    evidence,
    members: incident.members.map(({ id: memberId, type, ticketId, joinedAt, why, clearedAt }) => ({
      id: memberId,
      type,
      ...(ticketId === undefined ? {} : { ticketId }),
      joinedAt: instantText(joinedAt),
      why,
      ...(clearedAt === undefined ? {} : { clearedAt: instantText(clearedAt) }),
    })),
    ticketIds: known.tickets.map((ticket) => ticket.id),
    calls: [...known.calls],
  }
}

function shelving({ shelvedUntil, shelvedBy, shelvedReason }: Incident, at: Instant) {
  if (shelvedUntil === undefined || shelvedUntil <= at) return {}
  return {
    shelvedUntil: instantText(shelvedUntil),
    ...(shelvedBy === undefined ? {} : { shelvedBy }),
    ...(shelvedReason === undefined ? {} : { shelvedReason }),
  }
}

/** Of the highest ticket whose headline clock still runs; else of the highest. */
function incidentLevel(
  incident: Pick<Incident, 'kind'>,
  tickets: readonly Ticket[],
  rules: Rules,
  at: Instant,
): Level {
  const counting = tickets.filter((ticket) => isCounting(headlineOf(ticket, rules, at)))
  const levels = new Set((counting.length > 0 ? counting : tickets).map(({ level }) => level))
  return LEVELS.find((level) => levels.has(level)) ?? rules.policy.kinds[incident.kind].level
}

import { latest } from '../../domain/duty/book.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Surroundings } from '../../domain/ticket/command.ts'
import type { Route } from '../../domain/ticket/route.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { Services, Repositories } from './decisions.ts'
import { routeOf } from './open-ticket.ts'

/** What is known around tickets at an instant: departments, who works without the system, the route now. */
export async function surroundingsAt(
  services: Services,
  repositories: Repositories,
  at: Instant,
): Promise<(ticket: Ticket, incident?: Incident) => Surroundings> {
  const departments = new Map(
    [...services.network.current().departments.values()].map(({ id, name }) => [id, name]),
  )
  const plans = Map.groupBy(await repositories.duty.roster.plans(), ({ departmentId }) => departmentId)
  return (ticket, incident) => {
    let route: Route | undefined
    return {
      departments,
      writesByHand: latest(plans.get(ticket.department.id) ?? [], at)?.connected === false,
      get routeNow() {
        return (route ??= routeNow(services, ticket, incident, at))
      },
    }
  }
}

/** The department by the division of responsibility in force now, which may not be the one of the report. */
function routeNow(services: Services, ticket: Ticket, incident: Incident | undefined, at: Instant): Route {
  const { kind, source, openedAt, exercise, assetId, position } = ticket
  const where = assetId === undefined ? { candidates: incident?.candidates ?? [] } : { assetId }
  const nearby = position === undefined ? {} : { position }
  return routeOf(services, { kind, source, openedAt, exercise, ...where, ...nearby }, at)
}

/** The incident tells where a ticket may lie that has no asset of its own. */
export async function incidentOf(
  repositories: Repositories,
  { assetId, incidentId }: Ticket,
): Promise<Incident | undefined> {
  return assetId !== undefined || incidentId === undefined
    ? undefined
    : repositories.incidents.load(incidentId)
}

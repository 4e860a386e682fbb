import Type from 'typebox'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { CommandRequest, type TicketView } from '#contract/ticket.ts'
import { COMMANDS } from '#contract/commands/commands.ts'
import { LEVELS, TICKET_KINDS, TICKET_STATES } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import { holderOf, ticketFor } from '../../domain/access/mask.ts'
import { ticketTo } from '../../domain/ticket/ticket-for.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { runTicketCommand } from '../../flows/ticket/run-ticket-command.ts'
import { showTicket, showTicketAt, showTickets } from '../../flows/decisions/show-tickets.ts'
import { PAGE_QUERY, pageSize } from '../core/body.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'
import { onceOf } from '../core/once.ts'
import { queryInstant } from '../core/times.ts'

const TicketQuery = Type.Object({
  state: Type.Optional(Type.Enum([...TICKET_STATES, 'open'])),
  kind: Type.Optional(Type.Enum(TICKET_KINDS)),
  level: Type.Optional(Type.Enum(LEVELS)),
  department: Type.Optional(Type.String({ maxLength: 64 })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  ...PAGE_QUERY,
})
const Params = Type.Object({ id: Type.String({ maxLength: 100 }) })

/** `GET /tickets`, `GET /tickets/{id}?at=`, `POST /tickets/{id}/commands`. */
export function ticketRoutes(services: Services): (http: Http) => void {
  return (http) => {
    http.get(
      ROUTES.tickets,
      { schema: { querystring: TicketQuery }, config: COSTLY },
      async (request, reply) => {
        const actor = actorOf(request)
        const { limit, ...filter } = request.query
        const page = await showTickets(services, { ...filter, limit: pageSize(limit) }, (ticket) =>
          ticketTo(ticket, actor),
        )
        return answerLarge(reply, { ...page, items: page.items.values() })
      },
    )

    const one = {
      params: Params,
      querystring: Type.Object({ at: Type.Optional(Type.String({ maxLength: 40 })) }),
    }
    // The past of one ticket is no more than its events.
    http.get(`${ROUTES.tickets}/:id`, { schema: one, config: { costly: false } }, async (request, reply) => {
      const actor = actorOf(request)
      const { id } = request.params
      const at = queryInstant(request.query.at, 'at')
      if (isRefusal(at)) return answer(reply, at)
      const present = await now(id, actor)
      const past = at === undefined ? undefined : await showTicketAt(services, id, at)
      if (present === undefined || (at !== undefined && past === undefined))
        return answer(reply, refuse('not-found', { zh: '没有这个工单', en: 'there is no such ticket' }))
      return answer(reply, past === undefined ? present : ticketFor(past, actor, holderOf(present)))
    })

    // Rights come before fields, and a missing field names its clause: the body is judged further in.
    const command = { schema: { params: Params, body: CommandRequest }, attachValidation: true }
    http.post(`${ROUTES.tickets}/:id/commands`, command, async (request, reply) => {
      const actor = actorOf(request)
      const body = objectOf(request.body)
      const name = COMMANDS.find((each) => each === body['command'])
      if (name === undefined)
        return answer(
          reply,
          refuse('bad-request', {
            zh: `没有这个命令: ${String(body['command'])}`,
            en: `there is no command ${String(body['command'])}`,
          }),
        )
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { version } = body
      const isVersion = typeof version === 'number' && Number.isSafeInteger(version) && version > 0
      const asked = { command: name, version: isVersion ? version : undefined, body }
      const done = await runTicketCommand(services, { id: request.params.id, command: asked, actor }, once)
      return answer(reply, done)
    })
  }

  async function now(id: string, viewer: Person): Promise<TicketView | undefined> {
    const repositories = services.store.read
    const history = await repositories.tickets.load(id)
    return history === undefined
      ? undefined
      : showTicket({ services, repositories }, history, services.clock.now(), viewer)
  }
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}

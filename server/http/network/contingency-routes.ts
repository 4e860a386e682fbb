import Type from 'typebox'
import { TickRequest } from '#contract/contingency.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { contingencyView } from '../../domain/duty/duty-view.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { readContingency, tickContingency, type Contingency } from '../../flows/ticket/tick-contingency.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'
import { bodyInstants } from '../core/times.ts'

const Ticket = Type.Object({ id: Type.String({ maxLength: 100 }) })
const Item = Type.Object({ ...Ticket.properties, item: Type.String({ maxLength: 64 }) })

/** 应急预案: `GET /tickets/{id}/contingency`, `POST /tickets/{id}/contingency/{item}`. */
export function contingencyRoutes(services: Services): (http: Http) => void {
  const view = ({ ticket, ticks }: Contingency) => contingencyView(ticket, ticks, services.rules.policy)
  return (http) => {
    http.get(`${ROUTES.tickets}/:id/contingency`, { schema: { params: Ticket } }, async (request, reply) => {
      actorOf(request)
      const found = await readContingency(services, request.params.id)
      return answer(
        reply,
        found === undefined
          ? refuse('not-found', { zh: '没有这个工单', en: 'there is no such ticket' })
          : view(found),
      )
    })

    const tick = { schema: { params: Item, body: TickRequest }, attachValidation: true }
    http.post(`${ROUTES.tickets}/:id/contingency/:item`, tick, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { done = true, occurredAt, note } = request.body
      const times = bodyInstants({ occurredAt }, 'occurredAt')
      const asked = {
        ticketId: request.params.id,
        itemId: request.params.item,
        done,
        actor,
        ...times,
        ...(note === undefined ? {} : { note }),
      }
      const result = await tickContingency(services, asked, once)
      return answer(reply, isRefusal(result) ? result : view(result))
    })
  }
}

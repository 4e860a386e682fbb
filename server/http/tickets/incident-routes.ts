import Type from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readableText } from '#contract/names.ts'
import { InstantText } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { INCIDENT_STATES } from '#contract/vocabulary.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { incidentFor } from '../../domain/access/mask.ts'
import { changeIncident, type IncidentChange } from '../../flows/incident/change-incident.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { showIncident, showIncidents } from '../../flows/decisions/show-tickets.ts'
import { PAGE_QUERY, pageSize, wrongBody } from '../core/body.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'
import { onceOf } from '../core/once.ts'
import { instantOf } from '../core/times.ts'

const Query = Type.Object({ state: Type.Optional(Type.Enum([...INCIDENT_STATES, 'open'])), ...PAGE_QUERY })
const Params = Type.Object({ id: Type.String({ maxLength: 100 }) })
const Shelve = Type.Object({ until: InstantText, reason: readableText(2000) })
const Merge = Type.Object({ into: Type.String({ minLength: 1, maxLength: 100 }), reason: readableText(2000) })
const Split = Type.Object({
  memberIds: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 500 }),
  reason: readableText(2000),
})

/** Incidents: lists, one, and what people do with them as a whole. */
export function incidentRoutes(services: Services): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.incidents, { schema: { querystring: Query }, config: COSTLY }, async (request, reply) => {
      const actor = actorOf(request)
      const { limit, ...filter } = request.query
      const page = await showIncidents(services, { ...filter, limit: pageSize(limit) })
      return answerLarge(reply, {
        ...page,
        items: page.items.values().map((incident) => incidentFor(incident, actor)),
      })
    })
    http.get(`${ROUTES.incidents}/:id`, { schema: { params: Params } }, async (request, reply) => {
      const actor = actorOf(request)
      const { read } = services.store
      const incident = await read.incidents.load(request.params.id)
      if (incident === undefined)
        return answer(reply, refuse('not-found', { zh: '没有这个事件', en: 'there is no such incident' }))
      return incidentFor(await showIncident(services, read, incident, services.clock.now()), actor)
    })

    http.post(`${ROUTES.incidents}/:id/acknowledge`, { schema: { params: Params } }, (request, reply) =>
      run(request, reply, 'acknowledge', () => ({ kind: 'acknowledge' })),
    )
    http.delete(`${ROUTES.incidents}/:id/acknowledge`, { schema: { params: Params } }, (request, reply) =>
      run(request, reply, 'withdraw', () => ({ kind: 'withdraw' })),
    )
    const shelve = { schema: { params: Params, body: Shelve }, attachValidation: true }
    http.post(`${ROUTES.incidents}/:id/shelve`, shelve, (request, reply) =>
      run(request, reply, 'shelve', () => {
        const { until, reason } = request.body
        return { kind: 'shelve', until: instantOf(until), reason }
      }),
    )
    const merge = { schema: { params: Params, body: Merge }, attachValidation: true }
    http.post(`${ROUTES.incidents}/:id/merge`, merge, (request, reply) =>
      run(request, reply, 'merge', () => {
        const { into, reason } = request.body
        return { kind: 'merge', into, reason }
      }),
    )
    const split = { schema: { params: Params, body: Split }, attachValidation: true }
    http.post(`${ROUTES.incidents}/:id/split`, split, (request, reply) =>
      run(request, reply, 'split', () => {
        const { memberIds, reason } = request.body
        return { kind: 'split', memberIds, reason }
      }),
    )
  }

  /** Rights come before the body, which `change` reads once it is known to be sound. */
  async function run<Kind extends IncidentChange['kind']>(
    ...[request, reply, kind, change]: [
      FastifyRequest,
      FastifyReply,
      Kind,
      () => IncidentChange & { readonly kind: Kind },
    ]
  ): Promise<FastifyReply> {
    const actor = actorOf(request)
    const wrong = refuseUnless(actor, kind) ?? wrongBody(request)
    if (wrong !== undefined) return answer(reply, wrong)
    const once = onceOf(request)
    if (isRefusal(once)) return answer(reply, once)
    const { id } = request.params as Type.Static<typeof Params>
    const done = await changeIncident(services, { id, change: change(), actor }, once)
    if (isRefusal(done)) return answer(reply, done)
    const shown =
      'incidents' in done
        ? { incidents: done.incidents.map((incident) => incidentFor(incident, actor)) }
        : incidentFor(done, actor)
    return answer(reply, shown)
  }
}

import Type from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { InstantText } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { INCIDENT_STATES } from '#contract/vocabulary.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { incidentFor } from '../../domain/access/mask.ts'
import { parseInstant } from '../../domain/instant.ts'
import { changeIncident, type IncidentChange } from '../../flows/incident/change-incident.ts'
import type { Desk } from '../../flows/decisions.ts'
import { showIncident, showIncidents } from '../../flows/ticket/show-tickets.ts'
import { pageSize, wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'

const Query = Type.Object({
  state: Type.Optional(Type.Enum([...INCIDENT_STATES, 'open'])),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}_.{1,100}$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
const Params = Type.Object({ id: Type.String({ maxLength: 100 }) })
const Reason = Type.String({ minLength: 1, maxLength: 2000 })
const BODIES = {
  acknowledge: Type.Object({}),
  shelve: Type.Object({ until: InstantText, reason: Reason }),
  merge: Type.Object({ into: Type.String({ maxLength: 100 }), reason: Reason }),
  split: Type.Object({
    memberIds: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 500 }),
    reason: Reason,
  }),
}

/** Incidents: lists, one, and what people do with them as a whole (contract.md §4). */
export function incidentRoutes(desk: Desk): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.incidents, { schema: { querystring: Query } }, async (request) => {
      const actor = actorOf(request)
      const { limit, ...filter } = request.query
      const page = await showIncidents(desk, { ...filter, limit: pageSize(limit) })
      return { ...page, items: page.items.map((incident) => incidentFor(incident, actor)) }
    })
    http.get(`${ROUTES.incidents}/:id`, { schema: { params: Params } }, async (request, reply) => {
      const actor = actorOf(request)
      const { read } = desk.store
      const incident = await read.incidents.load(request.params.id)
      if (incident === undefined)
        return answer(reply, refuse('not-found', { zh: '没有这个事件', en: 'there is no such incident' }))
      return incidentFor(await showIncident(desk, read, incident, desk.clock.now()), actor)
    })

    const change = (kind: IncidentChange['kind']) => ({
      schema: { params: Params, ...(kind === 'acknowledge' ? {} : { body: BODIES[kind] }) },
      attachValidation: true,
    })
    http.post(`${ROUTES.incidents}/:id/acknowledge`, change('acknowledge'), (request, reply) =>
      run(request, reply, () => ({ kind: 'acknowledge' })),
    )
    http.post(`${ROUTES.incidents}/:id/shelve`, change('shelve'), (request, reply) =>
      run(request, reply, (body: Type.Static<typeof BODIES.shelve>) => {
        const until = parseInstant(body.until)
        return until === undefined ? undefined : { kind: 'shelve', until, reason: body.reason }
      }),
    )
    http.post(`${ROUTES.incidents}/:id/merge`, change('merge'), (request, reply) =>
      run(request, reply, (body: Type.Static<typeof BODIES.merge>) => ({ kind: 'merge', ...body })),
    )
    http.post(`${ROUTES.incidents}/:id/split`, change('split'), (request, reply) =>
      run(request, reply, (body: Type.Static<typeof BODIES.split>) => ({ kind: 'split', ...body })),
    )
  }

  async function run<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (body: Body) => IncidentChange | undefined,
  ): Promise<FastifyReply> {
    const actor = actorOf(request)
    const kind = request.url.split('?')[0]?.split('/').at(-1)
    const wrong =
      refuseUnless(actor, kind === 'shelve' || kind === 'merge' || kind === 'split' ? kind : 'acknowledge') ??
      wrongBody(request)
    if (wrong !== undefined) return answer(reply, wrong)
    // Validated by the route's own schema, see `wrongBody`.
    const asked = read(request.body as Body)
    if (asked === undefined)
      return answer(
        reply,
        refuse('bad-time', { zh: 'until 须为带时区的时间', en: 'until must be a time with its offset' }),
      )
    const once = onceOf(request)
    if (isRefusal(once)) return answer(reply, once)
    const { id } = request.params as { id: string }
    const done = await changeIncident(desk, { id, change: asked, actor }, once)
    if (isRefusal(done)) return answer(reply, done)
    const shown =
      'incidents' in done
        ? { incidents: done.incidents.map((incident) => incidentFor(incident, actor)) }
        : incidentFor(done, actor)
    return answer(reply, shown)
  }
}

import Type from 'typebox'
import { DrillRequest } from '#contract/drill.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { allDrills, beginDrill, currentDrills, endDrill, reportDrill } from '../../flows/ticket/run-drill.ts'
import { wrongBody } from '../core/body.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'
import { bodyInstants } from '../core/times.ts'

const Query = Type.Object({ all: Type.Optional(Type.Boolean({ description: 'those that are over too' })) })
const Params = Type.Object({ id: Type.String({ maxLength: 100 }) })

/** `GET /drills`, `POST /drills`, `DELETE /drills/{id}`, `GET /drills/{id}/report`: rehearsals. */
export function drillRoutes(services: Services): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.drills, { schema: { querystring: Query }, config: COSTLY }, async (request) => {
      actorOf(request)
      const { all } = request.query
      return { items: await (all === true ? allDrills(services) : currentDrills(services)) }
    })
    http.get(
      `${ROUTES.drills}/:id/report`,
      { schema: { params: Params }, config: COSTLY },
      async (request, reply) => {
        actorOf(request)
        return answer(reply, await reportDrill(services, request.params.id))
      },
    )
    const begin = { schema: { body: DrillRequest }, attachValidation: true }
    http.post(ROUTES.drills, begin, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseUnless(actor, 'run_drill') ?? wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      const { until: text, ...said } = request.body
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const asked = { ...said, actor, ...bodyInstants({ until: text }, 'until') }
      return answer(reply, await beginDrill(services, asked, once), 201)
    })
    http.delete(`${ROUTES.drills}/:id`, { schema: { params: Params } }, async (request, reply) =>
      answer(reply, await endDrill(services, { id: request.params.id, actor: actorOf(request) })),
    )
  }
}

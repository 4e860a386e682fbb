import Type from 'typebox'
import { HandoverRequest, SignatureRequest } from '#contract/handover.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'
import type { Person } from '../../domain/access/actor.ts'
import { handoverView } from '../../domain/duty/duty-view.ts'
import type { RosterServices } from '../../flows/duty/change-roster.ts'
import { beginHandover, signHandover, type OpenItems } from '../../flows/duty/hand-over.ts'
import { PAGE_QUERY, pageSize, wrongBody } from '../core/body.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'

const Query = Type.Object({ department: Type.Optional(Type.String({ maxLength: 64 })), ...PAGE_QUERY })
const Params = Type.Object({ id: Type.String({ maxLength: 100 }) })

/** 交接班: `GET /handovers`, `POST /handovers`, `POST /handovers/{id}/sign`. */
export function handoverRoutes(on: RosterServices & { readonly openItems: OpenItems }): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.handovers, { schema: { querystring: Query }, config: COSTLY }, async (request) => {
      actorOf(request)
      const { department, cursor, limit } = request.query
      const page = await on.services.store.read.duty.handovers.list({
        limit: pageSize(limit),
        ...(department === undefined ? {} : { departmentId: department }),
        ...(cursor === undefined ? {} : { cursor }),
      })
      return { ...page, items: page.items.map(handoverView) }
    })

    const begin = { schema: { body: HandoverRequest }, attachValidation: true }
    http.post(ROUTES.handovers, begin, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const departmentId = request.body.departmentId ?? ownDepartment(actor)
      if (!on.services.network.current().departments.has(departmentId)) {
        return answer(
          reply,
          refuse('not-found', {
            zh: `没有部门 ${departmentId}`,
            en: `there is no department ${departmentId}`,
          }),
        )
      }
      const done = await beginHandover(on, { ...request.body, departmentId, actor }, once)
      return answer(reply, isRefusal(done) ? done : handoverView(done), 201)
    })

    const sign = { schema: { params: Params, body: SignatureRequest }, attachValidation: true }
    http.post(`${ROUTES.handovers}/:id/sign`, sign, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = wrongBody(request, 'duty_hours')
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const done = await signHandover(on, { ...request.body, id: request.params.id, actor }, once)
      return answer(reply, isRefusal(done) ? done : handoverView(done))
    })
  }
}

/** The desk belongs to the dispatch centre. */
function ownDepartment({ departmentId }: Person): string {
  return departmentId ?? DEPARTMENTS.dispatch
}

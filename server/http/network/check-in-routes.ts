import Type from 'typebox'
import { InstantText } from '#contract/identity.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import type { CheckIns } from '../../flows/ticket/check-in.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'
import { bodyInstants } from '../core/times.ts'

const Asset = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Body = Type.Object({
  reason: Type.Optional(Type.String({ maxLength: 2000 })),
  until: Type.Optional(InstantText),
})

/** A crew opens a well on purpose, and closes it again. */
export function checkInRoutes(checkIns: CheckIns): (http: Http) => void {
  return (http) => {
    const begin = { schema: { params: Asset, body: Body }, attachValidation: true }
    http.post(`${ROUTES.assets}/:id/check-ins`, begin, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseUnless(actor, 'check_in') ?? wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { reason, until: text } = request.body
      const asked = {
        assetId: request.params.id,
        actor,
        ...(reason === undefined ? {} : { reason }),
        ...bodyInstants({ until: text }, 'until'),
      }
      return answer(reply, await checkIns.begin(asked, once), 201)
    })

    const end = { schema: { params: Type.Object({ id: Asset.properties.id, checkInId: Type.String() }) } }
    http.delete(`${ROUTES.assets}/:id/check-ins/:checkInId`, end, async (request, reply) => {
      const actor = actorOf(request)
      const { id: assetId, checkInId } = request.params
      const done = await checkIns.end({ assetId, id: checkInId, actor })
      return isRefusal(done) ? answer(reply, done) : reply.code(204).send()
    })
  }
}

import Type from 'typebox'
import { CallRequest } from '#contract/hotline.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { TICKET_KINDS } from '#contract/vocabulary.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { maskCall, incidentFor } from '../../domain/access/mask.ts'
import { seesPhones } from '../../domain/access/can.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { matchesNear } from '../../flows/hotline/match-calls.ts'
import { takeCall } from '../../flows/hotline/take-call.ts'
import { wrongBody } from '../core/body.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'

const MatchQuery = Type.Object({
  lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  address: Type.Optional(Type.String({ maxLength: 500 })),
  assetId: Type.Optional(Type.String({ maxLength: 64 })),
  kind: Type.Optional(Type.Enum(TICKET_KINDS)),
})

/** Hotline intake: `POST /calls`, `GET /calls/matches`. */
export function callRoutes(services: Services): (http: Http) => void {
  return (http) => {
    const intake = { schema: { body: CallRequest }, attachValidation: true }
    http.post(ROUTES.calls, intake, async (request, reply) => {
      const actor = actorOf(request)
      const wrong =
        refuseUnless(actor, 'take_call') ?? wrongBody(request, services.rules.policy.clauses.intake)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const taken = await takeCall(services, { request: request.body, actor }, once)
      if (isRefusal(taken)) return answer(reply, taken)
      const { call, ticket, incident } = taken
      const shown = {
        ...taken,
        call: seesPhones(actor, undefined) ? call : maskCall(call),
        ticket,
        ...(incident === undefined ? {} : { incident: incidentFor(incident, actor) }),
      }
      return answer(reply, shown, 201)
    })

    http.get(ROUTES.callMatches, { schema: { querystring: MatchQuery }, config: COSTLY }, async (request) => {
      actorOf(request)
      return matchesNear(services, request.query)
    })
  }
}

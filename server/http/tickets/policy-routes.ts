import { hash } from 'node:crypto'
import Type from 'typebox'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Rules } from '../../domain/ticket/clock.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

const Query = Type.Object({
  edition: Type.Optional(Type.String({ maxLength: 64, description: 'an older one that tickets live by' })),
})

/** `GET /policy?edition=`: the policy in force and the working days it counts by, clause by clause. */
export function policyRoutes(rules: Rules): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.policy, { schema: { querystring: Query } }, (request, reply) => {
      actorOf(request)
      const { edition = rules.edition } = request.query
      const asked = edition === rules.edition ? rules : rules.older?.get(edition ?? '')
      if (asked === undefined)
        return answer(
          reply,
          refuse('not-found', { zh: '没有这一版制度', en: 'there is no such edition of the policy' }),
        )
      const shown = JSON.stringify({
        ...asked.policy,
        calendar: rules.calendar,
        ...(asked.edition === undefined ? {} : { edition: asked.edition, inForce: asked === rules }),
        olderEditions: [...(rules.older?.keys() ?? [])],
      })
      const tag = `"${hash('sha256', shown, 'base64url')}"`
      void reply.header('etag', tag).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type('application/json; charset=utf-8').send(shown)
    })
  }
}

import Type from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import type { ReadHistory } from '../../flows/readings/read-history.ts'
import { isRefusal } from '#contract/problem.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

const text = (description: string) => Type.Optional(Type.String({ maxLength: 100, description }))

/** All in text: what is wrong with it is a 422 with a sentence, not a schema error. */
const Question = Type.Object({
  asset: text('asset id'),
  device: text('device id'),
  signal: text('one signal only'),
  from: text('ISO 8601 with offset or epoch ms; default 48 h before `to`'),
  to: text('ISO 8601 with offset or epoch ms, inclusive; default now'),
  points: text('thin to about so many points a series, extremes kept; without it raw, in pages'),
  cursor: text('`next` of the page before'),
})

/** History of readings. */
export function readingsRoutes(readHistory: ReadHistory): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.readings, { schema: { querystring: Question } }, async (request, reply) => {
      actorOf(request)
      const page = await readHistory(request.query)
      if (isRefusal(page)) return answer(reply, page)
      return reply.type('application/json; charset=utf-8').send(page.json)
    })
  }
}

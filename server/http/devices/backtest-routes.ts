import Type from 'typebox'
import { BacktestRequest, BacktestView } from '#contract/backtest.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { SETTINGS } from '../../domain/detection/catalogue.ts'
import type { Backtests } from '../../flows/backtest/backtests.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'

const One = Type.Object({ id: Type.String({ maxLength: 64 }) })
const List = Type.Object({
  items: Type.Array(BacktestView),
  settings: Type.Unknown({ description: 'what can be changed: title, unit, default, min, max' }),
})

/** What the detector would have said over stored readings: engineers ask, all may read. */
export function backtestRoutes(backtests: Backtests): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.backtests, { schema: { response: { 200: List } } }, (request) => {
      actorOf(request)
      return { items: [...backtests.list()], settings: SETTINGS }
    })
    http.get(`${ROUTES.backtests}/:id`, { schema: { params: One } }, async (request, reply) => {
      actorOf(request)
      const { id } = request.params
      return answer(
        reply,
        backtests.find(id) ?? refuse('not-found', { zh: `没有回测 ${id}`, en: `there is no backtest ${id}` }),
      )
    })
    const begin = { schema: { body: BacktestRequest }, attachValidation: true, onRequest: only('engineer') }
    http.post(ROUTES.backtests, begin, async (request, reply) => {
      const wrong = wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      return answer(reply, backtests.begin(request.body, actorOf(request)), 202)
    })
    http.delete(`${ROUTES.backtests}/:id`, { schema: { params: One } }, async (request, reply) => {
      actorWith(request, 'engineer')
      const done = await backtests.stop(request.params.id)
      return isRefusal(done) ? answer(reply, done) : reply.code(204).send()
    })
  }
}

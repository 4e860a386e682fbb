import Type from 'typebox'
import { IsolationView } from '#contract/isolation.ts'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { draftNotice, effectOf } from '../../domain/network/isolation-effect.ts'
import { isolation } from '../../domain/network/isolation.ts'
import type { Clock, NetworkSource } from '../../flows/ports.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'

const Question = Type.Object({
  asset: Type.String({ maxLength: 64, description: 'the asset to cut off' }),
  stuck: Type.Optional(
    Type.String({ maxLength: 2000, description: 'valves that cannot be closed, with commas between' }),
  ),
})
/** `GET /isolation?asset=&stuck=`: valves to close, who loses heat, and a drafted notice. */
export function isolationRoutes(parts: { network: NetworkSource; clock: Clock }): (http: Http) => void {
  return (http) => {
    http.get(
      ROUTES.isolation,
      { schema: { querystring: Question, response: { 200: IsolationView } }, config: COSTLY },
      async (request, reply) => {
        actorOf(request)
        const network = parts.network.current()
        const { asset, stuck: text = '' } = request.query
        const stuck = text.split(',').filter((id) => id !== '')
        const strange = stuck.find((id) => network.points.get(id)?.kind !== 'valve')
        if (strange !== undefined)
          return answer(
            reply,
            refuse('bad-value', { zh: `${strange} 不是阀门`, en: `${strange} is no valve` }),
          )
        const found = isolation(network, asset, new Set(stuck))
        if (found === undefined)
          return answer(
            reply,
            refuse('not-found', { zh: `没有资产 ${asset}`, en: `there is no asset ${asset}` }),
          )
        const effect = effectOf(network, found, parts.clock.now())
        return answer(reply, { ...found, ...effect, notice: draftNotice(network, found, effect) })
      },
    )
  }
}

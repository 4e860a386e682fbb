import Type from 'typebox'
import { NoticeRequest } from '#contract/notice.ts'
import type { Position } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { can, refuseUnless } from '../../domain/access/can.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { currentNotices, publishNotice } from '../../flows/notice/publish-notice.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'
import { bodyInstants } from '../core/times.ts'

const Query = Type.Object({ near: Type.Optional(Type.String({ maxLength: 60 })) })

/** `POST /notices`, `GET /notices?near=lon,lat`. */
export function noticeRoutes(services: Services): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.notices, { schema: { querystring: Query } }, async (request, reply) => {
      actorOf(request)
      const { near: text } = request.query
      const near = text === undefined ? undefined : readPosition(text)
      if (text !== undefined && near === undefined) {
        return answer(
          reply,
          refuse('bad-request', { zh: 'near 须为 经度,纬度', en: 'near must be longitude,latitude' }),
        )
      }
      return { items: await currentNotices(services, near) }
    })

    const publish = { schema: { body: NoticeRequest }, attachValidation: true }
    http.post(ROUTES.notices, publish, async (request, reply) => {
      const actor = actorOf(request)
      const noRight = can(actor, 'publish_outage') ? undefined : refuseUnless(actor, 'publish_notice')
      const wrong = noRight ?? wrongBody(request, services.rules.policy.clauses.notice)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { receivedAt, effectiveAt, until, ...said } = request.body
      const instants = { receivedAt, effectiveAt, until }
      const times = bodyInstants(instants, 'receivedAt', 'effectiveAt', 'until')
      return answer(
        reply,
        await publishNotice(services, { request: { ...said, ...times }, actor }, once),
        201,
      )
    })
  }
}

function readPosition(text: string): Position | undefined {
  const [lon, lat, ...more] = text.split(',').map(Number)
  if (lon === undefined || lat === undefined || more.length > 0) return undefined
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined
}

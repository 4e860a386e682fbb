import Type from 'typebox'
import { NoticeRequest } from '#contract/notice.ts'
import type { Position } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { can, refuseUnless } from '../../domain/access/can.ts'
import { parseInstant, type Instant } from '../../domain/instant.ts'
import type { Desk } from '../../flows/decisions.ts'
import { currentNotices, publishNotice } from '../../flows/notice/publish-notice.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'

const Query = Type.Object({ near: Type.Optional(Type.String({ maxLength: 60 })) })

/** `POST /notices`, `GET /notices?near=lon,lat` (contract.md §4). */
export function noticeRoutes(desk: Desk): (http: Http) => void {
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
      return { items: await currentNotices(desk, near) }
    })

    const publish = { schema: { body: NoticeRequest }, attachValidation: true }
    http.post(ROUTES.notices, publish, async (request, reply) => {
      const actor = actorOf(request)
      const noRight = can(actor, 'publish_outage') ? undefined : refuseUnless(actor, 'publish_notice')
      const wrong = noRight ?? wrongBody(request, desk.rules.policy.clauses.notice)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { receivedAt, effectiveAt, until, ...said } = request.body
      const times = readTimes({ receivedAt, effectiveAt, until })
      if (times === undefined)
        return answer(reply, refuse('bad-time', { zh: '时间须带时区', en: 'times need their offset' }))
      return answer(reply, await publishNotice(desk, { request: { ...said, ...times }, actor }, once), 201)
    })
  }
}

function readTimes(texts: Record<'receivedAt' | 'effectiveAt' | 'until', string | undefined>) {
  const times: { receivedAt?: Instant; effectiveAt?: Instant; until?: Instant } = {}
  for (const name of ['receivedAt', 'effectiveAt', 'until'] as const) {
    const text = texts[name]
    if (text === undefined) continue
    const at = parseInstant(text)
    if (at === undefined) return undefined
    times[name] = at
  }
  return times
}

function readPosition(text: string): Position | undefined {
  const [lon, lat, ...more] = text.split(',').map(Number)
  if (lon === undefined || lat === undefined || more.length > 0) return undefined
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined
}

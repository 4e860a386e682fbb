import Type from 'typebox'
import { PastBoard, Timeline } from '#contract/board.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { incidentFor, ticketFor } from '../../domain/access/mask.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import type { AssetWatching } from '../../flows/detection/watch-assets.ts'
import { showBoardAt, showTimeline } from '../../flows/ticket/show-past.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'
import { wrongInstant } from '../core/shape.ts'
import { queryInstant, queryStretch } from '../core/times.ts'

const InstantQuery = Type.String({ maxLength: 40 })
const MAX_DAYS = 31
/** Who held a ticket then may not hold it now: of the past, only the desks see numbers here. */
const NOBODY = { crewIds: [] }

/** `GET /board?at=` and `GET /board/timeline?from=&to=`: the desk as it was known then. */
export function boardRoutes(
  services: Services,
  devices: Pick<AssetWatching, 'device'>,
): (http: Http) => void {
  const hasSpoken = (id: string): boolean => devices.device(id)?.lastSeenAt !== undefined
  return (http) => {
    const board = { querystring: Type.Object({ at: InstantQuery }), response: { 200: PastBoard } }
    http.get(ROUTES.board, { schema: board }, async (request, reply) => {
      const actor = actorOf(request)
      const at = queryInstant(request.query.at, 'at')
      if (at === undefined || isRefusal(at))
        return answer(reply, at ?? refuse('bad-request', wrongInstant('at')))
      if (at > services.clock.now())
        return answer(reply, refuse('bad-time', { zh: '回看时刻在将来', en: 'at lies in the future' }))
      const known = await showBoardAt(services, at, hasSpoken)
      return answerLarge(reply, {
        ...known,
        tickets: known.tickets.values().map((ticket) => ticketFor(ticket, actor, NOBODY)),
        incidents: known.incidents.values().map((incident) => incidentFor(incident, actor)),
      })
    })

    const timeline = {
      querystring: Type.Object({ from: InstantQuery, to: InstantQuery }),
      response: { 200: Timeline },
    }
    http.get(ROUTES.timeline, { schema: timeline }, async (request, reply) => {
      actorOf(request)
      const [from, to] = [queryInstant(request.query.from, 'from'), queryInstant(request.query.to, 'to')]
      if (from === undefined || isRefusal(from) || to === undefined || isRefusal(to))
        return answer(reply, refuse('bad-request', wrongInstant('from, to')))
      const stretch = queryStretch(from, to, MAX_DAYS)
      if (isRefusal(stretch)) return answer(reply, stretch)
      return answer(reply, await showTimeline(services, stretch))
    })
  }
}

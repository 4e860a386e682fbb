import { RosterRequest } from '#contract/duty.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import type { RosterServices } from '../../flows/duty/change-roster.ts'
import { previewPlan, showTimeline } from '../../flows/duty/show-timeline.ts'
import { wrongBody } from '../core/body.ts'
import { refuseStranger, stretchOf, StretchQuery } from './duty-requests.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { answerLarge } from '../core/large-answer.ts'
import { bodyInstants } from '../core/times.ts'

const MAX_DAYS = 62

/** Duty through time: `GET /roster/timeline`, and what a draft would lead to, `POST /roster/preview`. */
export function dutyTimelineRoutes(on: RosterServices): (http: Http) => void {
  const now = (): Instant => on.services.clock.now()
  return (http) => {
    http.get(ROUTES.rosterTimeline, { schema: { querystring: StretchQuery } }, async (request, reply) => {
      actorOf(request)
      const stretch = stretchOf(request.query, { from: now(), to: now() + 14 * DAY, maxDays: MAX_DAYS })
      if (isRefusal(stretch)) return answer(reply, stretch)
      const { department } = request.query
      return answerLarge(
        reply,
        await showTimeline(on, stretch, department === undefined ? undefined : [department]),
      )
    })

    const preview = {
      schema: { body: RosterRequest, querystring: StretchQuery },
      attachValidation: true,
      config: COSTLY,
    }
    http.post(ROUTES.rosterPreview, preview, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = refuseStranger(actor) ?? wrongBody(request, 'duty_hours')
      if (wrong !== undefined) return answer(reply, wrong)
      const stretch = stretchOf(request.query, { from: now(), to: now() + 14 * DAY, maxDays: MAX_DAYS })
      if (isRefusal(stretch)) return answer(reply, stretch)
      const { since: text, ...plan } = request.body
      const times = bodyInstants({ since: text }, 'since')
      return answer(reply, await previewPlan(on, { plan, stretch, actor, ...times }))
    })
  }
}

import Type from 'typebox'
import { isRefusal } from '#contract/problem.ts'
import { RosterFile } from '#contract/roster-file.ts'
import { ROUTES } from '#contract/routes.ts'
import type { RosterServices } from '../../flows/duty/change-roster.ts'
import { exportRosters, importRosters } from '../../flows/duty/exchange-rosters.ts'
import { wrongBody } from '../core/body.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { onceOf } from '../core/once.ts'

const DryRun = Type.Object({ dryRun: Type.Optional(Type.Boolean({ default: false })) })

/** `GET /roster/export` and `POST /roster/import?dryRun=`: all rosters as one JSON file. */
export function rosterFileRoutes(on: RosterServices): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.rosterExport, (request, reply) => {
      const file = exportRosters(on, actorOf(request))
      if (isRefusal(file)) return answer(reply, file)
      return reply.header('content-disposition', 'attachment; filename="rosters.json"').send(file)
    })

    const post = { schema: { body: RosterFile, querystring: DryRun }, attachValidation: true }
    http.post(ROUTES.rosterImport, post, async (request, reply) => {
      const actor = actorOf(request)
      const wrong = wrongBody(request)
      if (wrong !== undefined) return answer(reply, wrong)
      const once = onceOf(request)
      if (isRefusal(once)) return answer(reply, once)
      const { dryRun = false } = request.query
      return answer(reply, await importRosters(on, { file: request.body, dryRun, actor }, once))
    })
  }
}

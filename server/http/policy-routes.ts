import { ROUTES } from '#contract/routes.ts'
import type { Rules } from '../domain/ticket/clock.ts'
import { actorOf, type Http } from './http.ts'

/** `GET /policy`: the policy in force and the working days it counts by, clause by clause. */
export function policyRoutes(rules: Rules): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.policy, (request) => {
      actorOf(request)
      return { ...rules.policy, calendar: rules.calendar }
    })
  }
}

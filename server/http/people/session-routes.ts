import Type from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { isRefusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { Instant } from '../../domain/instant.ts'
import { digest, type SignIn } from '../../flows/access/sign-in.ts'
import {
  actorOf,
  answer,
  SESSION_COOKIE,
  sessionCookieName,
  sessionToken,
  tokenOf,
  type Http,
} from '../core/http.ts'

const Credentials = Type.Object({
  username: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 200 }),
})

/** Sign in, who am I, sign out. */
export function sessionRoutes(signIn: SignIn, realNow: () => Instant): (http: Http) => void {
  return (http) => {
    http.post(ROUTES.session, { schema: { body: Credentials } }, async (request, reply) => {
      const device = deviceCookie(request.body.username)
      const known = { ip: request.ip, knownDevice: request.cookies[device] }
      const result = await signIn.signIn({ ...request.body, ...known }, realNow())
      if (isRefusal(result)) return answer(reply, result)
      // A session that somebody may have planted in this browser ends with the sign-in.
      for (const before of [request.cookies[SESSION_COOKIE], sessionToken(request)]) {
        if (before !== undefined) await signIn.signOut(before)
      }
      const kept = { httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' } as const
      const expires = new Date(result.expiresAt)
      reply.setCookie(sessionCookieName(request), result.token, { ...kept, path: '/', expires })
      if (result.knownDevice !== undefined) {
        const { token, expiresAt } = result.knownDevice
        reply.setCookie(device, token, { ...kept, path: ROUTES.session, expires: new Date(expiresAt) })
      }
      return { user: userView(result.person) }
    })
    http.get(ROUTES.session, (request) => ({ user: userView(actorOf(request)) }))
    http.delete(ROUTES.session, async (request, reply) => {
      const token = tokenOf(request)
      if (token !== undefined) await signIn.signOut(token)
      reply.clearCookie(sessionCookieName(request), { path: '/', secure: request.protocol === 'https' })
      return reply.code(204).send()
    })
  }
}

/** One of each person: the computer of a desk is many people's. */
function deviceCookie(username: string): string {
  return `wellwatch_device_${digest(username).slice(0, 12)}`
}

function userView({ id, name, roles, departmentId }: Person) {
  return { id, name, roles, ...(departmentId === undefined ? {} : { departmentId }) }
}

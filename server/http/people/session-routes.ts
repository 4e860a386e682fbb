import Type from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { isRefusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { Instant } from '../../domain/instant.ts'
import type { SignIn } from '../../flows/access/sign-in.ts'
import { actorOf, answer, SESSION_COOKIE, sessionCookieName, sessionToken, type Http } from '../core/http.ts'

const Credentials = Type.Object({
  username: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 200 }),
})

/** Sign in, who am I, sign out. */
export function sessionRoutes(signIn: SignIn, realNow: () => Instant): (http: Http) => void {
  return (http) => {
    http.post(ROUTES.session, { schema: { body: Credentials } }, async (request, reply) => {
      const result = await signIn.signIn({ ...request.body, ip: request.ip }, realNow())
      if (isRefusal(result)) return answer(reply, result)
      // A session that somebody may have planted in this browser ends with the sign-in.
      for (const before of [request.cookies[SESSION_COOKIE], sessionToken(request)]) {
        if (before !== undefined) await signIn.signOut(before)
      }
      reply.setCookie(sessionCookieName(request), result.token, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: request.protocol === 'https',
        expires: new Date(result.expiresAt),
      })
      return { user: userView(result.person) }
    })
    http.get(ROUTES.session, (request) => ({ user: userView(actorOf(request)) }))
    http.delete(ROUTES.session, async (request, reply) => {
      const token = sessionToken(request)
      if (token !== undefined) await signIn.signOut(token)
      reply.clearCookie(sessionCookieName(request), { path: '/', secure: request.protocol === 'https' })
      return reply.code(204).send()
    })
  }
}

function userView({ id, name, roles, departmentId }: Person) {
  return { id, name, roles, ...(departmentId === undefined ? {} : { departmentId }) }
}

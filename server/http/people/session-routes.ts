import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { ROUTES } from '#contract/routes.ts'
import { isRefusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import type { Instant } from '../../domain/instant.ts'
import type { FirstAdministrator } from '../../flows/access/first-administrator.ts'
import { digest, type SignedIn, type SignIn } from '../../flows/access/sign-in.ts'
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

const FirstAccount = Type.Object({
  code: Type.String({
    maxLength: 100,
    description: 'the one-time code that the server showed when it started',
  }),
  ...Credentials.properties,
})

export interface SessionRoutesOptions {
  readonly signIn: SignIn
  readonly firstAdministrator: FirstAdministrator
  readonly realNow: () => Instant
}

/** Make the first administrator, sign in, who am I, sign out. */
export function sessionRoutes(options: SessionRoutesOptions): (http: Http) => void {
  const { signIn, firstAdministrator, realNow } = options
  return (http) => {
    http.post(ROUTES.setup, { schema: { body: FirstAccount } }, async (request, reply) => {
      const { ip, body } = request
      const made = await firstAdministrator.make({ ...body, ip }, realNow())
      if (isRefusal(made)) return answer(reply, made)
      const { username, password } = body
      return answer(reply, await enter({ username, password }, request, reply), 201)
    })
    http.post(ROUTES.session, { schema: { body: Credentials } }, async (request, reply) =>
      answer(reply, await enter(request.body, request, reply)),
    )
    http.get(ROUTES.session, (request) => ({ user: userView(actorOf(request)) }))
    http.delete(ROUTES.session, async (request, reply) => {
      const token = tokenOf(request)
      if (token !== undefined) await signIn.signOut(token)
      reply.clearCookie(sessionCookieName(request), { path: '/', secure: request.protocol === 'https' })
      return reply.code(204).send()
    })
  }

  async function enter(
    ...[credentials, request, reply]: [Type.Static<typeof Credentials>, FastifyRequest, FastifyReply]
  ) {
    const knownDevice = request.cookies[deviceCookie(credentials.username)]
    const result = await signIn.signIn({ ...credentials, ip: request.ip, knownDevice }, realNow())
    if (isRefusal(result)) return result
    // A session that somebody may have planted in this browser ends with the sign-in.
    for (const before of [request.cookies[SESSION_COOKIE], sessionToken(request)]) {
      if (before !== undefined) await signIn.signOut(before)
    }
    keep(result, request, reply)
    return { user: userView(result.person) }
  }
}

function keep(
  { person, token, expiresAt, knownDevice }: SignedIn,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const kept = { httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' } as const
  reply.setCookie(sessionCookieName(request), token, { ...kept, path: '/', expires: new Date(expiresAt) })
  if (knownDevice === undefined) return
  const expires = new Date(knownDevice.expiresAt)
  reply.setCookie(deviceCookie(person.id), knownDevice.token, { ...kept, path: ROUTES.session, expires })
}

/** One of each person: the computer of a desk is many people's. */
function deviceCookie(username: string): string {
  return `wellwatch_device_${digest(username).slice(0, 12)}`
}

function userView({ id, name, roles, departmentId }: Person) {
  return { id, name, roles, ...(departmentId === undefined ? {} : { departmentId }) }
}

import Type from 'typebox'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import type { OwnAccount } from '../../flows/access/own-account.ts'
import { actorOf, answer, tokenOf, type Http } from '../core/http.ts'

const NewPassword = Type.Object({
  current: Type.String({ maxLength: 200 }),
  next: Type.String({ maxLength: 200 }),
})

/** What people do with their own account: another password, and where they are signed in. */
export function ownAccountRoutes(account: OwnAccount, realNow: () => Instant): (http: Http) => void {
  return (http) => {
    http.put(ROUTES.ownPassword, { schema: { body: NewPassword } }, async (request, reply) => {
      const { id } = actorOf(request)
      const who = { id, token: tokenOf(request) ?? '', ip: request.ip }
      const refused = await account.changePassword({ ...who, ...request.body }, realNow())
      return isRefusal(refused) ? answer(reply, refused) : reply.code(204).send()
    })
    http.get(ROUTES.ownSessions, async (request) => {
      const { id } = actorOf(request)
      const sessions = await account.sessions({ id, token: tokenOf(request) ?? '' }, realNow())
      return {
        items: sessions.map(({ createdAt, expiresAt, current }) => ({
          createdAt: instantText(createdAt),
          expiresAt: instantText(expiresAt),
          current,
        })),
      }
    })
    // This very session stays: `DELETE /session` ends that.
    http.delete(ROUTES.ownSessions, async (request, reply) => {
      await account.endOtherSessions({ id: actorOf(request).id, token: tokenOf(request) ?? '' })
      return reply.code(204).send()
    })
  }
}

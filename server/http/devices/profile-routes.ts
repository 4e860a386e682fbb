import Type from 'typebox'
import { Id } from '#contract/identity.ts'
import { Profile, ProfileEntry, TryAnswer, TryRequest } from '#contract/profiles.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Profiles } from '../../flows/foreign/profiles.ts'
import { actorOf, answer, only, type Http } from '../core/http.ts'

const Params = Type.Object({ id: Id })

/** How foreign messages become ours. */
export function profileRoutes(profiles: Profiles): (http: Http) => void {
  const onRequest = only('engineer', 'admin')
  return (http) => {
    http.get(
      ROUTES.profiles,
      { schema: { response: { 200: Type.Object({ items: Type.Array(Profile) }) } }, onRequest },
      () => ({ items: [...profiles.all()] }),
    )
    http.put(
      `${ROUTES.profiles}/:id`,
      { schema: { params: Params, body: ProfileEntry, response: { 200: Profile } }, onRequest },
      async (request, reply) =>
        answer(reply, await profiles.save(request.params.id, request.body, actorOf(request).id)),
    )
    http.delete(
      `${ROUTES.profiles}/:id`,
      { schema: { params: Params }, onRequest },
      async (request, reply) => {
        const refused = await profiles.remove(request.params.id)
        return isRefusal(refused) ? answer(reply, refused) : reply.code(204).send()
      },
    )
    http.post(
      ROUTES.profilesTry,
      { schema: { body: TryRequest, response: { 200: TryAnswer } }, onRequest },
      async (request, reply) => answer(reply, await profiles.try(request.body)),
    )
  }
}

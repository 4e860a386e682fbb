import Type from 'typebox'
import { Id } from '#contract/identity.ts'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { ROLES } from '#contract/vocabulary.ts'
import { savePerson, type PeopleStore } from '../../flows/access/people.ts'
import type { Clock, NetworkSource } from '../../flows/ports.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'

const NewPerson = Type.Object(
  {
    id: Id,
    name: Type.String({ maxLength: 100 }),
    roles: Type.Array(Type.Enum(ROLES), { minItems: 1 }),
    departmentId: Type.Optional(Id),
    password: Type.String({ maxLength: 200 }),
  },
  { additionalProperties: false },
)

/** People: everyone signed in may read who there is (crews to assign); an administrator changes them. */
export function peopleRoutes({
  people,
  network,
  clock,
}: {
  readonly people: PeopleStore
  readonly network: NetworkSource
  readonly clock: Clock
}): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.users, async (request) => {
      actorOf(request)
      const items = await people.list()
      return { items: items.map(({ id, name, roles, departmentId }) => ({ id, name, roles, departmentId })) }
    })
    const add = { schema: { body: NewPerson }, onRequest: only('admin') }
    http.post(ROUTES.users, add, async (request, reply) => {
      const saved = await savePerson(people, request.body, clock.now(), network.current().departments)
      if (isRefusal(saved)) return answer(reply, saved)
      const { id, name, roles, departmentId } = saved
      return answer(reply, { id, name, roles, departmentId }, 201)
    })
    // A phone that is lost: its sessions end, the person stays.
    const leave = { onRequest: only('admin') }
    http.delete<{ Params: { id: string } }>(`${ROUTES.users}/:id/sessions`, leave, async (request, reply) => {
      const { id } = request.params
      if ((await people.find(id)) === undefined)
        return answer(reply, refuse('not-found', { zh: '没有这个用户', en: 'there is no such person' }))
      await people.closeSessionsOf(id)
      return reply.code(204).send()
    })
    http.delete<{ Params: { id: string } }>(`${ROUTES.users}/:id`, async (request, reply) => {
      const actor = actorWith(request, 'admin')
      if (actor.id === request.params.id)
        return answer(
          reply,
          refuse('conflict', { zh: '不能停用自己', en: 'nobody disables their own account' }),
        )
      const done = await people.disable(request.params.id, clock.now())
      return done
        ? reply.code(204).send()
        : answer(reply, refuse('not-found', { zh: '没有这个用户', en: 'there is no such person' }))
    })
  }
}

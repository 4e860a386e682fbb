import Type from 'typebox'
import { InstantText } from '#contract/identity.ts'
import { nameOf } from '#contract/names.ts'
import { NetworkMapping } from '#contract/network-mapping.ts'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { instantText } from '../../domain/instant.ts'
import type { KeptMapping, KeptMappings } from '../../flows/network/kept-mappings.ts'
import type { Clock } from '../../flows/ports.ts'
import { actorOf, actorWith, answer, only, type Http } from '../core/http.ts'

const MAX_KEPT = 200

const Named = Type.Object({ name: nameOf(100) })
const KeptView = Type.Object({
  name: Type.String(),
  mapping: NetworkMapping,
  savedAt: InstantText,
  savedBy: Type.String(),
})

/** Matchings of columns, kept by name. */
export function mappingRoutes(kept: KeptMappings, clock: Clock): (http: Http) => void {
  return (http) => {
    const listed = { schema: { response: { 200: Type.Object({ items: Type.Array(KeptView) }) } } }
    http.get(ROUTES.networkMappings, listed, async (request) => {
      actorWith(request, 'engineer', 'admin')
      return { items: (await kept.all()).map(viewOf) }
    })
    const one = { schema: { params: Named, response: { 200: NetworkMapping } } }
    http.get(`${ROUTES.networkMappings}/:name`, one, async (request, reply) => {
      actorWith(request, 'engineer', 'admin')
      const { name } = request.params
      const found = (await kept.all()).find((mapping) => mapping.name === name)
      if (found !== undefined) return answer(reply, found.mapping)
      return answer(
        reply,
        refuse('not-found', { zh: `没有名为 ${name} 的对应`, en: `there is no matching called ${name}` }),
      )
    })
    const saved = {
      schema: { params: Named, body: NetworkMapping, response: { 200: KeptView } },
      bodyLimit: 1024 * 1024,
      onRequest: only('engineer', 'admin'),
    }
    http.put(`${ROUTES.networkMappings}/:name`, saved, async (request, reply) => {
      const { name } = request.params
      const others = (await kept.all()).filter((mapping) => mapping.name !== name)
      if (others.length >= MAX_KEPT) {
        return answer(
          reply,
          refuse('conflict', {
            zh: `已保存 ${String(MAX_KEPT)} 个对应,请沿用其中一个名称`,
            en: `${String(MAX_KEPT)} matchings are kept already; use one of their names`,
          }),
        )
      }
      const made = { name, mapping: request.body, savedAt: clock.now(), savedBy: actorOf(request).id }
      await kept.save(made)
      return answer(reply, viewOf(made))
    })
  }
}

function viewOf({ savedAt, ...kept }: KeptMapping): Type.Static<typeof KeptView> {
  return { ...kept, savedAt: instantText(savedAt) }
}

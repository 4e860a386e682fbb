import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { instantText } from '../../domain/instant.ts'
import type { Audit, AuditEntry } from '../../flows/access/audit.ts'
import { ROUTES } from '#contract/routes.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorWith, type Http } from '../core/http.ts'

/**
 * Records, once it is answered, every request of a person that may change something, every sign-in and
 * every file that leaves the house. Called on the root before any route.
 */
export function auditRequests(http: Http, audit: Pick<Audit, 'record'>): void {
  http.addHook('onResponse', (request, reply, done) => {
    const entry = entryOf(request, reply)
    if (entry !== undefined) audit.record({ ...entry, at: Date.now(), address: request.ip })
    done()
  })
}

type Entry = Omit<AuditEntry, 'at' | 'address'>

function entryOf(request: FastifyRequest, reply: FastifyReply): Entry | undefined {
  const { method, url, actor } = request
  const status = reply.statusCode
  const route = request.routeOptions.url ?? ''
  const path = url.split('?')[0] ?? ''
  if (route === ROUTES.session && method === 'POST') return signInOf(request, status)
  if (route === ROUTES.setup) return firstAccountOf(request, status)
  if (actor === undefined) return undefined
  if (method === 'GET') {
    const leaves = /^attachment/.test(String(reply.getHeader('content-disposition') ?? ''))
    return leaves && status === 200 ? { who: actor.id, action: 'export', subject: url, status } : undefined
  }
  // What was made has an address of its own only afterwards.
  const made = reply.getHeader('location')
  if (method === 'HEAD' || method === 'OPTIONS' || status >= 500) return undefined
  return {
    who: actor.id,
    action: `${method} ${route}`,
    subject: typeof made === 'string' ? made : path,
    status,
  }
}

/** A refusal by the throttle is none: else guessing would fill the disk. */
function signInOf({ body }: FastifyRequest, status: number): Entry | undefined {
  const who = (body as { username?: unknown } | undefined)?.username
  if (typeof who !== 'string' || (status !== 200 && status !== 401)) return undefined
  return { who, action: status === 200 ? 'sign_in' : 'sign_in_failed', subject: '', status }
}

const Query = Type.Object({
  who: Type.Optional(Type.String({ maxLength: 100 })),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

/** What is refused once there is somebody is not recorded: else strangers would fill the disk. */
function firstAccountOf({ body }: FastifyRequest, status: number): Entry | undefined {
  const who = (body as { username?: unknown } | undefined)?.username
  if (typeof who !== 'string' || (status !== 201 && status !== 401)) return undefined
  return { who, action: status === 201 ? 'setup' : 'setup_failed', subject: '', status }
}

/** `GET /audit?who=`: newest first, for administrators. */
export function auditRoutes(audit: Pick<Audit, 'list'>): (http: Http) => void {
  return (http) => {
    http.get(ROUTES.audit, { schema: { querystring: Query }, config: COSTLY }, async (request) => {
      actorWith(request, 'admin')
      const { items, next } = await audit.list(request.query)
      return {
        items: items.map((item) => ({ ...item, at: instantText(item.at) })),
        ...(next === undefined ? {} : { next }),
      }
    })
  }
}

import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { OnceKey } from '../../flows/decisions/decisions.ts'
import { actorOf } from './http.ts'

const MAX_KEY = 200

/** The request's `Idempotency-Key`, bound to the person, the route and the body. */
export function onceOf(
  request: FastifyRequest,
  body: string | Uint8Array = JSON.stringify(request.body ?? null),
): OnceKey | undefined | Refusal {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY) {
    return refuse('bad-request', {
      zh: 'Idempotency-Key 须为 1 至 200 个字符',
      en: 'Idempotency-Key must have 1 to 200 characters',
    })
  }
  const path = request.url.split('?')[0] ?? request.url
  return {
    scope: `${actorOf(request).id} ${request.method} ${path}`,
    key,
    fingerprint: createHash('sha256').update(body).digest('hex'),
  }
}

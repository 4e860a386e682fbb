import type { FastifyInstance } from 'fastify'
import { isDeeperThan } from '../../domain/telemetry/body.ts'

/** No request of ours nests further; deeper ones overflow the stack of whoever walks them. */
const DEEPEST = 32

/** JSON as Fastify reads it, without `__proto__`, and only so deep. */
export function jsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser('error', 'error')
  http.removeContentTypeParser('application/json')
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isDeeperThan(DEEPEST, body)) {
      done(Object.assign(new Error(`JSON 嵌套超过 ${String(DEEPEST)} 层`), { statusCode: 400 }))
      return
    }
    return parse(request, body.toString('utf8'), done)
  })
}

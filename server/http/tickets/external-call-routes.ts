import type { FastifyReply } from 'fastify'
import { isRefusal, refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { fieldOfColumn } from '../../domain/hotline/external-call.ts'
import type { Services } from '../../flows/decisions/decisions.ts'
import { takeExternalCalls, type NumberedLine } from '../../flows/hotline/take-external-calls.ts'
import { callLines } from './calls-csv.ts'
import { actorOf, answer, type Http } from '../core/http.ts'
import { ProblemError } from '../core/problem-error.ts'

const MAX_FILE = 10 * 1024 * 1024
const MAX_AT_ONCE = 100

/**
 * `POST /calls/import` (a CSV file) and `POST /calls/external` (JSON, one call or a list, from a program with
 * a bearer key): another call centre's reports (A34).
 */
export function externalCallRoutes(services: Services): (http: Http) => void {
  return (http) => {
    // Any content type is a file here; in a scope of its own so that JSON stays JSON elsewhere.
    void http.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
        done(null, body)
      })
      scope.post(
        ROUTES.callImports,
        { bodyLimit: MAX_FILE, onRequest: async (request) => mayTake(actorOf(request)) },
        async (request, reply) => {
          const lines = Buffer.isBuffer(request.body)
            ? await callLines(request.body)
            : refuse('bad-request', { zh: '须上传 CSV 文件', en: 'a CSV file must be uploaded' })
          if (isRefusal(lines)) return answer(reply, lines)
          return answer(reply, await takeExternalCalls(services, lines, actorOf(request)))
        },
      )
    })

    http.post(
      ROUTES.externalCalls,
      { onRequest: async (request) => mayTake(actorOf(request)) },
      async (request, reply) => takeSent(request.body, actorOf(request), reply),
    )
  }

  async function takeSent(body: unknown, actor: Person, reply: FastifyReply): Promise<FastifyReply> {
    const sent: readonly unknown[] = Array.isArray(body) ? body : [body]
    if (sent.length > MAX_AT_ONCE)
      return answer(
        reply,
        refuse('too-large', {
          zh: `一次最多 ${String(MAX_AT_ONCE)} 条`,
          en: `${String(MAX_AT_ONCE)} calls at most at once`,
        }),
      )
    const result = await takeExternalCalls(services, sent.map(lineOf), actor)
    // A program reads the status: not everything taken must not look like success.
    return answer(reply, result, result.bad.length === 0 ? 200 : 422)
  }
}

function mayTake(actor: Person): void {
  const noRight = refuseUnless(actor, 'take_call')
  if (noRight !== undefined) throw new ProblemError(noRight)
}

function lineOf(sent: unknown, index: number): NumberedLine {
  const line = index + 1
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    return { line, fields: {}, broken: { zh: '须为对象', en: 'it must be an object' } }
  }
  const fields = Object.entries(sent).map(([name, value]) => [fieldOfColumn(name) ?? name, value] as const)
  return { line, fields: Object.fromEntries(fields) }
}

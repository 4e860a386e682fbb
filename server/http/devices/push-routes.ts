import Type from 'typebox'
import { PushAnswer } from '#contract/gateways.ts'
import { Id } from '#contract/identity.ts'
import { refuse } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { createAttempts, FREE_TRIES_OF_DEVICES } from '../../flows/access/attempts.ts'
import type { Gateways } from '../../flows/foreign/gateways.ts'
import type { ForeignDoor } from '../../flows/foreign/take-foreign.ts'
import { JournalFull } from '../../flows/ports.ts'
import type { RefusedSender } from '../../flows/readings/unknown-senders.ts'
import { basicLogin } from '../core/basic-login.ts'
import { answer, type Http } from '../core/http.ts'

export interface PushRoutesOptions {
  readonly gateways: Gateways
  readonly door: Pick<ForeignDoor, 'take'>
  /** Hears of whoever was refused. */
  readonly refused?: (sender: RefusedSender) => void
}

const Params = Type.Object({ id: Id })
/** Some platforms can be given an address and nothing else: then the secret stands in it. */
const Query = Type.Object({
  key: Type.Optional(
    Type.String({ maxLength: 128, description: 'the secret, where a platform sends no header' }),
  ),
  msg: Type.Optional(Type.String({ maxLength: 512, description: 'what OneNET wants to hear back' })),
})

const TOO_OFTEN = refuse('too-many-requests', {
  zh: '密钥多次不正确,请稍后再试',
  en: 'the secret was wrong too often; try again in a while',
})
const WRONG = refuse('wrong-credentials', {
  zh: '网关编号或密钥不正确',
  en: 'the id or the secret of the gateway is wrong',
})
const NOT_SAVED = { zh: '报文未能保存,请稍后重发', en: 'the message was not saved; send it again later' }

/** What platforms push over HTTP, as they send it. A 2xx means that all of it is on disk. */
export function pushRoutes({ gateways, door, refused }: PushRoutesOptions): (http: Http) => void {
  const attempts = createAttempts(FREE_TRIES_OF_DEVICES)
  return (http) => {
    http.removeAllContentTypeParsers()
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    http.get(
      ROUTES.push,
      { schema: { params: Params, querystring: Query, summary: "A platform's check of the address" } },
      (request, reply) => reply.type('text/plain; charset=utf-8').send(request.query.msg ?? 'ok'),
    )
    http.post(
      ROUTES.push,
      {
        bodyLimit: MAX_BODY_BYTES,
        schema: {
          params: Params,
          querystring: Query,
          summary: 'Messages of a platform (Basic gateway:secret, Bearer secret, or ?key=)',
          response: { 200: PushAnswer, 202: PushAnswer },
        },
        // Before the body is read: nobody without a secret makes us read one.
        async onRequest(request, reply) {
          const { id } = request.params as { id: string }
          const attempt = { name: `gateway ${id}`, address: request.ip }
          if (attempts.waitMs(attempt, Date.now()) > 0) return answer(reply, TOO_OFTEN)
          const secret =
            secretOf(request.headers.authorization, id) ?? (request.query as { key?: string }).key
          const known = gateways.find(id) !== undefined
          if (known && secret !== undefined && (await gateways.credentials.verify(id, secret)))
            return attempts.succeeded(attempt)
          attempts.failed(attempt, Date.now())
          refused?.({ reason: 'wrong_secret', clientId: id, topic: request.url.split('?')[0] ?? '' })
          reply.header('www-authenticate', 'Basic realm="wellwatch", charset="UTF-8"')
          return answer(reply, WRONG)
        },
      },
      async (request, reply) => {
        const gateway = gateways.find(request.params.id)
        if (gateway === undefined) return answer(reply, WRONG)
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        try {
          const took = await door.take(gateway, { topic: '', bytes })
          const wants200 = gateways.profilesFor(gateway, '').some((profile) => profile.answer === 200)
          return await answer(reply, took, wants200 ? 200 : 202)
        } catch (error) {
          request.log.error({ err: error, gateway: gateway.id }, 'a pushed message was not saved')
          return answer(
            reply,
            refuse(error instanceof JournalFull ? 'journal-full' : 'unavailable', NOT_SAVED),
          )
        }
      },
    )
  }
}

function secretOf(authorization: string | undefined, id: string): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  const login = basicLogin(authorization)
  return bearer ?? (login?.name === id ? login.secret : undefined)
}

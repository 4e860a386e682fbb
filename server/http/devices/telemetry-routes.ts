import Type from 'typebox'
import { Id } from '#contract/identity.ts'
import { problemOf, refuse, type Refusal } from '#contract/problem.ts'
import { IngestAnswer, MAX_BODY_BYTES } from '#contract/telemetry.ts'
import { channelTopic } from '#contract/topics.ts'
import { API } from '#contract/routes.ts'
import { createAttempts, FREE_TRIES_OF_DEVICES } from '../../flows/access/attempts.ts'
import type { Ingest, IngestOutcome } from '../../flows/readings/ingest.ts'
import type { RefusedSender } from '../../flows/readings/unknown-senders.ts'
import { JournalFull } from '../../flows/ports.ts'
import { basicLogin } from '../core/basic-login.ts'
import { answer, type Http } from '../core/http.ts'

export interface DeviceRoutesOptions {
  readonly ingest: Ingest['ingest']
  readonly verifyDevice: (deviceId: string, secret: string) => Promise<boolean>
  /** Hears of whoever was refused. */
  readonly refused?: (sender: RefusedSender) => void
}

const Params = Type.Object({ id: Id })

/** Beyond the body's own limit, so that a body somewhat too large is counted like any other mistake. */
const READ_LIMIT_BYTES = 2 * MAX_BODY_BYTES

const TOO_OFTEN_WRONG = {
  zh: '密钥多次不正确,请稍后再试',
  en: 'the secret was wrong too often; try again in a while',
}
const WRONG_SECRET = { zh: '设备编号或密钥不正确', en: 'the id or the secret of the device is wrong' }
const TOO_LARGE = {
  zh: `报文超过 ${String(MAX_BODY_BYTES)} 字节`,
  en: `a message has ${String(MAX_BODY_BYTES)} bytes at most`,
}
const NOT_SAVED = { zh: '数据未能保存,请稍后重发', en: 'the data was not saved; send it again later' }

/**
 * Telemetry over HTTP, for platforms that push: the same body, the same door and the same promise as
 * over MQTT. A 2xx means that the samples are on disk.
 */
export function deviceRoutes({ ingest, verifyDevice, refused }: DeviceRoutesOptions): (http: Http) => void {
  const attempts = createAttempts(FREE_TRIES_OF_DEVICES)
  return (http) => {
    // Platforms name all sorts of content types; the body is always the device's own bytes.
    http.removeAllContentTypeParsers()
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    http.post(
      `${API}/device/:id/telemetry`,
      {
        bodyLimit: READ_LIMIT_BYTES,
        schema: {
          params: Params,
          summary: 'Telemetry of one device (Basic id:secret), the body as over MQTT',
          response: { 202: IngestAnswer },
        },
        // Before the body is read: nobody without a secret makes us read one.
        async onRequest(request, reply) {
          const { id } = request.params as { id: string }
          const login = basicLogin(request.headers.authorization)
          const attempt = { name: id, address: request.ip }
          if (attempts.waitMs(attempt, Date.now()) > 0) {
            return answer(reply, refuse('too-many-requests', TOO_OFTEN_WRONG))
          }
          if (login?.name === id && (await verifyDevice(id, login.secret))) {
            attempts.succeeded(attempt)
            return
          }
          attempts.failed(attempt, Date.now())
          refused?.({ reason: 'wrong_secret', clientId: id, topic: request.url })
          reply.header('www-authenticate', 'Basic realm="wellwatch", charset="UTF-8"')
          return answer(reply, refuse('wrong-credentials', WRONG_SECRET))
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const outcome = await take(id, body)
        if ('kind' in outcome) return answer(reply, outcome)
        if (outcome.accepted > 0) return answer(reply, outcome, 202)
        const tooLarge = outcome.rejected.some((one) => one.reason === 'too_large')
        const problem = problemOf(
          tooLarge
            ? refuse('too-large', TOO_LARGE)
            : refuse('bad-value', {
                zh: '报文中没有可用的数据',
                en: 'the message has nothing that can be used',
              }),
        )
        reply.type('application/problem+json')
        return answer(reply, { ...problem, ...outcome }, problem.status)
      },
    )
  }

  function take(deviceId: string, body: Buffer): Promise<IngestOutcome | Refusal> {
    const topic = channelTopic(deviceId, 'telemetry')
    return new Promise((resolve) => {
      ingest({ deviceId, channel: 'telemetry', topic, body }, (error, outcome) => {
        if (outcome !== undefined) return resolve(outcome)
        if (error instanceof JournalFull) return resolve(refuse('journal-full', NOT_SAVED))
        resolve(refuse('unavailable', NOT_SAVED))
      })
    })
  }
}

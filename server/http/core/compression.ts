import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { API, ROUTES } from '#contract/routes.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answer hands out a secret, whose length beside what somebody else wrote must tell nothing (BREACH). */
    readonly tellsSecret?: boolean
  }
}

type Encoding = 'br' | 'gzip'

/** Below it the head of the answer is most of what travels. */
const MIN_BYTES = 1024
/** A city's network, the policy and their like, each in two encodings. */
const MAX_KEPT = 8
const TEXTS = /^(application\/(json|problem\+json|geo\+json|xml)|text\/(csv|plain|calendar|xml))\b/

/** In a thread of libuv, at a level at which a city's network takes a tenth of a second. */
const compress: Readonly<Record<Encoding, (bytes: string | Buffer) => Promise<Buffer>>> = {
  br: (bytes) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 5 }),
}
const brotli = promisify(brotliCompress)

/**
 * Compresses what the API answers in text, once for each version of what has one. The event stream, photos and
 * archives are no text of one piece; what tells a secret stays as it is.
 */
export function compressAnswers(http: Pick<FastifyInstance, 'addHook'>): void {
  const kept = new LRUCache<string, Promise<Buffer>>({ max: MAX_KEPT })
  http.addHook('onSend', async (request, reply, payload) => {
    if (!isText(request, reply, payload)) return payload
    void reply.header('vary', 'accept-encoding')
    const encoding = encodingFor(request)
    if (encoding === undefined) return payload
    const tag = reply.getHeader('etag')
    const key = typeof tag === 'string' ? `${encoding} ${request.url} ${tag}` : undefined
    const known = key === undefined ? undefined : kept.get(key)
    const made = known ?? compress[encoding](payload)
    if (key !== undefined) kept.set(key, made)
    void reply.header('content-encoding', encoding).removeHeader('content-length')
    return made
  })
}

function isText(request: FastifyRequest, reply: FastifyReply, payload: unknown): payload is string | Buffer {
  const { url = '', config } = request.routeOptions
  if (!url.startsWith(`${API}/`) || url === ROUTES.session || config.tellsSecret === true) return false
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false
  if (Buffer.byteLength(payload) <= MIN_BYTES || reply.hasHeader('content-encoding')) return false
  return TEXTS.test(String(reply.getHeader('content-type') ?? ''))
}

/** The better of those that the browser names; `;q=0` is a refusal. */
function encodingFor({ headers }: FastifyRequest): Encoding | undefined {
  const accepted = String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding))
}

import type { LookupFunction } from 'node:net'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Unsent } from '../domain/notification/outcome.ts'
import { AddressRefused, type Guard, type Pinned } from './guard.ts'

const MAX_ANSWER_BYTES = 64 * 1024

export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly body: string
  /** The `Retry-After` header, ms. */
  readonly retryAfterMs?: number
}

/**
 * Posts to a guarded address, JSON where the headers say nothing else. Redirects are not followed: they are how a checked address leads to an
 * unchecked one. What goes wrong is told by its code alone, for a URL carries its secret.
 */
export async function post(
  to: { readonly url: string; readonly guard: Guard; readonly headers?: Readonly<Record<string, string>> },
  body: string,
  signal: AbortSignal,
): Promise<Answer | Unsent> {
  const url = new URL(to.url)
  try {
    const pinned = await to.guard(url.hostname)
    signal.throwIfAborted()
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      ...to.headers,
    }
    return await sendPinned(url, { method: 'POST', pinned, body, headers, signal })
  } catch (error) {
    if (error instanceof AddressRefused) return { kind: 'refused', why: error.message }
    return { kind: 'unreachable', why: codeOf(error, signal) }
  }
}

/** Says the address that was checked, whatever name is asked for. */
export function lookupOf(pinned: Pinned): LookupFunction {
  return (_host, { all }, found) => {
    if (all === true) found(null, [pinned])
    else found(null, pinned.address, pinned.family)
  }
}

/** One request to the address that was checked, whatever the name may stand for by now. */
export function sendPinned(
  url: URL,
  on: {
    readonly method: 'GET' | 'POST'
    readonly pinned: Pinned
    readonly body?: string
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
  },
): Promise<Answer> {
  const { method, pinned, body, headers, signal } = on
  const options: RequestOptions = {
    method,
    agent: false,
    signal,
    headers: { 'user-agent': 'wellwatch', ...headers },
    lookup: lookupOf(pinned),
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(url, options, (response) => {
      readAnswer(response).then(resolve, reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes > MAX_ANSWER_BYTES) break
  }
  const seconds = Number(response.headers['retry-after'])
  return {
    kind: 'answer',
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts).toString('utf8').slice(0, MAX_ANSWER_BYTES),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

/** `ETIMEDOUT`, `ENOTFOUND`, `CERT_HAS_EXPIRED`: a word that says what to look at, and no address. */
export function codeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'timeout'
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'connection failed'
}

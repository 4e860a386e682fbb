import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Tile } from '../flows/network/basemap.ts'
import { AddressRefused, type Guard, type Pinned } from '../notify/guard.ts'
import { codeOf, lookupOf } from '../notify/post.ts'

const MAX_BYTES = 2 * 1024 * 1024
const PATIENCE_MS = 10_000

export type Fetched =
  | { readonly kind: 'tile'; readonly tile: Tile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly why: string }

/**
 * One picture from a guarded address. Redirects are not followed, what is no picture is not passed on, and
 * what goes wrong is told without the address, which carries the key.
 */
export async function fetchTile(address: string, guard: Guard): Promise<Fetched> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  try {
    const url = new URL(address)
    const response = await open(url, await guard(url.hostname), signal)
    const { statusCode = 0 } = response
    const type = response.headers['content-type']?.split(';')[0]?.trim() ?? ''
    if (statusCode === 404 || statusCode === 204) return drained(response, { kind: 'absent' })
    if (statusCode !== 200) return drained(response, { kind: 'failed', why: `HTTP ${String(statusCode)}` })
    if (!/^image\/(png|jpeg|webp|gif)$/.test(type)) {
      return drained(response, { kind: 'failed', why: `no picture: ${type.slice(0, 60)}` })
    }
    const bytes = await bytesOf(response)
    return bytes === undefined
      ? { kind: 'failed', why: 'too large' }
      : { kind: 'tile', tile: { type, bytes } }
  } catch (error) {
    return { kind: 'failed', why: error instanceof AddressRefused ? error.message : codeOf(error, signal) }
  }
}

function open(url: URL, pinned: Pinned, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      { signal, headers: { 'user-agent': 'wellwatch', accept: 'image/*' }, lookup: lookupOf(pinned) },
      resolve,
    )
    request.on('error', reject)
    request.end()
  })
}

function drained(response: IncomingMessage, fetched: Fetched): Fetched {
  response.destroy()
  return fetched
}

async function bytesOf(response: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

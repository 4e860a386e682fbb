import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { refuse } from '#contract/problem.ts'
import { ProblemError } from './problem-error.ts'

const LOOPBACK = /^(::1|(::ffff:)?127\.)/
/** A proxy on this machine makes everybody look local; what it forwards says so. */
const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

export const NOT_SIGNED_IN = refuse('not-signed-in', { zh: '请先登录', en: 'sign in first' })

export type Gate = (request: FastifyRequest) => Promise<void>

/**
 * Measurements and documentation tell an attacker much: they are for this machine itself, for whoever has
 * signed in, and for the collector that holds the key.
 */
export function insidersOnly(key = ''): Gate {
  return async (request) => {
    if (request.actor !== undefined || isThisMachine(request) || holdsKey(request, key)) return
    throw new ProblemError(NOT_SIGNED_IN)
  }
}

export function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') && FORWARDED.every((header) => headers[header] === undefined)
  )
}

function holdsKey({ headers }: FastifyRequest, key: string): boolean {
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (key === '' || given === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(key))
}

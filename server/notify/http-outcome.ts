import { HOUR, MINUTE } from '../domain/instant.ts'
import type { Outcome, Unsent } from '../domain/notification/outcome.ts'
import type { Answer } from './post.ts'

/** What an HTTP status says. Only 2xx is a success; 410 means never again; 429 and 503 may say how long to wait. */
export function httpOutcome(answer: Answer | Unsent): Outcome {
  if (answer.kind !== 'answer') return answer
  const { status, retryAfterMs } = answer
  const why = `HTTP ${String(status)}`
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 410) return { kind: 'gone', why }
  if (status === 429 || (status === 503 && retryAfterMs !== undefined))
    return { kind: 'limited', why, restMs: Math.min(retryAfterMs ?? MINUTE, HOUR) }
  return status >= 500 || status === 408 ? { kind: 'failed', why } : { kind: 'refused', why }
}

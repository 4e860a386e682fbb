import { oneLine } from '../domain/notification/tell.ts'
import type { Outcome, Unsent } from '../domain/notification/outcome.ts'
import type { Answer } from './post.ts'

/** How a robot's provider answers: where its code stands, and which codes mean what. */
export interface AnswerForm {
  readonly code: 'errcode' | 'code'
  readonly text: 'errmsg' | 'msg'
  /** Codes that ask for fewer messages, and how long they want none. */
  readonly limited: readonly number[]
  readonly restMs: number
  /** Codes that say “busy”: worth trying again. */
  readonly busy: readonly number[]
}

/** Only the provider's own zero is a success: these robots answer HTTP 200 to everything. */
export function robotOutcome(answer: Answer | Unsent, form: AnswerForm): Outcome {
  if (answer.kind !== 'answer') return answer
  const { status, body, retryAfterMs } = answer
  const said = readCode(body, form)
  const why = said === undefined ? `HTTP ${String(status)}` : `${String(said.code)} ${said.text}`.trim()
  if (said?.code === 0 && status === 200) return { kind: 'sent' }
  if (status === 429 || (said !== undefined && form.limited.includes(said.code)))
    return { kind: 'limited', why, restMs: Math.max(form.restMs, retryAfterMs ?? 0) }
  const isBusy = status >= 500 || said === undefined || form.busy.includes(said.code)
  return isBusy ? { kind: 'failed', why } : { kind: 'refused', why }
}

function readCode(body: string, { code, text }: AnswerForm) {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null) return undefined
    const said = new Map(Object.entries(answer))
    const number: unknown = said.get(code)
    const words: unknown = said.get(text)
    if (typeof number !== 'number') return undefined
    return { code: number, text: typeof words === 'string' ? oneLine(words, 160) : '' }
  } catch {
    return undefined
  }
}

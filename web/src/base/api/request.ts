import type { Problem } from '#contract/problem.ts'

/** A refusal of the server, or the network's silence, as a value that a form can show. */
export interface Failure {
  readonly ok: false
  readonly status: number
  readonly code: string
  /** The server's sentence, in Chinese. */
  readonly detail: string
  readonly detailEn?: string | undefined
  readonly clause: string | undefined
  readonly missing: readonly string[]
}
export type Answer<T> = { readonly ok: true; readonly value: T } | Failure

let onSignedOut: (wanted: boolean) => void = () => undefined

/** Called when a request finds that the session has ended; `wanted`: it was to change something. */
export function whenSignedOut(listener: (wanted: boolean) => void): void {
  onSignedOut = listener
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly form?: FormData
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  /** For what takes the server longer than a click. */
  readonly patienceMs?: number
  /** True for signing in, where a 401 is an answer and no end of a session. */
  readonly anonymous?: boolean
}

const PATIENCE_MS = 20_000

/** One request to the API. Expected refusals and a silent network come back as values. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
  const timeout = AbortSignal.timeout(options.patienceMs ?? PATIENCE_MS)
  try {
    const response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.form === undefined ? {} : { body: options.form }),
    })
    if (response.status === 401 && options.anonymous !== true)
      onSignedOut((options.method ?? 'GET') !== 'GET')
    const text = await response.text()
    if (response.ok) return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as T }
    return failureOf(response.status, text)
  } catch (error) {
    if (options.signal?.aborted === true) return unreachable('aborted')
    return unreachable(error instanceof Error ? error.message : String(error))
  }
}

function failureOf(status: number, text: string): Failure {
  const problem = parseProblem(text)
  return {
    ok: false,
    status,
    code: problem.code ?? 'internal',
    detail: problem.detail ?? problem.title ?? String(status),
    detailEn: problem.detailEn,
    clause: problem.clause,
    missing: problem.missing ?? [],
  }
}

function parseProblem(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {} // A proxy's HTML page: the status says what there is to say.
  }
}

function unreachable(detail: string): Failure {
  return { ok: false, status: 0, code: 'unreachable', detail, clause: undefined, missing: [] }
}

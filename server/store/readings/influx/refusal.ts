import { StoreUnavailable } from '../../../flows/ports.ts'

/** The server took the request apart and refuses something in it: sending it again as it is helps nobody. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused'
  readonly tooLarge: boolean
  constructor(reason: string, tooLarge = false) {
    super(reason)
    this.tooLarge = tooLarge
  }
}

const BAD_CONTENT = new Set([400, 422])
const WRONG_SETTINGS = new Set([401, 403, 404])

/** What a status of InfluxDB's write API asks of us (documentation of /write and /api/v2/write). */
export function refusalOf(status: number, body: string, retryAfterMs?: number): Error {
  const reason = body.trim().slice(0, 2000)
  if (BAD_CONTENT.has(status)) return new BatchRefused(reason)
  if (status === 413) return new BatchRefused(reason, true)
  const misconfigured = WRONG_SETTINGS.has(status)
  return new StoreUnavailable(`InfluxDB answers ${String(status)}: ${reasonIn(reason)}`, {
    misconfigured,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** The sentence in `{"error": …}` or `{"message": …}`, else the body itself. */
export function reasonIn(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown }
    return typeof message === 'string' ? message : typeof error === 'string' ? error : body
  } catch {
    return body
  }
}

/** A connection that was refused, cut or went silent. */
export function unreachable(cause: unknown): StoreUnavailable {
  const text = cause instanceof Error ? cause.message : String(cause)
  return new StoreUnavailable(`InfluxDB cannot be reached: ${text}`, { cause })
}

/** Settles within `ms`: a connection cut in the middle of an answer leaves the client waiting for ever. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${String(ms)} ms`)), ms)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

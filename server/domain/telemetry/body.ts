import { MAX_BODY_BYTES, type RejectReason } from '#contract/telemetry.ts'

/** Telemetry needs three levels; attributes may hold a little more. */
const MAX_DEPTH = 8

/** A parsed body, or why it is none. */
export type ParsedBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: RejectReason }

// Refuses bytes that are not UTF-8 and skips a byte-order mark, which Windows gateways write.
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Bytes → JSON value within the limits of a message. Depth is counted before JSON.parse, which
 * would otherwise build tens of thousands of nested arrays.
 */
export function parseBody(body: Uint8Array): ParsedBody {
  if (body.length === 0) return { ok: false, reason: 'empty' }
  if (body.length > MAX_BODY_BYTES) return { ok: false, reason: 'too_large' }
  if (isDeeperThan(MAX_DEPTH, body)) return { ok: false, reason: 'too_deep' }
  let text: string
  try {
    text = UTF8.decode(body)
  } catch {
    return { ok: false, reason: 'not_utf8' }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, reason: text.trim() === '' ? 'empty' : 'not_json' }
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Whether JSON text nests further than `limit` objects and arrays; whatever the bytes, in one pass. */
export function isDeeperThan(limit: number, body: Uint8Array): boolean {
  let openings = 0
  // `[` and `{` differ in one bit. Where there are few of them in all, none is deep.
  for (let index = 0; index < body.length; index += 1) {
    if (((body[index] ?? 0) & 0xdf) === 0x5b) openings += 1
  }
  return openings > limit && nestsDeeperThan(limit, body)
}

function nestsDeeperThan(limit: number, body: Uint8Array): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] ?? 0
    if (inString) {
      if (byte === BACKSLASH) index += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte < 0x5b) continue
    else if (OPENING.has(byte)) {
      depth += 1
      if (depth > limit) return true
    } else if (CLOSING.has(byte)) depth -= 1
  }
  return false
}

/** An object of JSON: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

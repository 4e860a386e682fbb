import type { Encoding } from '#contract/profiles.ts'
import { MAX_BODY_BYTES, type RejectReason } from '#contract/telemetry.ts'
import { isDeeperThan } from '../telemetry/body.ts'

/** Foreign messages nest further than ours. */
const MAX_DEPTH = 32
const LATIN1 = new TextDecoder('latin1')
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A foreign body as an expression is given it, or why it cannot be. */
export type ForeignBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: RejectReason }

/**
 * Bytes → what an expression calls `body`: the parsed JSON, the text, or the frame as lower-case hex digits.
 * A frame that comes as text of hex digits already, as many gateways write it, stays the frame it means.
 */
export function readForeignBody(encoding: Encoding, bytes: Uint8Array): ForeignBody {
  if (bytes.length === 0) return no('empty')
  if (bytes.length > MAX_BODY_BYTES) return no('too_large')
  if (encoding === 'hex') return { ok: true, value: frameDigits(bytes) }
  if (encoding === 'json' && isDeeperThan(MAX_DEPTH, bytes)) return no('too_deep')
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    return no('not_utf8')
  }
  if (encoding === 'text') return { ok: true, value: text }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return no(text.trim() === '' ? 'empty' : 'not_json')
  }
}

function no(reason: RejectReason): ForeignBody {
  return { ok: false, reason }
}

function frameDigits(bytes: Uint8Array): string {
  const text = LATIN1.decode(bytes).replaceAll(/[\s:]/g, '')
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return text.toLowerCase()
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * The bytes behind text: hex digits in pairs, or base64 as platforms carry payloads; undefined for neither.
 * What could be both is hex, so a payload known to be base64 says so by `as`.
 */
export function bytesOf(text: string, as?: 'hex' | 'base64'): number[] | undefined {
  const plain = text.trim()
  if (as !== 'base64' && /^(?:[0-9a-f]{2})*$/i.test(plain))
    return (plain.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  if (as === 'hex' || plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) return undefined
  return Array.from(atob(plain), (sign) => sign.charCodeAt(0))
}

/** An integer of a frame: `length` bytes (1–6) from `from`; undefined where the frame is too short. */
export function integerIn(
  bytes: readonly number[],
  at: { readonly from: number; readonly length: number; readonly signed: boolean; readonly little: boolean },
): number | undefined {
  const { from, length, signed, little } = at
  if (from < 0 || length < 1 || length > 6 || from + length > bytes.length) return undefined
  const part = bytes.slice(from, from + length)
  const value = (little ? part.reverse() : part).reduce((sum, byte) => sum * 256 + byte, 0)
  return signed && value >= 2 ** (8 * length - 1) ? value - 2 ** (8 * length) : value
}

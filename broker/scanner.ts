import { checkFirstByte, checkFrame, type Violation } from './frames.ts'
import type { BrokerLimits } from './limits.ts'

const DISCONNECT = 0xe0
/** CONNECT, SUBSCRIBE and UNSUBSCRIBE. */
const TURNS: ReadonlySet<number> = new Set([0x10, 0x82, 0xa2])
/** PUBACK, PUBREC and PUBCOMP. */
const ANSWERS: ReadonlySet<number> = new Set([4, 5, 7])

/** Follows frames through chunks of any size; judges a length as soon as it is declared. */
export function createScanner(
  limits: Pick<BrokerLimits, 'connectBytes' | 'frameBytes'>,
  /** Whether a message that was sent may be answered by this packet. */
  answers?: (type: number, messageId: number) => boolean,
) {
  let connected = false
  let first: number | undefined
  let length = 0
  let lengthBytes = 0
  let missing: number | undefined
  let parts: Buffer[] = []
  let farewell: { readonly from: number; readonly to: number } | undefined
  let turn: number | undefined

  function endFrame(type: number): Violation | undefined {
    const [only] = parts
    const body = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
    first = undefined
    missing = undefined
    length = 0
    lengthBytes = 0
    parts = []
    connected = true
    const violation = checkFrame(type, body)
    if (violation !== undefined || !ANSWERS.has(type >> 4)) return violation
    return answers?.(type >> 4, body.readUInt16BE(0)) === false ? { reason: 'malformed' } : undefined
  }

  function takeLength(byte: number): Violation | undefined {
    length += (byte & 127) * 128 ** lengthBytes
    lengthBytes++
    if ((byte & 128) !== 0) return lengthBytes === 4 ? { reason: 'malformed' } : undefined
    if (length > (connected ? limits.frameBytes : limits.connectBytes)) return { reason: 'frame_too_large' }
    missing = length
    return undefined
  }

  /** One step; answers how many bytes it used, or what is wrong. */
  function step(chunk: Buffer, at: number): number | Violation {
    const byte = chunk[at]
    if (first === undefined) {
      if (byte === undefined) return 0
      first = byte
      return checkFirstByte(byte, connected) ?? 1
    }
    if (missing === undefined) {
      if (byte === undefined) return 0
      const violation = takeLength(byte)
      if (violation !== undefined) return violation
      return missing === 0 ? (endFrame(first) ?? 1) : 1
    }
    const part = chunk.subarray(at, at + missing)
    parts.push(part)
    missing -= part.length
    return missing === 0 ? (endFrame(first) ?? part.length) : part.length
  }

  return {
    betweenFrames: () => first === undefined,
    scan(chunk: Buffer): Violation | undefined {
      let at = 0
      let from = 0
      turn = undefined
      while (at < chunk.length && farewell === undefined && turn === undefined) {
        const type = first ?? chunk[at] ?? 0
        if (first === undefined) from = at
        const used = step(chunk, at)
        if (typeof used !== 'number') return used
        at += used
        if (first !== undefined) continue
        if (type === DISCONNECT) farewell = { from, to: at }
        if (TURNS.has(type)) turn = at
      }
      return undefined
    },
    /** Where in the chunk scanned last a DISCONNECT began, or went on, and ended. */
    farewell: () => farewell,
    /** Where in it one of those ended that the next one must not overtake; what lies behind was not looked at. */
    turn: () => turn,
  }
}

import { isUtf8 } from 'node:buffer'
import type { BrokerLimits } from './limits.ts'
import type { ConnackCode, RefusalReason } from './refusals.ts'

/** What is wrong with a frame; with a code, a CONNACK is owed before the connection closes. */
export interface Violation {
  readonly reason: RefusalReason
  readonly connack?: ConnackCode
}

const MALFORMED: Violation = { reason: 'malformed' }
const MAX_HEADER_BYTES = 5
/** PUBACK, PUBREC and PUBCOMP: the body is a packet id. */
export const ANSWER_TYPES: ReadonlySet<number> = new Set([4, 5, 7])

/** Types that a client may send, and the flags they must carry ([MQTT-2.2.2-1]); PUBLISH has its own. */
const CLIENT_FLAGS = new Map([
  [1, 0],
  [4, 0],
  [5, 0],
  [6, 2],
  [7, 0],
  [8, 2],
  [10, 2],
  [12, 0],
  [14, 0],
])

/** Where the frame that begins at `at` ends; undefined while its length is not declared, or never will be. */
export function endOfFrame(bytes: Buffer, at: number): number | undefined {
  let length = 0
  for (let n = 0; n < 4; n += 1) {
    const byte = bytes[at + 1 + n]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 128 ** n
    if (byte < 0x80) return at + 2 + n + length
  }
  return undefined
}

/** Where the body of the frame that begins at `at` begins; its length must be declared. */
export function startOfBody(bytes: Buffer, at: number): number {
  let from = at + 1
  while ((bytes[from] ?? 0) >= 0x80) from += 1
  return from + 1
}

/**
 * Judges the frame that begins at `at`, its length as soon as it is declared. Returns where a lawful frame
 * ends, what is wrong with another, and undefined while more bytes are needed.
 */
export function judgeFrame(
  bytes: Buffer,
  at: number,
  limits: Pick<BrokerLimits, 'connectBytes' | 'frameBytes'>,
  connected: boolean,
): number | Violation | undefined {
  const first = bytes[at] ?? 0
  const violation = checkFirstByte(first, connected)
  if (violation !== undefined) return violation
  const end = endOfFrame(bytes, at)
  if (end === undefined) return bytes.length - at < MAX_HEADER_BYTES ? undefined : MALFORMED
  const bodyAt = startOfBody(bytes, at)
  if (end - bodyAt > (connected ? limits.frameBytes : limits.connectBytes))
    return { reason: 'frame_too_large' }
  if (end > bytes.length) return undefined
  return checkFrame(first, bytes.subarray(bodyAt, end)) ?? end
}

/** Judges the first byte of a frame, before its length is known. */
function checkFirstByte(first: number, connected: boolean): Violation | undefined {
  const type = first >> 4
  if (!connected) return first === 0x10 ? undefined : { reason: type === 1 ? 'malformed' : 'not_connect' }
  if (type === 1) return { reason: 'second_connect' }
  if (type === 3) {
    const qos = (first >> 1) & 3
    const duplicate = (first & 8) !== 0
    // [MQTT-3.3.1-4], [MQTT-3.3.1-2]
    return qos === 3 || (qos === 0 && duplicate) ? MALFORMED : undefined
  }
  return CLIENT_FLAGS.get(type) === (first & 15) ? undefined : MALFORMED
}

/** Judges a whole frame: every MUST of MQTT 3.1.1 that the packet parser behind lets pass. */
function checkFrame(first: number, body: Buffer): Violation | undefined {
  const fields = new Fields(body)
  switch (first >> 4) {
    case 1:
      return checkConnect(fields)
    case 3:
      return wellFormed(fields.topic() && ((first & 6) === 0 || fields.packetId()))
    case 4:
    case 5:
    case 6:
    case 7:
      return wellFormed(fields.packetId() && fields.atEnd())
    case 8:
      return wellFormed(fields.packetId() && fields.filters((options) => options <= 2))
    case 10:
      return wellFormed(fields.packetId() && fields.filters())
    default:
      return wellFormed(fields.atEnd())
  }
}

function wellFormed(good: boolean): Violation | undefined {
  return good ? undefined : MALFORMED
}

function checkConnect(fields: Fields): Violation | undefined {
  const protocol = fields.text()
  const level = fields.byte()
  if (protocol !== 'MQTT' && protocol !== 'MQIsdp') return MALFORMED
  if (level === undefined) return MALFORMED
  // [MQTT-3.1.2-2]
  if (level !== (protocol === 'MQTT' ? 4 : 3)) return { reason: 'protocol_level', connack: 1 }
  const flags = fields.byte() ?? 1
  const has = (bit: number) => (flags & bit) !== 0
  const willQos = (flags >> 3) & 3
  // [MQTT-3.1.2-3], [MQTT-3.1.2-14], [MQTT-3.1.2-13], [MQTT-3.1.2-15], [MQTT-3.1.2-22]
  if (has(1) || willQos === 3 || (has(0x40) && !has(0x80))) return MALFORMED
  if (!has(4) && (willQos !== 0 || has(0x20))) return MALFORMED
  if (fields.byte() === undefined || fields.byte() === undefined) return MALFORMED
  const clientId = fields.text()
  if (clientId === undefined) return MALFORMED
  if (has(4) && (!fields.topic() || !fields.binary())) return MALFORMED
  if (has(0x80) && fields.text() === undefined) return MALFORMED
  if (has(0x40) && !fields.binary()) return MALFORMED
  if (!fields.atEnd()) return MALFORMED
  // [MQTT-3.1.3-8]; MQTT 3.1 knows no empty client id at all.
  if (clientId === '' && (!has(2) || level === 3)) return { reason: 'client_id', connack: 2 }
  return undefined
}

/** A topic filter as 4.7 of MQTT 3.1.1 allows it: wildcards are whole levels, `#` is the last. */
export function isFilter(filter: string): boolean {
  const levels = filter.split('/')
  return (
    filter !== '' &&
    levels.every((level, index) => {
      if (level === '#') return index === levels.length - 1
      return level === '+' || !/[+#]/.test(level)
    })
  )
}

/** C1 control characters and code points that stand for no character. */
const UNWANTED = /[\u{80}-\u{9f}\p{Noncharacter_Code_Point}]/u

/** Reads the fields of one frame in order; undefined or false when they do not fit. */
class Fields {
  readonly #body: Buffer
  #at = 0

  constructor(body: Buffer) {
    this.#body = body
  }

  byte(): number | undefined {
    return this.#body[this.#at++]
  }

  atEnd(): boolean {
    return this.#at === this.#body.length
  }

  /** A packet id, which is never zero ([MQTT-2.3.1-1]). */
  packetId(): boolean {
    const high = this.byte()
    const low = this.byte()
    return high !== undefined && low !== undefined && (high | low) !== 0
  }

  binary(): boolean {
    return this.#next() !== undefined
  }

  /** UTF-8 without NUL, surrogates ([MQTT-1.5.3-1], [MQTT-1.5.3-2]) or what the same clause allows a server to refuse. */
  text(): string | undefined {
    const bytes = this.#next()
    if (bytes === undefined) return undefined
    let ascii = true
    for (const byte of bytes) {
      if (byte < 0x20 || byte === 0x7f) return undefined
      if (byte > 0x7f) ascii = false
    }
    if (ascii) return bytes.toString('latin1')
    const text = isUtf8(bytes) ? bytes.toString('utf8') : undefined
    return text === undefined || UNWANTED.test(text) ? undefined : text
  }

  topic(): boolean {
    const topic = this.text()
    return topic !== undefined && topic !== '' && !/[+#]/.test(topic)
  }

  /** At least one filter to the end of the frame ([MQTT-3.8.3-3], [MQTT-3.10.3-2]). */
  filters(accepts?: (options: number) => boolean): boolean {
    if (this.atEnd()) return false
    while (!this.atEnd()) {
      const filter = this.text()
      if (filter === undefined || !isFilter(filter)) return false
      if (accepts === undefined) continue
      const options = this.byte()
      if (options === undefined || !accepts(options)) return false
    }
    return true
  }

  #next(): Buffer | undefined {
    const high = this.byte()
    const low = this.byte()
    if (high === undefined || low === undefined) return undefined
    const from = this.#at
    this.#at += high * 256 + low
    return this.#at > this.#body.length ? undefined : this.#body.subarray(from, this.#at)
  }
}

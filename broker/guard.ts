import type { Duplex } from 'node:stream'
import { checkFirstByte, checkFrame, endOfFrame, type Violation } from './frames.ts'
import type { BrokerLimits } from './limits.ts'

const DISCONNECT = 0xe0
const PUBLISH = 3
/** CONNECT, SUBSCRIBE and UNSUBSCRIBE. */
const TURNS: ReadonlySet<number> = new Set([0x10, 0x82, 0xa2])
const MOST_HEADER_BYTES = 5
const LINGER_MS = 20
/** So much of one connection is parsed in a turn of the loop: fifty that flood must not hold up the others. */
const PIECE_BYTES = 8192
/** PUBACK, PUBREC and PUBCOMP. */
const ANSWERS: ReadonlySet<number> = new Set([4, 5, 7])

export interface Guard {
  /** Nothing more is read from this connection. */
  stop(): void
  /** A CONNECT, SUBSCRIBE or UNSUBSCRIBE has been answered: what lies behind it may be read. */
  answered(): void
}

export interface GuardParts {
  readonly refused: (violation: Violation) => void
  /** Whether more may be read now; whoever says no emits `readable` when it may. */
  readonly mayRead: () => boolean
  /** Takes lawful frames from the front of bytes that begin with a frame; says how many bytes. */
  readonly take: (bytes: Buffer) => number
  /** Whether a message that was sent may be answered by this packet. */
  readonly answers: (type: number, messageId: number) => boolean
  /** It has said DISCONNECT: how its connection ends matters no more. */
  readonly leaves: () => void
  /** Whether all that it said has been answered. */
  readonly mayLeave: () => boolean
  /** Told when a frame begins that is not whole yet, and with `undefined` that it is. */
  readonly unfinished: (since: number | undefined) => void
}

/**
 * Stands before the packet parser, which knows no limits: it would hold 256 MB of a declared CONNECT.
 * Bytes reach the parser only when every frame they complete is lawful and every length allowed.
 */
export function guardStream(
  stream: Duplex,
  limits: BrokerLimits,
  { refused, mayRead, take, answers, leaves, mayLeave, unfinished }: GuardParts,
): Guard {
  const scanner = createScanner(limits, answers)
  const read = stream.read.bind(stream)
  let stopped = false
  let isUnfinished = false
  /** The beginning of a message behind those that were taken. */
  let held: Buffer | undefined
  /** Until one of the packets is answered that aedes would let the next one overtake. */
  let waits = false
  /** A DISCONNECT that waits for the answers to what came before it. */
  let goodbye: Buffer | undefined
  /** aedes may ask for more while it is still parsing what was given to it last. */
  let isParsing = false
  /** It has had its piece of this turn. */
  let rests = false
  let looking: NodeJS.Timeout | undefined
  let unsentSince: number | undefined

  /** aedes reads once and expects all there is; since Node 26 a read gives one chunk of several. */
  function readAll(): Buffer | null {
    const first: Buffer | null = read()
    if (first === null) return null
    const parts = [first]
    for (let next: Buffer | null = read(); next !== null; next = read()) parts.push(next)
    return parts.length === 1 ? first : Buffer.concat(parts)
  }

  function pieceOf(bytes: Buffer): Buffer {
    if (bytes.length <= PIECE_BYTES) return bytes
    rests = true
    stream.unshift(bytes.subarray(PIECE_BYTES))
    setImmediate(() => {
      rests = false
      stream.emit('readable')
    })
    return bytes.subarray(0, PIECE_BYTES)
  }

  function began(): void {
    isUnfinished = true
    unfinished(Date.now())
  }

  function ended(): void {
    if (isUnfinished) unfinished(undefined)
    isUnfinished = false
  }

  const isAnswered = (): boolean => !waits && !isParsing && mayLeave() && isSent()

  /** What has not left is lost with the connection; who does not read it is not waited for long. */
  function isSent(): boolean {
    if (stream.writableLength === 0) return true
    unsentSince ??= performance.now()
    return performance.now() - unsentSince > limits.drainTimeoutMs
  }

  function leave(bytes: Buffer): Buffer | null {
    if (!isAnswered()) {
      looking ??= setTimeout(() => {
        looking = undefined
        stream.emit('readable')
      }, LINGER_MS).unref()
      return null
    }
    // [MQTT-3.14.4-2]: whoever has said goodbye says nothing more.
    stopped = true
    return bytes
  }

  /** The client has closed its half; the other half stays open until what it said is answered. */
  function linger(): void {
    if (stream.destroyed) return
    if (isAnswered()) emit('end')
    else setTimeout(linger, LINGER_MS).unref()
  }

  const emit = stream.emit.bind(stream) as (event: string | symbol, ...rest: unknown[]) => boolean
  stream.emit = (event: string | symbol, ...rest: unknown[]): boolean => {
    if (event !== 'end' || isAnswered()) return emit(event, ...rest)
    setTimeout(linger, LINGER_MS).unref()
    return true
  }

  stream.read = (size?: number) => {
    if (stopped || stream.destroyed) return null
    if (size === 0) return read(0)
    if (goodbye !== undefined) return leave(goodbye)
    if (waits || rests || !mayRead()) return null
    const fresh = readAll()
    if (fresh === null) return null
    const all = held === undefined ? fresh : Buffer.concat([held, fresh])
    held = undefined
    const taken = scanner.betweenFrames() ? take(all) : 0
    const left = all.subarray(taken)
    if (taken > 0 && left.length > 0 && !mayRead()) {
      // Enough of this one for now. Back into the stream, which does not end while something lies in it.
      ended()
      stream.unshift(left)
      return null
    }
    if (taken > 0 && (left.length === 0 || isCutOff(left, limits))) {
      // A copy: ten bytes must not hold on to the whole read.
      held = left.length === 0 ? undefined : Buffer.from(left)
      if (left.length === 0) ended()
      else began()
      return null
    }
    const chunk = pieceOf(left)
    const violation = scanner.scan(chunk)
    if (violation !== undefined) {
      stopped = true
      refused(violation)
      return null
    }
    if (scanner.betweenFrames()) ended()
    else if (!isUnfinished) began()
    const turn = scanner.turn()
    if (turn !== undefined) {
      waits = true
      if (turn < chunk.length) stream.unshift(chunk.subarray(turn))
      return chunk.subarray(0, turn)
    }
    const farewell = scanner.farewell()
    if (farewell === undefined) return chunk
    leaves()
    goodbye = chunk.subarray(farewell.from, farewell.to)
    if (farewell.from === 0) return leave(goodbye)
    isParsing = true
    setImmediate(() => {
      isParsing = false
      stream.emit('readable')
    })
    return chunk.subarray(0, farewell.from)
  }
  return {
    stop: () => {
      stopped = true
    },
    answered() {
      if (!waits) return
      waits = false
      setImmediate(() => stream.emit('readable'))
    },
  }
}

/** Whether this begins one message of a length that is allowed, or not yet told, and ends within it. */
function isCutOff(bytes: Buffer, limits: Pick<BrokerLimits, 'frameBytes'>): boolean {
  if ((bytes[0] ?? 0) >> 4 !== PUBLISH || checkFirstByte(bytes[0] ?? 0, true) !== undefined) return false
  const end = endOfFrame(bytes, 0)
  if (end === undefined) return bytes.length < MOST_HEADER_BYTES
  return end > bytes.length && end <= limits.frameBytes
}

/** Follows frames through chunks of any size; judges a length as soon as it is declared. */
export function createScanner(
  limits: Pick<BrokerLimits, 'connectBytes' | 'frameBytes'>,
  answers?: GuardParts['answers'],
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

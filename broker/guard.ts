import type { Duplex } from 'node:stream'
import { checkFirstByte, endOfFrame, type Violation } from './frames.ts'
import type { BrokerLimits } from './limits.ts'
import { createScanner } from './scanner.ts'

const PUBLISH = 3
const MOST_HEADER_BYTES = 5
const LINGER_MS = 20
/** So much of one connection is parsed in a turn of the loop: fifty that flood must not hold up the others. */
const PIECE_BYTES = 8192

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

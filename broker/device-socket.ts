import { Duplex } from 'node:stream'
import { ANSWER_TYPES, endOfFrame, judgeFrame, type Violation } from './frames.ts'
import type { BrokerLimits } from './limits.ts'

/**
 * Where a connection is. Bytes are taken in `connecting`, when nothing but CONNECT is lawful, and in `open`.
 * `parsing`: aedes is at work on the frames it was given last. `waiting`: nothing may overtake the answer to
 * a CONNECT, SUBSCRIBE or UNSUBSCRIBE. `disconnecting` (after DISCONNECT) and `half_closed` (after FIN): it
 * ends once everything is answered. `stopped`: nothing more is read.
 */
type State = 'connecting' | 'open' | 'parsing' | 'waiting' | 'disconnecting' | 'half_closed' | 'stopped'

export interface DeviceSocketParts {
  readonly limits: Pick<BrokerLimits, 'connectBytes' | 'frameBytes' | 'drainTimeoutMs'>
  /** Takes whole frames from the front without aedes; returns the number of bytes taken. */
  readonly takeFast: (bytes: Buffer) => number
  /** True while so many messages are on their way to the disk that no more are read. */
  readonly isFull: () => boolean
  /** Whether a message sent to the client may be answered by a packet of this type. */
  readonly mayAnswer: (type: number, messageId: number) => boolean
  /** Whether everything that the client sent has been answered. */
  readonly isAnswered: () => boolean
  readonly refused: (violation: Violation) => void
}

const DISCONNECT = 0xe0
/** CONNECT, SUBSCRIBE and UNSUBSCRIBE. */
const ANSWERED_BEFORE_OTHERS: ReadonlySet<number> = new Set([0x10, 0x82, 0xa2])
const POLL_MS = 20
/** Fifty connections that flood must not hold up the others, so aedes parses only this much of one in a turn. */
const MAX_RUN_BYTES = 8192
/** A frame that arrives byte by byte must not cost one buffer object for each byte. */
const MAX_PARTS = 64

/**
 * Stands between the network and the parser of aedes, which knows no limits: it would hold 256 MB of a
 * declared CONNECT. Only runs of whole, lawful frames reach it, one run at a time.
 */
export class DeviceSocket extends Duplex {
  readonly #source: Duplex
  readonly #parts: DeviceSocketParts
  #state: State = 'connecting'
  /** Received and not taken yet; begins with a frame. */
  #received: Buffer[] = []
  #size = 0
  /** Fewer bytes than this cannot be taken. */
  #needed = 1
  #frameSince: number | undefined
  #heardAt = Date.now()
  #unsentSince: number | undefined

  constructor(source: Duplex, parts: DeviceSocketParts) {
    // With a mark of one byte `_read` means that aedes has taken the whole run.
    super({ decodeStrings: false, readableHighWaterMark: 1 })
    this.#source = source
    this.#parts = parts
    source.on('data', (chunk: Buffer) => this.#receive(chunk))
    source.on('end', () => this.#advance())
    source.on('error', (error) => this.destroy(error))
    source.on('close', () => this.destroy())
  }

  /** DISCONNECT has arrived: the will is void however the connection ends. */
  get isDisconnecting(): boolean {
    return this.#state === 'disconnecting'
  }

  /** When the unfinished frame began; undefined between frames. */
  get frameSince(): number | undefined {
    return this.#frameSince
  }

  /** When the last whole frame arrived; undefined while the client waits for an answer of ours. */
  get silentSince(): number | undefined {
    return this.#state === 'waiting' ? undefined : this.#heardAt
  }

  /** Bytes that are written and have not left yet. */
  get unsentBytes(): number {
    return this.writableLength + this.#source.writableLength
  }

  /** Like `write`, without the cost of a second stream while nothing waits that must go first. */
  send(bytes: Buffer): void {
    if (this.writableLength === 0 && this.writableCorked === 0) this.#source.write(bytes)
    else this.write(bytes)
  }

  /** A CONNECT, SUBSCRIBE or UNSUBSCRIBE has been answered. */
  answered(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'open'
    this.#heardAt = Date.now()
    this.advanceSoon()
  }

  /** Looks again at what is received: it may no longer be too much. */
  advanceSoon(): void {
    if (this.#source.isPaused()) setImmediate(() => this.#advance())
  }

  stopReading(): void {
    if (this.#state !== 'disconnecting') this.#state = 'stopped'
    this.#source.pause()
  }

  override _read(): void {
    if (this.#state === 'parsing' || this.#state === 'disconnecting') setImmediate(() => this.#parsed())
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, callback: Done): void {
    this.#source.write(chunk, encoding, callback)
  }

  override _writev(writes: { chunk: Buffer | string; encoding: BufferEncoding }[], callback: Done): void {
    this.#source.cork()
    for (const [index, { chunk, encoding }] of writes.entries())
      this.#source.write(chunk, encoding, index === writes.length - 1 ? callback : undefined)
    this.#source.uncork()
  }

  override _final(callback: Done): void {
    this.#source.end(callback)
  }

  override _destroy(error: Error | null, callback: Done): void {
    this.#source.destroy()
    callback(error)
  }

  #receive(chunk: Buffer): void {
    if (this.#received.length >= MAX_PARTS) this.#received = [Buffer.concat(this.#received)]
    this.#received.push(chunk)
    this.#size += chunk.length
    if (this.#size >= this.#needed) this.#advance()
  }

  #mayTake(): boolean {
    return (
      (this.#state === 'open' || this.#state === 'connecting') && !this.destroyed && !this.#parts.isFull()
    )
  }

  /** Takes what may be taken; the source rests while something has to wait. */
  #advance(): void {
    if (this.#size >= this.#needed && this.#mayTake()) this.#take()
    if (!this.#mayTake()) this.#source.pause()
    else if (this.#source.readableEnded) {
      this.#state = 'half_closed'
      this.#leave()
    } else if (this.#source.isPaused()) this.#source.resume()
  }

  #take(): void {
    const [only] = this.#received
    const bytes = this.#received.length === 1 && only !== undefined ? only : Buffer.concat(this.#received)
    this.#needed = 1
    let taken = this.#state === 'open' ? this.#parts.takeFast(bytes) : 0
    if (taken < bytes.length && this.#mayTake()) taken = this.#handOver(bytes, taken)
    if (this.destroyed) return
    const rest = bytes.subarray(taken)
    const isCutOff = rest.length < this.#needed && rest.length > 0
    // A copy of a cut-off frame: ten bytes must not keep the whole read in memory.
    this.#received = rest.length === 0 ? [] : [isCutOff ? Buffer.from(rest) : rest]
    this.#size = rest.length
    if (taken > 0) this.#heardAt = Date.now()
    if (taken > 0 || !isCutOff) this.#frameSince = undefined
    if (isCutOff) this.#frameSince ??= Date.now()
  }

  /** Gives aedes the lawful frames from there on; returns where they end. */
  #handOver(bytes: Buffer, from: number): number {
    let at = from
    let next: State = 'parsing'
    while (at < bytes.length && at - from < MAX_RUN_BYTES && next === 'parsing') {
      const first = bytes[at] ?? 0
      const end = judgeFrame(bytes, at, this.#parts.limits, this.#state !== 'connecting')
      if (end === undefined) {
        this.#needed = (endOfFrame(bytes, at) ?? bytes.length + 1) - at
        break
      }
      if (typeof end !== 'number') return this.#refuse(end, at)
      if (!this.#isDue(first, bytes, end)) return this.#refuse({ reason: 'malformed' }, at)
      if (first === DISCONNECT) next = 'disconnecting'
      else at = end
      if (ANSWERED_BEFORE_OTHERS.has(first)) next = 'waiting'
    }
    if (at > from) this.push(bytes.subarray(from, at))
    if (at > from || next === 'disconnecting') this.#state = next
    if (at === from && next === 'disconnecting') this.#leave()
    return at
  }

  /** An answer from the client ends with its packet id. */
  #isDue(first: number, bytes: Buffer, end: number): boolean {
    const type = first >> 4
    return !ANSWER_TYPES.has(type) || this.#parts.mayAnswer(type, bytes.readUInt16BE(end - 2))
  }

  #refuse(violation: Violation, at: number): number {
    this.#state = 'stopped'
    this.#parts.refused(violation)
    if (violation.connack === undefined) this.destroy()
    else this.end(Buffer.from([0x20, 2, 0, violation.connack]), () => this.destroy())
    return at
  }

  #parsed(): void {
    if (this.#state === 'disconnecting') return this.#leave()
    if (this.#state === 'parsing') this.#state = 'open'
    this.#advance()
  }

  /** What has not been sent is lost with the connection, but a client that does not read is not waited for long. */
  #leave(): void {
    if (this.destroyed) return
    if (this.#parts.isAnswered() && this.#isSent()) this.destroy()
    else setTimeout(() => this.#leave(), POLL_MS).unref()
  }

  #isSent(): boolean {
    if (this.unsentBytes === 0) return true
    this.#unsentSince ??= performance.now()
    return performance.now() - this.#unsentSince > this.#parts.limits.drainTimeoutMs
  }
}

type Done = (error?: Error | null) => void

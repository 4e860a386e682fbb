import type { LiveEventName } from '#contract/live.ts'
import type { Channel } from '#contract/topics.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import type { Row } from '../domain/csv.ts'
import type { Instant } from '../domain/instant.ts'
import type { Network } from '../domain/network/network.ts'
import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import type { Rows } from '../domain/telemetry/rows.ts'

/** What flows need from the world. Adapters implement these; nothing here knows which. */

export interface Clock {
  now(): Instant
}

export interface Log {
  debug(facts: object, text: string): void
  info(facts: object, text: string): void
  warn(facts: object, text: string): void
  error(facts: object, text: string): void
}

/** A place in the journal: the byte position of the next record, growing for ever. */
export type Cursor = number

export interface JournalEntry {
  readonly cursor: Cursor
  /** Where the next record begins; what a consumer saves once this one is done. */
  readonly next: Cursor
  readonly message: DeviceMessage
}

/** A record where it lies in a reader's memory, until the next one is looked at. */
export interface JournalRecord {
  readonly cursor: Cursor
  readonly next: Cursor
  readonly channel: Channel
  readonly receivedAt: Instant
  readonly deviceId: string
  /** The bytes of the device's id from `id` on, the body from `body` to `end`. */
  readonly bytes: Uint8Array
  readonly id: number
  readonly body: number
  readonly end: number
}

export interface JournalReader {
  /**
   * Shows records from `from` on, at most about `maxBytes` of them, until `take` has had enough and says
   * false. Where the next one begins; `from` when nothing new is on disk.
   */
  visit(from: Cursor, maxBytes: number, take: (record: JournalRecord) => boolean): Promise<Cursor>
  /** Records from `from` on, at most `maxBytes` of them; empty when nothing new is on disk. */
  read(from: Cursor, maxBytes: number): Promise<readonly JournalEntry[]>
  /** End of what is on disk. */
  durableEnd(): Cursor
  /** Bytes that it may keep. Full of what a consumer has not passed it takes nothing, so none is to be far behind. */
  capacity(): number
  /** Where what is kept begins. A consumer whose cursor lies before it has lost samples. */
  start(): Cursor
  /**
   * Resolves when something beyond `from` is on disk, or when aborted. After an empty `read(from)` it
   * waits for more than that read had seen, so a stretch that cannot be read makes nobody spin.
   */
  waitBeyond(from: Cursor, signal: AbortSignal): Promise<void>
}

export type AppendDone = (error: Error | undefined, cursor: Cursor, next: Cursor) => void

export interface Journal extends JournalReader {
  /**
   * Appends and calls back when the record is on disk (group commit, fdatasync). An error means that
   * it is not, and that no acknowledgement may be given; without one it says where the record lies.
   */
  append(message: DeviceMessage, done: AppendDone): void
  /** A consumer's progress: what all have passed may be deleted. */
  advance(consumer: string, cursor: Cursor): void
  close(): Promise<void>
}

/** Nothing was kept and nothing may be acknowledged; the device keeps its message and sends it again. */
export class JournalFull extends Error {
  override readonly name = 'JournalFull'
  /** `capacity` consumers lag too far behind, `disk` no room on the disk, `busy` the disk is too slow. */
  readonly why: 'capacity' | 'disk' | 'busy'
  constructor(why: 'capacity' | 'disk' | 'busy', options?: { cause: unknown }) {
    super(`journal is full: ${why}`, options)
    this.why = why
  }
}

/** Where a network comes from, now and at a past instant. */
export interface NetworkSource {
  current(): Network
  asOf(at: Instant): Network
  /** Called after every import, before it is answered. Returns how to stop. */
  onChange(listener: (network: Network) => void | Promise<void>): () => void
}

/** The tags that a reading is stored with, and nothing else. */
export interface ReadingTags {
  readonly measurement: string
  readonly deviceId: string
  readonly assetId: string
  readonly network: string
  readonly zone: string
}

/** Values on their way to a readings store. */
export interface StoredReading extends ReadingTags {
  readonly at: Instant
  readonly fields: Readonly<Record<string, number | boolean>>
}

export interface WriteOutcome {
  readonly rejected: readonly { readonly reading: StoredReading; readonly reason: string }[]
}

export interface ReadingsQuery {
  readonly assetId?: string
  readonly deviceId?: string
  readonly signal?: string
  readonly from: Instant
  readonly to: Instant
  /** Down-sampled to about this many points a series, extremes kept. Undefined: raw. */
  readonly points?: number
  /** Raw only: a series may end once it has so many points; the earliest come first. */
  readonly limit?: number
}

export interface ReadingsSeries {
  readonly deviceId: string
  readonly signal: string
  readonly points: readonly (readonly [Instant, number | boolean])[]
}

/** History of readings. `write` throws `StoreUnavailable` when it must be tried again as it is. */
export interface ReadingsStore {
  readonly kind: string
  write(readings: readonly StoredReading[]): Promise<WriteOutcome>
  query(query: ReadingsQuery): Promise<readonly ReadingsSeries[]>
  close(): Promise<void>
}

/** The reading half of a store; the embedded one is written by another thread. */
export type ReadingsHistory = Pick<ReadingsStore, 'query' | 'close'>

/** The writing half of a store. */
export interface ReadingsWriter extends Pick<ReadingsStore, 'kind' | 'write' | 'close'> {
  /** One short slice of upkeep (merging, retention); true while there is more to do. */
  maintain?(): boolean
  /** Names of signals that it has of a device, the oldest first. */
  storedNames?(deviceId: string): Iterable<string>
  /** What was written outlives a power cut when it returns; without it, it did so before. */
  sync?(): void
  /**
   * Where it is there, samples go this way and in no other: as they came, whatever their signals measure.
   * An owner of rows is a place in `owners`; what stands there stays there from call to call.
   */
  writeRows?(rows: Rows, owners: readonly ReadingTags[]): Promise<WriteOutcome>
}

/** The store is away or refuses for now; the cursor waits and the same batch is tried again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** A mistake of configuration (401, 404): tried slowly and shown. */
  readonly misconfigured: boolean
  /** How long the store asks to be left alone, ms. */
  readonly retryAfterMs: number | undefined
  constructor(
    message: string,
    options: { cause?: unknown; misconfigured?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.misconfigured = options.misconfigured ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}

/** A stored row that is no longer what was written: nothing can be decided from it. */
export class DamagedRow extends Error {
  override readonly name = 'DamagedRow'
  constructor(place: string, why: string, options?: { readonly cause: unknown }) {
    super(`${place}: ${why}`, options)
  }
}

/** A store that has to be opened anew before it can go on. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}

/** Counts what was set aside, keeps a bounded sample of it, flags the device. */
export interface Quarantine {
  setAside(rejected: Rejected): void
}

/** A message of which something, or all, is not used. */
export interface Rejected {
  readonly reason: RejectReason
  readonly deviceId: string
  readonly topic: string
  readonly body: Uint8Array
  readonly receivedAt: Instant
  readonly detail?: string
  /** Samples or values that it is about; 1 by default. */
  readonly count?: number
}

/** The live feed. Called only after commit. */
export interface LiveFeed {
  publish(event: LiveEventName, id: string, data: unknown): void
}

/** Of what changes all the time: read once a screen is told, as it is then. */
export interface LiveStates {
  announce(event: LiveEventName, id: string, read: (id: string) => unknown): void
}

/**
 * A part that acts at instants. Live, the scheduler wakes it when its next instant has come; with the
 * manual clock every instant is visited in order. Nothing keeps a timer of its own.
 */
export interface Timed {
  readonly name: string
  /** The next instant at which `run` has something to do; undefined when there is none. */
  nextDue(): Instant | undefined | Promise<Instant | undefined>
  run(at: Instant): void | Promise<void>
}

/** A consumer of the journal. */
export interface Consumer {
  readonly name: string
  /** Resolves when everything that was on disk at the call has been consumed. */
  catchUp(): Promise<void>
  /** Messages on disk and not yet consumed. */
  lag(): number
  /** Everything before it has been consumed. */
  position(): Cursor
  /** Undefined while it works; else what is wrong, in words for the wall. */
  problem(): string | undefined
  close(): Promise<void>
}

/** Writes a workbook of one sheet elsewhere than in the main thread. */
export type WriteWorkbook = (sheet: string, rows: readonly Row[]) => Promise<Uint8Array>

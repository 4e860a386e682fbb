import { randomInt } from 'node:crypto'
import { JournalFull, type Cursor, type Journal, type Log } from '../flows/ports.ts'
import { createSegmentAllocator } from './segment-allocator.ts'
import { createConsumers, type ConsumerRule } from './consumers.ts'
import { realDisk, type Disk } from './disk.ts'
import { createReader } from './reader.ts'
import { MAX_RECORD_BYTES } from './record.ts'
import { recover } from './recover.ts'
import { HEADER_BYTES, MAX_ROOM_BYTES } from './segment.ts'
import { createQuarantine } from './quarantine.ts'
import { sharedState } from './shared-state.ts'
import { createSealedSegments } from './sealed-segments.ts'
import { createWriter } from './writer.ts'

export interface JournalOptions {
  readonly dir: string
  readonly consumers: readonly ConsumerRule[]
  readonly log: Log
  /** Size of one file. */
  readonly segmentBytes?: number
  /** All files together, at least two segments. Beyond it: eviction, else no acknowledgement. */
  readonly capacityBytes?: number
  /** As much of what all have consumed is kept, for replays. */
  readonly keepBytes?: number
  /** Most bytes of one group of messages that are committed together. */
  readonly maxPendingBytes?: number
  /** Messages that wait for a later group; beyond it: no acknowledgement. */
  readonly maxWaitingBytes?: number
  /** Share of the disk, at most 1 GiB, that the journal leaves to the databases beside it. */
  readonly keepFree?: number
  /** False where the readings store waits for the same disk: then acknowledgements stop before anything goes. */
  readonly evictOnFullDisk?: boolean
  /** Whose journal it is: segments of another are refused. */
  readonly installation?: number
  readonly disk?: Disk
}

interface JournalStats {
  readonly start: Cursor
  readonly end: Cursor
  readonly usedBytes: number
  readonly capacityBytes: number
  readonly segments: number
  readonly pendingBytes: number
  readonly appended: number
  readonly groups: number
  /** Messages deleted before a readings store had them. */
  readonly evicted: number
  readonly badStretches: number
  readonly badBytes: number
  /** True when a consumer had read further than the records that are left. */
  readonly behindConsumer: boolean
  /** Why nothing is taken at present. */
  readonly refusing: string | undefined
}

export interface OpenJournal extends Journal {
  /** For `openJournalReader` in another thread. */
  readonly shared: SharedArrayBuffer
  stats(): JournalStats
}

const MIB = 1024 * 1024

/**
 * Opens the journal of a folder, after whatever crash, and sets aside what cannot be read. A full disk
 * does not keep it from opening: then it takes nothing until there is room.
 */
export async function openJournal(options: JournalOptions): Promise<OpenJournal> {
  const { dir, log, disk = realDisk, keepBytes = 0, keepFree = 0.05, evictOnFullDisk = true } = options
  const { maxPendingBytes = 4 * MIB, maxWaitingBytes = 64 * MIB } = options
  const { segmentBytes = 16 * MIB, capacityBytes = 4096 * MIB, installation = 0 } = options
  if (segmentBytes < HEADER_BYTES + MAX_RECORD_BYTES || segmentBytes > MAX_ROOM_BYTES) {
    throw new RangeError(`journal segment of ${segmentBytes} bytes: too small for a record, or above 1 GiB`)
  }
  if (maxPendingBytes < MAX_RECORD_BYTES) throw new RangeError('journal group is too small for a record')
  if (capacityBytes < 2 * segmentBytes) throw new RangeError('journal capacity is below two segments')

  const state = sharedState()
  state.setCapacity(capacityBytes)
  const quarantine = createQuarantine(dir, disk, state, log)
  const readerParts = { dir, disk, state, quarantine }
  const reader = createReader(readerParts)
  await disk.makeFolder(dir)
  const { sealed, recordsEnd, nextBase } = await recover(dir, disk, quarantine, installation)
  state.setStart(sealed[0]?.after ?? nextBase)
  state.setEnd(recordsEnd)

  const consumers = createConsumers(options.consumers)
  const sealedSegments = createSealedSegments({
    dir,
    disk,
    keepBytes,
    consumers,
    state,
    log,
    sealed,
    reader: createReader(readerParts),
  })
  const salt = randomInt(1, 2 ** 32)
  const source = createSegmentAllocator({
    dir,
    disk,
    segmentBytes,
    capacityBytes,
    keepFree,
    evictOnFullDisk,
    salt,
    installation,
    sealedSegments,
    log,
  })
  const writer = createWriter({ source, state, salt, maxPendingBytes, maxWaitingBytes, nextBase, log })
  let tidying: Promise<void> | undefined
  let behindConsumer = false

  try {
    await writer.roll()
    await sealedSegments.deleteEmpty()
  } catch (error) {
    if (!(error instanceof JournalFull)) throw error
    log.error({ err: error }, 'journal opened without room to write')
  }

  return {
    ...reader,
    shared: state.buffer,
    append: writer.append,
    advance(consumer, cursor) {
      if (cursor > state.end()) {
        log.error(
          { consumer, cursor, end: state.end() },
          'consumer is ahead of the journal: records were lost',
        )
        behindConsumer = true
        writer.skipTo(cursor)
      }
      consumers.advance(consumer, cursor)
      writer.retry()
      tidying ??= tidy()
    },
    stats: () => ({
      start: state.start(),
      end: state.end(),
      usedBytes: sealedSegments.bytes() + writer.activeBytes() + (source.hasSpare() ? segmentBytes : 0),
      capacityBytes,
      segments: sealedSegments.count() + (writer.activeBytes() > 0 ? 1 : 0),
      pendingBytes: writer.pendingBytes(),
      ...writer.counts(),
      evicted: sealedSegments.evicted(),
      badStretches: state.badStretches(),
      badBytes: state.badBytes(),
      behindConsumer,
      refusing: writer.refusal()?.message,
    }),
    async close() {
      await writer.close()
      await tidying
    },
  }

  async function tidy(): Promise<void> {
    try {
      await sealedSegments.deleteConsumed()
    } catch (error) {
      log.error({ err: error }, 'could not delete a consumed journal segment')
    } finally {
      tidying = undefined
    }
  }
}

import type { Instant } from '../../domain/instant.ts'
import type { Cursor } from '../ports.ts'

/** One part of the detector's state as it is kept: JSON under a name. */
export interface SavedPart {
  readonly name: string
  readonly body: string
}

/** A tick that had something to say, and how far the journal had been read then. */
export interface SavedTick {
  readonly cursor: Cursor
  readonly at: Instant
}

export interface SavedCheckpoint {
  readonly cursor: Cursor
  /** Server time that had been judged up to: later ticks at the same place are not part of it. */
  readonly judgedTo: Instant
  readonly aliveAt: Instant
}

export interface SavedDetection {
  readonly cursor: Cursor
  /** The server was certainly listening until then. */
  readonly aliveAt: Instant
  readonly parts: readonly SavedPart[]
  /** Ticks after the checkpoint, in order: a replay repeats them at the same place. */
  readonly ticks: readonly SavedTick[]
}

/**
 * Keeps the detector's state together with its cursor. A checkpoint is written in pieces and becomes
 * true at once by `commit`; after a crash before it the one before holds, whole.
 */
export interface DetectionStore {
  load(): Promise<SavedDetection | undefined>
  /** Pieces of the checkpoint to come; parts not written again keep their last content. */
  write(parts: readonly SavedPart[]): Promise<void>
  commit(checkpoint: SavedCheckpoint): Promise<void>
  /** Drops what these parts were before the last commit; until then it only takes room. */
  forgetOlder(names: readonly string[]): Promise<void>
  saveTick(tick: SavedTick): Promise<void>
  saveAlive(at: Instant): Promise<void>
}

import type { Places } from '../../flows/readings/reading-mapper.ts'
import type { Rejected } from '../../flows/ports.ts'
import type { Caution } from '../../flows/readings/attempt.ts'
import type { ForwarderProgress } from '../../flows/readings/forward-readings.ts'
import type { ReadingsSettings } from './open-readings.ts'

/** What the forwarder thread is born with. */
export interface WorkerStart {
  readonly settings: ReadingsSettings
  readonly journalDir: string
  readonly shared: SharedArrayBuffer
  readonly places: Places
  /** Of a SharedAttempt. */
  readonly attempt: SharedArrayBuffer
  readonly caution: Caution | undefined
}

export type ToWorker =
  | { readonly kind: 'places'; readonly places: Places }
  | { readonly kind: 'catch-up'; readonly id: number }
  | { readonly kind: 'close' }

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: ForwarderProgress }
  | { readonly kind: 'set-aside'; readonly rejected: readonly Rejected[] }
  | { readonly kind: 'caught-up'; readonly id: number }
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'log'
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly facts: object
      readonly text: string
    }

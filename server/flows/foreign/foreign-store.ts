import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../domain/instant.ts'
import type { TranslatedMessage } from '../../domain/translation/read-translation.ts'

/** A message that no profile understood, whole. */
export interface SetAsideForeign {
  readonly id: number
  readonly gateway: string
  readonly topic: string
  readonly receivedAt: Instant
  readonly bytes: Uint8Array
  readonly why: LocalizedText
}

/** What a message said of a device that nobody knew. */
export interface WaitingMessage {
  readonly id: number
  readonly alias: string
  readonly gateway: string
  readonly receivedAt: Instant
  readonly message: TranslatedMessage
}

/** Where foreign messages wait for somebody: on disk when it resolves, bounded, the oldest go first. */
export interface ForeignStore {
  setAside(message: Omit<SetAsideForeign, 'id'>): Promise<void>
  wait(message: Omit<WaitingMessage, 'id'>): Promise<void>
  /** Newest first; of these gateways alone where they are named. */
  listAside(order: {
    readonly newest: number
    readonly of?: readonly string[]
  }): Promise<readonly SetAsideForeign[]>
  countAside(): Promise<number>
  forgetAside(ids: readonly number[]): Promise<void>
  /** In the order in which they came. */
  waitingOf(alias: string, since: Instant): Promise<readonly WaitingMessage[]>
  forgetWaiting(alias: string): Promise<void>
  /** Forgets what waits since before then. */
  expire(before: Instant): Promise<void>
  /** Set aside and gone since the start because there were too many. */
  dropped(): number
}

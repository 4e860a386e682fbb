import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ChannelState } from '../../domain/notification/channel-state.ts'
import type { Rung } from '../../domain/notification/ladder.ts'
import type { Notification, Outgoing, WebhookEvent } from '../../domain/notification/notification.ts'
import type { Outcome } from '../../domain/notification/outcome.ts'
import type { Rate } from '../../domain/notification/rate.ts'
import type { ChannelScope, Contact, Reached } from '../../domain/notification/reach.ts'
import type { Subscriber } from '../../domain/notification/webhook-event.ts'
import type { Page } from '../decisions/decisions.ts'

/** `withheld` was not meant to go out: a drill, no channel for it, taken meanwhile. `dead` was and could not. */
export type OutboxState = 'waiting' | 'sent' | 'dead' | 'withheld'

/** One outgoing message with its progress. Without a channel it has not been routed yet. */
export interface OutboxEntry<Item extends Outgoing = Outgoing> {
  readonly id: string
  readonly outgoing: Item
  readonly state: OutboxState
  readonly createdAt: Instant
  /** The next attempt. */
  readonly dueAt: Instant
  readonly failures: number
  readonly channel?: string
  readonly reached?: Reached
  /** Why it failed last, or why it was withheld. */
  readonly why?: string
  /** Why it was withheld, in English; what a channel says has none. */
  readonly whyEn?: string
  readonly doneAt?: Instant
}

/** Entries come in through `Repositories.outbox` in the transaction of their event; here they make their way. */
export interface OutboxStore {
  unrouted(at: Instant, limit: number): Promise<readonly OutboxEntry[]>
  waiting(channel: string, at: Instant, limit: number): Promise<readonly OutboxEntry[]>
  /** The earliest due instant of what waits, by channel; `''` for what is not routed. */
  firstDue(): Promise<ReadonlyMap<string, Instant>>
  count(state: OutboxState): Promise<number>
  save(entry: OutboxEntry): Promise<void>
  load(id: string): Promise<OutboxEntry | undefined>
  /** Newest first. */
  list(filter: { state?: OutboxState; cursor?: string; limit: number }): Promise<Page<OutboxEntry>>
  /** Channels may have gone with a restart: what waits for another one is routed anew. */
  unroute(configured: readonly string[]): Promise<void>
  /** Forgets what was sent or withheld before `before`. */
  forget(before: Instant): Promise<void>
  channels(): Promise<readonly ChannelState[]>
  saveChannel(state: ChannelState): Promise<void>
}

/** One message on its way; several notifications are a digest. */
export interface Message {
  /** The same for every attempt at the same content. */
  readonly id: string
  readonly notifications: readonly [Notification, ...Notification[]]
  readonly people: readonly Contact[]
}

interface ChannelBase {
  /** What the configuration file calls it, and what people do. */
  readonly type: string
  readonly name: LocalizedText
  readonly rate: Rate
}

/** A way to people: a group's robot, e-mail, SMS. */
export interface MessageChannel extends ChannelScope, ChannelBase {
  readonly audience: 'people'
  /** How long a digest may be, bytes; 0 where everybody gets their own. */
  readonly digestBytes: number
  send(message: Message, signal: AbortSignal): Promise<Outcome>
}

/** A way to another program. */
export interface WebhookChannel extends ChannelScope, ChannelBase, Subscriber {
  readonly audience: 'programs'
  send(event: WebhookEvent, signal: AbortSignal): Promise<Outcome>
}
export type Channel = MessageChannel | WebhookChannel

/** Who holds a rung of a department at an instant; empty when nobody does. */
export type OnDuty = (
  departmentId: string,
  rung: Rung,
  at: Instant,
) => readonly Contact[] | Promise<readonly Contact[]>

import type { LocalizedText } from '#contract/text.ts'
import type { Level, TicketKind } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { Rung } from './ladder.ts'

/** `alarm` is to be heard now, `soon` wants an act within the clock, `info` is good to know. */
export const URGENCIES = ['alarm', 'soon', 'info'] as const
export type Urgency = (typeof URGENCIES)[number]

/** Stands for a clause where the text has none: the rule is inferred. */
export const INFERRED = 'I'

/** Is a reason inferred? A message of an older release may name its entry in the register (A28) instead. */
export function isInferred(clause: string): boolean {
  return /^[A-Z]\d*$/.test(clause)
}

/** Why somebody is told: the rule in words and its clause. */
export interface Reason extends LocalizedText {
  /** As printed, or `INFERRED`. */
  readonly clause: string
}

/** Whom a notification is for: a rung of a department, and the people that the ticket itself names. */
export interface Address {
  readonly rung: Rung
  readonly departmentId: string
  /** The crew that the job was passed to; on duty or not, it is theirs. */
  readonly personIds?: readonly string[]
}

/** One message to people about one event of one ticket, or about duty, which has no ticket. */
export interface Notification {
  /** The event's id and the rung: the same however often it is planned or sent. */
  readonly id: string
  readonly audience: 'people'
  readonly ticketId?: string
  readonly number?: string
  readonly kind?: TicketKind
  readonly level?: Level
  readonly to: Address
  readonly urgency: Urgency
  readonly text: LocalizedText
  readonly reason: Reason
  /** When it is to go out: with the event, or later (A31). */
  readonly dueAt: Instant
  /** Not sent once the unit has taken the ticket. */
  readonly unless?: 'accepted'
  /** A drill: kept and shown, never sent (A45). */
  readonly exercise: boolean
}

/** What other programs can subscribe to. */
export const WEBHOOK_EVENTS = [
  'ticket.created',
  'ticket.accepted',
  'ticket.on_site',
  'ticket.due_soon',
  'ticket.overdue',
  'ticket.closed',
  'ticket.reopened',
] as const
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number]

/** One event of one ticket for another program (Standard Webhooks: type, timestamp, data). */
export interface WebhookEvent {
  readonly id: string
  readonly audience: 'programs'
  readonly ticketId: string
  readonly number: string
  /** The subscribed webhook. */
  readonly channel: string
  readonly dueAt: Instant
  readonly body: {
    readonly type: WebhookEventType
    readonly timestamp: string
    readonly data: Readonly<Record<string, unknown>>
  }
  readonly exercise: boolean
}

export type Outgoing = Notification | WebhookEvent

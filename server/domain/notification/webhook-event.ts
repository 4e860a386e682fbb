import { instantText } from '../instant.ts'
import type { Assessment } from '../ticket/assessment.ts'
import type { TicketEvent } from '../ticket/event.ts'
import { isDone, type Ticket } from '../ticket/ticket.ts'
import type { WebhookEvent, WebhookEventType } from './notification.ts'

/** A subscribed webhook; without `events` it gets all of them. */
export interface Subscriber {
  readonly id: string
  readonly events?: readonly WebhookEventType[]
}

/** What programs that subscribed are told of one event; a caller's name and number are never in it. */
export function planWebhooks(
  after: Assessment,
  event: TicketEvent,
  subscribers: readonly Subscriber[],
): readonly WebhookEvent[] {
  const { ticket } = after
  const type = typeOf(ticket, event)
  if (type === undefined) return []
  const wanting = subscribers.filter(({ events }) => events?.includes(type) ?? true)
  if (wanting.length === 0) return []
  const timestamp = instantText(event.occurredAt)
  const body = { type, timestamp, data: dataOf(after, event) }
  return wanting.map(({ id: channel }) => ({
    id: `${event.id}.hook.${channel}`,
    audience: 'programs',
    ticketId: ticket.id,
    number: ticket.number,
    channel,
    dueAt: event.enteredAt,
    body,
    exercise: ticket.exercise,
  }))
}

function typeOf(ticket: Ticket, { type, data }: TicketEvent): WebhookEventType | undefined {
  if (type === 'opened') return 'ticket.created'
  if (type === 'accept' || type === 'deemed_accepted') return 'ticket.accepted'
  if (type === 'arrive') return 'ticket.on_site'
  if (type === 'warned') return 'ticket.due_soon'
  if (type === 'breached') return 'ticket.overdue'
  if (type === 'reopen' || type === 'unmerged') return 'ticket.reopened'
  const mayClose = type === 'answer' || type === 'review' || type === 'merged' || type === 'callback'
  if (!mayClose || !isDone(ticket)) return undefined
  return type === 'merged' && data.role === 'survivor' ? undefined : 'ticket.closed'
}

function dataOf({ ticket, headline }: Assessment, event: TicketEvent): WebhookEvent['body']['data'] {
  const { id, number, kind, level, state, source, incidentId, assetId, position, address } = ticket
  const { id: departmentId, name } = ticket.department
  const clock = event.type === 'warned' || event.type === 'breached' ? event.data : undefined
  return {
    ticket: {
      id,
      number,
      kind,
      level,
      state,
      source,
      incidentId,
      assetId,
      position,
      address,
      department: { id: departmentId, name },
      openedAt: instantText(ticket.openedAt),
      dueAt: instantText(headline.dueAt),
    },
    ...(clock === undefined ? {} : { clock: clock.clock, step: clock.step }),
    ...(clock?.dueAt === undefined ? {} : { clockDueAt: instantText(clock.dueAt) }),
  }
}

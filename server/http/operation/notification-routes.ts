import Type from 'typebox'
import { NOTIFICATION_STATES, type NotificationView } from '#contract/notification.ts'
import { isRefusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { instantText } from '../../domain/instant.ts'
import type { OutboxAdministration } from '../../flows/notification/manage-outbox.ts'
import type { OutboxEntry } from '../../flows/notification/outbox.ts'
import { COSTLY } from '../core/costly-reads.ts'
import { actorWith, answer, type Http } from '../core/http.ts'

const MAY = ['dispatcher', 'engineer', 'admin'] as const
const Query = Type.Object({
  state: Type.Optional(Type.Enum(NOTIFICATION_STATES)),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

/** `GET /notifications?state=`: who was told what, and what could not be delivered; `POST …/{id}/retry`. */
export function notificationRoutes(outbox: OutboxAdministration): (http: Http) => void {
  const viewOf = (entry: OutboxEntry): NotificationView => ({
    ...entryView(entry),
    canRetry: outbox.canRetry(entry),
  })
  return (http) => {
    http.get(ROUTES.notifications, { schema: { querystring: Query }, config: COSTLY }, async (request) => {
      actorWith(request, ...MAY)
      const { items, next } = await outbox.list(request.query)
      const channels = outbox
        .channels()
        .map(({ restUntil, ...channel }) => ({
          ...channel,
          ...(restUntil === undefined ? {} : { restUntil: instantText(restUntil) }),
        }))
      const counts = await outbox.counts()
      return { items: items.map(viewOf), channels, counts, ...(next === undefined ? {} : { next }) }
    })
    http.post<{ Params: { id: string } }>(`${ROUTES.notifications}/:id/retry`, async (request, reply) => {
      actorWith(request, ...MAY)
      const entry = await outbox.retry(request.params.id)
      return answer(reply, isRefusal(entry) ? entry : viewOf(entry))
    })
  }
}

function entryView(entry: OutboxEntry): Omit<NotificationView, 'canRetry'> {
  const { id, outgoing, state, createdAt, dueAt, doneAt, failures, channel, why, whyEn, reached } = entry
  const { audience, ticketId, number, exercise } = outgoing
  return {
    id,
    audience,
    state,
    failures,
    exercise,
    ...(ticketId === undefined ? {} : { ticketId }),
    ...(number === undefined ? {} : { number }),
    createdAt: instantText(createdAt),
    ...(state === 'waiting' ? { dueAt: instantText(dueAt) } : {}),
    ...(doneAt === undefined ? {} : { doneAt: instantText(doneAt) }),
    ...(channel === undefined ? {} : { channel }),
    ...(why === undefined ? {} : { why }),
    ...(whyEn === undefined ? {} : { whyEn }),
    people: (reached?.people ?? []).map(({ name }) => name),
    ...(outgoing.audience === 'programs'
      ? { event: outgoing.body.type }
      : {
          urgency: outgoing.urgency,
          rung: reached?.rung ?? outgoing.to.rung,
          departmentId: outgoing.to.departmentId,
          text: outgoing.text,
          reason: outgoing.reason,
        }),
  }
}

import Type from 'typebox'
import { InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'

export const NOTIFICATION_STATES = ['waiting', 'sent', 'dead', 'withheld'] as const

/** One message to people or to another program, with its progress. Numbers and addresses are not shown. */
export const NotificationView = Type.Object({
  id: Type.String(),
  audience: Type.Enum(['people', 'programs']),
  state: Type.Enum(NOTIFICATION_STATES),
  ticketId: Type.Optional(Type.String({ description: 'none where it is about duty' })),
  number: Type.Optional(Type.String({ description: 'of the ticket' })),
  createdAt: InstantText,
  dueAt: Type.Optional(InstantText),
  doneAt: Type.Optional(InstantText),
  failures: Type.Integer(),
  channel: Type.Optional(Type.String()),
  why: Type.Optional(Type.String({ description: 'why it failed last, or why it was withheld' })),
  whyEn: Type.Optional(Type.String({ description: 'why it was withheld, in English' })),
  exercise: Type.Boolean(),
  canRetry: Type.Boolean({ description: 'it did not go out, and there is a channel by which it could' }),
  urgency: Type.Optional(Type.Enum(['alarm', 'soon', 'info'])),
  rung: Type.Optional(Type.String()),
  departmentId: Type.Optional(Type.String()),
  people: Type.Array(Type.String()),
  text: Type.Optional(LocalizedText),
  reason: Type.Optional(Type.Object({ zh: Type.String(), en: Type.String(), clause: Type.String() })),
  event: Type.Optional(Type.String({ description: 'what a program is told, for example ticket.overdue' })),
})
export type NotificationView = Type.Static<typeof NotificationView>

/** How a channel stands. */
export const ChannelView = Type.Object({
  id: Type.String(),
  type: Type.String({ description: 'its type in the configuration file' }),
  name: LocalizedText,
  ok: Type.Boolean(),
  why: Type.Optional(Type.String()),
  restUntil: Type.Optional(InstantText),
})
export type ChannelView = Type.Static<typeof ChannelView>

import { inHandling, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import { noAttachment } from '../form.ts'
import { AT_WORK, ON_SITE } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

export const repair: Command<'repair'> = {
  states: (ticket, policy) => (isVisited(ticket, policy) ? ON_SITE : AT_WORK),
  step: isVisited,
  decide: ({ fields, facts }) => noAttachment(fields.attachmentIds, facts) ?? fields,
  // Repaired again after a return: the later report is the true one.
  apply: (ticket, { occurredAt }) => onward(inHandling(ticket, { repairedAt: occurredAt }), 'repaired'),
  dated: true,
  takes: true,
  keepsAppointment: true,
  correctable: true,
  carries: (into) => handlingOf(into).repairedAt === undefined,
}

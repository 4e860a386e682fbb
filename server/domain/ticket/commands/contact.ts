import { refuse } from '#contract/problem.ts'
import { inHandling } from '../change.ts'
import type { Command } from '../command.ts'
import { AT_WORK } from '../state-groups.ts'
import { appointmentsOf, handlingOf, type Appointment, type Handling } from '../ticket.ts'

/** The reporter is called, and a visit perhaps agreed upon (第三条4, 第八条2). */
export const contact: Command<'contact'> = {
  states: AT_WORK,
  step: (ticket, policy) => policy.kinds[ticket.kind].onSite === 'none' && ticket.calls.length > 0,
  form: () => ({ appointmentAt: { when: { field: 'reached', is: [true] } } }),
  decide({ fields, occurredAt, rules: { policy } }) {
    const { appointmentAt } = fields
    if (appointmentAt === undefined || appointmentAt >= occurredAt) return fields
    return refuse(
      'bad-time',
      { zh: '约定时间早于联系时间', en: 'the visit is promised for a time before the contact' },
      { clause: policy.clocks.contact_reporter.clause },
    )
  },
  apply(ticket, { occurredAt: at, data: { reached, appointmentAt, takenFrom } }) {
    const handling = handlingOf(ticket)
    // Who has spoken with the caller of a merged ticket has not spoken with this one's own.
    const isOwn = takenFrom === undefined || ticket.calls.every((call) => call.fromTicketId !== undefined)
    const contactedAt = handling.contactedAt ?? (reached && isOwn ? at : undefined)
    const from = takenFrom === undefined ? {} : { takenFrom }
    return inHandling(ticket, {
      ...(contactedAt === undefined ? {} : { contactedAt }),
      ...(appointmentAt === undefined ? {} : promised(handling, { at: appointmentAt, madeAt: at, ...from })),
    })
  },
  dated: true,
  takes: true,
  correctable: true,
  carries: 'always',
}

/** A promise takes the place of an earlier one to the same caller, and stands beside those to others. */
function promised(handling: Handling, made: Appointment): Partial<Handling> {
  const others = appointmentsOf(handling).filter(({ takenFrom }) => takenFrom !== made.takenFrom)
  return { appointment: made, ...(others.length === 0 ? {} : { otherAppointments: others }) }
}

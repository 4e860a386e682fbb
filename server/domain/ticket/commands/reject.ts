import { refuse } from '#contract/problem.ts'
import { isPast } from '../../instant.ts'
import { inStint, withFlag } from '../change.ts'
import { deemedAt } from '../clock-starts.ts'
import type { Command } from '../command.ts'
import { handlingOf, stintOf } from '../ticket.ts'

/** Wrongly routed: only while there is time to accept; after it the ticket counts as accepted. */
export const reject: Command<'reject'> = {
  states: ['dispatched'],
  until({ ticket, rules: { policy } }) {
    const stint = stintOf(handlingOf(ticket))
    return stint === undefined ? undefined : deemedAt(stint, policy)
  },
  decide({ ticket, fields, occurredAt, rules: { policy } }) {
    const stint = stintOf(handlingOf(ticket))
    if (stint === undefined || !isPast(deemedAt(stint, policy), occurredAt)) return fields
    return refuse(
      'guard-refused',
      {
        zh: '已过接单时限,视为已接单,不能退单;请由调度中心改派',
        en: 'the time to accept has run out and it counts as accepted; dispatch can send it elsewhere',
      },
      { clause: policy.clauses.reject },
    )
  },
  apply: (ticket, { occurredAt }) => ({
    ...inStint(ticket, { rejectedAt: occurredAt }),
    state: 'under_review',
    crewIds: [],
    flags: withFlag(ticket, 'mis_dispatched'),
  }),
}

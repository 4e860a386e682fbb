import type { Replied } from '#contract/commands/closing.ts'
import type { Instant } from '../instant.ts'
import { inHandling } from './change.ts'
import type { Filled } from './command.ts'
import type { EventOf } from './event.ts'
import { handlingOf, stintOf, type Submission, type Ticket } from './ticket.ts'

/** What a reply says beside its fields: that sensors contradict it, and that it came on paper. */
export function repliedWith({ onBehalf, facts }: Filled<'submit'> | Filled<'unfounded'>): Replied {
  return {
    ...(onBehalf && facts.writesByHand ? { written: true } : {}),
    ...(facts.sensorAbnormal ? { sensorAbnormal: true } : {}),
  }
}

/** A reply waits for its review. One on paper arrives when the hotline has it, whenever the work was done. */
export function replied(
  ticket: Ticket,
  { data, occurredAt, enteredAt, actor }: EventOf<'submit'> | EventOf<'unfounded'>,
  { outcome, finalKind }: Pick<Submission, 'outcome' | 'finalKind'>,
): Ticket {
  const submission: Submission = {
    at: data.written === true ? enteredAt : occurredAt,
    by: actor.id,
    outcome,
    finalKind,
    sensorAbnormal: data.sensorAbnormal === true,
  }
  const submissions = [...handlingOf(ticket).submissions, submission]
  return { ...inHandling(ticket, { submissions }), state: 'submitted' }
}

/** A reply follows upon the return of the one before, or upon the dispatch. */
export function followsReply(ticket: Ticket): Instant | undefined {
  const handling = handlingOf(ticket)
  return handling.submissions.at(-1)?.reviewedAt ?? stintOf(handling)?.dispatchedAt
}

import type { TicketFlag } from '#contract/vocabulary.ts'
import { isPast } from '../instant.ts'
import { workingDayEnd } from '../policy/calendar.ts'
import type { Assessment } from './assessment.ts'
import { countsAsAccepted, planAutoStart } from './clock-starts.ts'
import { spansOf } from './clocks.ts'
import { appointmentsOf, handlingOf } from './ticket.ts'
import { watchesOf } from './watch.ts'

/** Marks for a screen: those that events have left, and those that hold at `at`. */
export function flagsOf(assessment: Assessment): readonly TicketFlag[] {
  return [...assessment.ticket.flags, ...present(assessment)]
}

function* present(assessment: Assessment): Generator<TicketFlag> {
  const { ticket, at, rules } = assessment
  const { policy, calendar } = rules
  const handling = handlingOf(ticket)
  const { planAt, repairedAt, submissions } = handling
  const kind = policy.kinds[ticket.kind]
  const [span] = spansOf(ticket)
  if (policy.clocks[kind.headline].start === 'plan' && planAt === undefined && span !== undefined) {
    const auto = planAutoStart(span, policy)
    if (auto !== undefined && auto <= at && (repairedAt === undefined || repairedAt > auto))
      yield 'plan_missing'
  }
  if (ticket.state === 'dispatched' && countsAsAccepted(ticket, policy, at)) yield 'deemed_accepted'
  if (isAnswerTooLate(assessment)) yield 'answer_after_due'
  for (const { what, dueAt } of watchesOf(ticket, policy)) {
    if (isPast(dueAt, at) && (what === 'safety_missing' || what === 'review_late')) yield what
  }
  if (appointmentsOf(handling).some((one) => isPast(one.at, Math.min(at, one.keptAt ?? at)))) {
    yield 'appointment_missed'
  }
  const slip = submissions.find((each) => each.passed === true)
  if (slip !== undefined && ticket.calls.length > 0) {
    const days = policy.clocks.call_back.workingDays ?? 1
    if (workingDayEnd(slip.at, days, calendar).missingYears.length > 0) yield 'calendar_missing'
  }
}

/** The answer to an extension may lawfully come after the limit that it is to extend (A19): amber. */
function isAnswerTooLate({ ticket, clocks, headline }: Assessment): boolean {
  if (ticket.extensions.every(({ answeredAt }) => answeredAt !== undefined)) return false
  const running = clocks.find(({ key, state }) => key === 'answer_extension' && state === 'running')
  return running?.dueAt !== undefined && running.dueAt > headline.dueAt
}

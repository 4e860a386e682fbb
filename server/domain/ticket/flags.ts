import type { TicketFlag } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import { workingDayEnd } from '../policy/calendar.ts'
import type { Rules } from './clock.ts'
import { countsAsAccepted, planAutoStart } from './clock-starts.ts'
import { clocksOf, spansOf } from './clocks.ts'
import { headlineOf } from './headline.ts'
import { rulesOf } from './own-rules.ts'
import { appointmentsOf, handlingOf, type Ticket } from './ticket.ts'
import { watchesOf } from './watch.ts'

/** Marks for a screen: those that events have left, and those that hold at `at`. */
export function flagsOf(ticket: Ticket, rules: Rules, at: Instant): readonly TicketFlag[] {
  return [...ticket.flags, ...present(ticket, rulesOf(ticket, rules), at)]
}

function* present(ticket: Ticket, rules: Rules, at: Instant): Generator<TicketFlag> {
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
  if (isAnswerTooLate(ticket, rules, at)) yield 'answer_after_due'
  for (const { what, dueAt } of watchesOf(ticket, policy)) {
    if (at > dueAt && (what === 'safety_missing' || what === 'review_late')) yield what
  }
  if (appointmentsOf(handling).some((one) => one.at < Math.min(at, one.keptAt ?? at))) {
    yield 'appointment_missed'
  }
  const slip = submissions.find((each) => each.passed === true)
  if (slip !== undefined && ticket.calls.length > 0) {
    const days = policy.clocks.call_back.workingDays ?? 1
    if (workingDayEnd(slip.at, days, calendar).missingYears.length > 0) yield 'calendar_missing'
  }
}

/** The answer to an extension may lawfully come after the limit that it is to extend (A19): amber. */
function isAnswerTooLate(ticket: Ticket, rules: Rules, at: Instant): boolean {
  if (ticket.extensions.every(({ answeredAt }) => answeredAt !== undefined)) return false
  const running = clocksOf(ticket, rules, at).find(
    ({ key, state }) => key === 'answer_extension' && state === 'running',
  )
  return running?.dueAt !== undefined && running.dueAt > headlineOf(ticket, rules, at).dueAt
}

import type { Instant } from '../instant.ts'
import { workingDayEnd } from '../policy/calendar.ts'
import type { Rules } from './clock.ts'
import { countsAsAccepted, planAutoStart } from './clock-starts.ts'
import { spansOf } from './clocks.ts'
import { rulesOf } from './own-rules.ts'
import { handlingOf, type Ticket } from './ticket.ts'
import { watchesOf } from './watch.ts'

/** Marks for a screen: those that events have left, and those that hold at `at`. */
export function flagsOf(ticket: Ticket, rules: Rules, at: Instant): readonly string[] {
  return [...ticket.flags, ...present(ticket, rulesOf(ticket, rules), at)]
}

function* present(ticket: Ticket, { policy, calendar }: Rules, at: Instant): Generator<string> {
  const { planAt, repairedAt, submissions, appointment } = handlingOf(ticket)
  const kind = policy.kinds[ticket.kind]
  const [span] = spansOf(ticket)
  if (policy.clocks[kind.headline].start === 'plan' && planAt === undefined && span !== undefined) {
    const auto = planAutoStart(span, policy)
    if (auto !== undefined && auto <= at && (repairedAt === undefined || repairedAt > auto))
      yield 'plan_missing'
  }
  if (ticket.state === 'dispatched' && countsAsAccepted(ticket, policy, at)) yield 'deemed_accepted'
  for (const { what, dueAt } of watchesOf(ticket, policy)) {
    if (at > dueAt && (what === 'safety_missing' || what === 'review_late')) yield what
  }
  if (appointment !== undefined && appointment.at < Math.min(at, appointment.keptAt ?? at)) {
    yield 'appointment_missed'
  }
  const slip = submissions.find((each) => each.passed === true)
  if (slip !== undefined && ticket.calls.length > 0) {
    const days = policy.clocks.C13.workingDays ?? 1
    if (workingDayEnd(slip.at, days, calendar).missingYears.length > 0) yield 'calendar_missing'
  }
}

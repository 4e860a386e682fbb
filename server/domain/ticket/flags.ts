import { MINUTE, type Instant } from '../instant.ts'
import { workingDayEnd } from '../policy/calendar.ts'
import type { Rules } from './clock.ts'
import { planAutoStart } from './clock-starts.ts'
import { spansOf } from './clocks.ts'
import { handlingOf, isDone, type Ticket } from './ticket.ts'

/** Marks for a screen: those that events have left, and those that hold at `at`. */
export function flagsOf(ticket: Ticket, rules: Rules, at: Instant): readonly string[] {
  return [...ticket.flags, ...present(ticket, rules, at)]
}

function* present(ticket: Ticket, { policy, calendar }: Rules, at: Instant): Generator<string> {
  const { planAt, repairedAt, arrivedAt, safetyAt, submissions } = handlingOf(ticket)
  const kind = policy.kinds[ticket.kind]
  const [span] = spansOf(ticket)
  if (policy.clocks[kind.headline].start === 'plan' && planAt === undefined && span !== undefined) {
    const auto = planAutoStart(span, policy)
    if (auto !== undefined && auto <= at && (repairedAt === undefined || repairedAt > auto))
      yield 'plan_missing'
  }
  if (!isDone(ticket) && kind.onSite !== 'none' && arrivedAt !== undefined && safetyAt === undefined) {
    if (at > arrivedAt + policy.settings.safetyAmberMinutes * MINUTE) yield 'safety_missing'
  }
  const slip = submissions.find((each) => each.passed === true)
  if (slip !== undefined && ticket.calls.length > 0) {
    const days = policy.clocks.C13.workingDays ?? 1
    if (workingDayEnd(slip.at, days, calendar).missingYears.length > 0) yield 'calendar_missing'
  }
}

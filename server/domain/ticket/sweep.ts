import { SCHEDULE } from '../access/actor.ts'
import { firstPast, MINUTE, type Instant } from '../instant.ts'
import { assess, type Assessment } from './assessment.ts'
import { isExtensionPending } from './cause.ts'
import type { Clock, Rules } from './clock.ts'
import { deemedAt, planAutoStart } from './clock-starts.ts'
import { spansOf } from './clocks.ts'
import { evolve } from './evolve.ts'
import { runOf } from './change.ts'
import type { EventData, TicketEvent } from './event.ts'
import { handlingOf, isDone, stintOf, type Ticket } from './ticket.ts'
import { watchesOf } from './watch.ts'

/** Something that time alone must write into a ticket's history, and when. */
type Due =
  | { readonly type: 'deemed_accepted'; readonly at: Instant; readonly data: EventData['deemed_accepted'] }
  | { readonly type: 'warned'; readonly at: Instant; readonly data: EventData['warned'] }
  | { readonly type: 'breached'; readonly at: Instant; readonly data: EventData['breached'] }
  | { readonly type: 'watched'; readonly at: Instant; readonly data: EventData['watched'] }

/**
 * What has fallen due by `at` and is not written yet: deemed acceptance, each warning and each breach
 * once for every clock and step. Pure: running it again on its own result gives nothing.
 */
export function sweep(first: Assessment, newId: () => string): readonly TicketEvent[] {
  const { at } = first
  const written: TicketEvent[] = []
  let current = first
  for (;;) {
    const next = duesOf(current).find((due) => wakeAt(due) <= at)
    if (next === undefined) return written
    const line = { id: newId(), occurredAt: next.at, enteredAt: at, actor: SCHEDULE }
    const event: TicketEvent = { ...line, ...next }
    written.push(event)
    current = assess(evolve(current.ticket, event), current.inForce, at)
  }
}

/** The next instant at which `sweep` will have something to write; undefined for a ticket that is done. */
export function nextDue(assessment: Assessment): Instant | undefined {
  const [first] = duesOf(assessment)
  return first === undefined ? undefined : wakeAt(first)
}

/** Within the due second the work is still in time: what passes a limit is written in the next one. */
function wakeAt(due: Due): Instant {
  const isAhead = due.type === 'warned' || (due.type === 'watched' && due.data.what === 'appointment_near')
  return isAhead ? due.at : firstPast(due.at)
}

/** Everything that is or will become due as things stand, earliest first. */
function duesOf(assessment: Assessment): readonly Due[] {
  const { ticket, rules } = assessment
  if (isDone(ticket)) return []
  const marks = new Set(ticket.marks)
  const clocks = assessment.clocks.flatMap((clock) => duesOfClock(clock, ticket, rules))
  return [...deemed(ticket, rules), ...planMissing(ticket, rules), ...watched(ticket, rules), ...clocks]
    .filter(({ data }) => !('clock' in data) || !marks.has(`${data.clock}|${data.run}|${data.step}`))
    .sort((a, b) => wakeAt(a) - wakeAt(b))
}

function deemed(ticket: Ticket, { policy }: Rules): readonly Due[] {
  const stint = stintOf(handlingOf(ticket))
  if (stint === undefined || stint.acceptedAt !== undefined || ticket.deemed.includes(runOf(ticket)))
    return []
  return [{ type: 'deemed_accepted', at: deemedAt(stint, policy), data: {} }]
}

function watched(ticket: Ticket, { policy }: Rules): readonly Due[] {
  return watchesOf(ticket, policy)
    .filter(({ mark }) => !ticket.marks.includes(mark))
    .map(({ what, dueAt }) => ({ type: 'watched', at: dueAt, data: { what, dueAt } }))
}

/** The start of a repair clock that nobody's plan has started (A12, Ex 2b). */
function planMissing(ticket: Ticket, { policy }: Rules): readonly Due[] {
  const { headline } = policy.kinds[ticket.kind]
  const [span] = spansOf(ticket)
  if (policy.clocks[headline].start !== 'plan' || span === undefined) return []
  const { planAt, repairedAt } = span.handling
  const auto = planAutoStart(span, policy)
  if (auto === undefined || planAt !== undefined || repairedAt !== undefined) return []
  const data = { clock: headline, run: runOf(ticket), step: 'plan_missing' }
  return [{ type: 'warned', at: auto, data }]
}

function duesOfClock(clock: Clock, ticket: Ticket, { policy }: Rules): readonly Due[] {
  const { key, run, startAt, dueAt } = clock
  if (startAt === undefined || dueAt === undefined) return []
  const of = { clock: key, run }
  const breaches = clock.breaches.map((at, index): Due => {
    const step = index === 0 ? '100' : 'extended'
    return { type: 'breached', at, data: { ...of, step, dueAt: at, ...causeOf(clock, ticket, at) } }
  })
  if (clock.stoppedAt !== undefined || clock.state === 'cancelled') return breaches
  const deadline = clock.extendedDueAt ?? dueAt
  if (clock.breaches.includes(deadline)) return breaches
  const last = clock.breaches.length === 0 ? '100' : 'extended'
  const breach: Due = { type: 'breached', at: deadline, data: { ...of, step: last, dueAt: deadline } }
  const { shortLimitMinutes, warnShortAtPercent, warnAtPercent } = policy.settings
  const isShort = deadline - startAt <= shortLimitMinutes * MINUTE
  const steps = policy.clocks[key].breach === 'measured' ? [] : isShort ? warnShortAtPercent : warnAtPercent
  const warnings = steps.map((percent): Due => {
    const at = startAt + Math.round(((deadline - startAt) * percent) / 100)
    return { type: 'warned', at, data: { ...of, step: String(percent), dueAt: deadline } }
  })
  return [...breaches, ...warnings, breach]
}

function causeOf(clock: Clock, ticket: Ticket, at: Instant): { readonly cause?: string } {
  return isExtensionPending(clock, ticket, at) ? { cause: 'extension_pending' } : {}
}

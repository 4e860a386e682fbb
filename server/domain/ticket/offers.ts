import { COMMANDS, TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { CourseStep, Offer } from '#contract/offer.ts'
import type { Person } from '../access/actor.ts'
import { can, isOfTicket } from '../access/can.ts'
import { instantText, isPast, type Instant } from '../instant.ts'
import type { Assessment } from './assessment.ts'
import type { Situation, Surroundings } from './command.ts'
import { COMMAND_TABLE, rightOf } from './commands/table.ts'
import { inForce } from './corrected.ts'
import { holderOfTicket, isPossibleNow, situationOf } from './decide.ts'
import { sinceBegun, type TicketEvent } from './event.ts'
import { fieldsOf } from './offer-fields.ts'
import { isDone } from './ticket.ts'

/** A ticket with all that is known about it, before it is known who asks. */
export interface Standing {
  readonly assessment: Assessment
  readonly events: readonly TicketEvent[]
  readonly facts: Surroundings
}

/**
 * What this person may do with the ticket now, by the same functions that decide; the next step first. A crew
 * and its officer also get the steps of the work, to go on by without a signal.
 */
export function offersTo(
  of: Standing,
  actor: Person,
): { readonly offers: Offer[]; readonly course?: CourseStep[] } {
  const offers = COMMANDS.flatMap((command) =>
    offerOf(command, situationOf(of.assessment, { ...of, actor }, command)),
  )
  const next = nextOf(of, actor, offers)
  const ordered =
    next === undefined ? offers : [{ ...next, next: true }, ...offers.filter((offer) => offer !== next)]
  const { ticket } = of.assessment
  if (isDone(ticket) || !isOfTicket(actor, holderOfTicket(ticket))) return { offers: ordered }
  return { offers: ordered, course: courseOf(of, actor) }
}

function offerOf(command: CommandName, of: Situation): readonly Offer[] {
  const { ticket, actor, onBehalf, at, rules } = of
  const { forbids, prevents, until } = COMMAND_TABLE[command]
  if (!can(actor, rightOf(command), holderOfTicket(ticket)) || !isPossibleNow(of, command)) return []
  if (forbids?.(of) !== undefined || prevents?.(of) !== undefined) return []
  const last = until?.(of)
  if (last !== undefined && isPast(last, at)) return []
  const fields = fieldsOf(command, of)
  const isHopeless = fields.some(({ required, when, choices }) => {
    return required && when === undefined && choices?.length === 0
  })
  if (isHopeless) return []
  const { title } = TICKET_COMMANDS[command]
  const clause = rules.policy.clauses[command]
  const end = last === undefined ? {} : { until: instantText(last) }
  return [{ command, title, onBehalf, clause, ...end, fields: [...fields] }]
}

/** The steps of the work that this person may take, as they will be once those before are done. */
function courseOf(of: Standing, actor: Person): CourseStep[] {
  const done = doneSteps(of)
  return stepsOf(of, actor).map((command) => {
    const situation = { ...situationOf(of.assessment, { ...of, actor }, command), ahead: true }
    const doneAt = done.get(command)
    return {
      command,
      fields: [...fieldsOf(command, situation)],
      ...(doneAt === undefined ? {} : { doneAt: instantText(doneAt) }),
    }
  })
}

/** When each step was last done by the unit that has the ticket now. */
function doneSteps({ events }: Standing): ReadonlyMap<string, Instant> {
  return new Map(sinceBegun(inForce(events)).map(({ type, occurredAt }) => [type, occurredAt]))
}

function stepsOf({ assessment }: Standing, actor: Person): readonly CommandName[] {
  const { ticket, rules } = assessment
  const holder = holderOfTicket(ticket)
  return COMMANDS.filter((command) => {
    return (
      COMMAND_TABLE[command].step?.(ticket, rules.policy) === true && can(actor, rightOf(command), holder)
    )
  })
}

/** What the ticket waits for from this person: what only the desks can do, else the next step of the work. */
function nextOf(of: Standing, actor: Person, offers: readonly Offer[]): Offer | undefined {
  const own = offers.filter(({ onBehalf }) => !onBehalf)
  const awaited = own.findLast(({ command }) => {
    return COMMAND_TABLE[command].awaited?.(situationOf(of.assessment, { ...of, actor }, command)) === true
  })
  if (awaited !== undefined) return awaited
  const steps = stepsOf(of, actor)
  const done = doneSteps(of)
  const last = steps.findLastIndex((step) => done.has(step))
  // A reply that was returned is given again.
  const ahead = last === steps.length - 1 ? steps.slice(-1) : steps.slice(last + 1)
  return ahead.flatMap((step) => own.find(({ command }) => command === step) ?? [])[0]
}

import { TICKET_COMMANDS, type CommandName, type TicketEventType } from '#contract/commands/commands.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../access/actor.ts'
import { isOnBehalf, refuseUnless, type Holder } from '../access/can.ts'
import type { Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { assess, type Assessment } from './assessment.ts'
import type { Rules } from './clock.ts'
import { countsAsAccepted } from './clock-starts.ts'
import type { Situation, Surroundings, TicketFacts } from './command.ts'
import { COMMAND_TABLE, rightOf } from './commands/table.ts'
import type { TicketEvent } from './event.ts'
import { missingFields, readFields } from './fields.ts'
import { refuseGaps } from './form.ts'
import { STATE_NAMES } from './state-groups.ts'
import type { Ticket } from './ticket.ts'
import { isLate, readOccurredAt, refuseTime } from './times.ts'

export interface TicketCommand {
  readonly command: CommandName
  /** The version that the person has seen; undefined when the request did not say. */
  readonly version: number | undefined
  readonly body: Readonly<Record<string, unknown>>
}

export interface Deciding {
  readonly ticket: Ticket
  readonly events: readonly TicketEvent[]
  readonly actor: Person
  readonly at: Instant
  readonly rules: Rules
  readonly facts: TicketFacts
}

/**
 * One command → the event that it makes, or why not. Judged in this order: rights (403), version (409),
 * state, fields and times (422), then the rule of the command itself.
 */
export function decide(
  asked: Deciding,
  { command: name, version, body }: TicketCommand,
): TicketEvent | Refusal {
  const { ticket, events, facts } = asked
  const of = situationOf(assess(ticket, asked.rules, asked.at), asked, name)
  const { policy } = of.rules
  const noRight = refusePerson(of, name, body)
  if (noRight !== undefined) return noRight
  if (version === undefined) return missingFields(['version'], policy.clauses[name])
  if (!isCurrent(events, version)) {
    return refuse('stale-version', {
      zh: `工单已更新到第 ${String(ticket.version)} 版,请刷新后再操作`,
      en: `the ticket is at version ${String(ticket.version)} by now; look again first`,
    })
  }
  return refuseState(of, name) ?? decided({ ...of, facts }, name, body)
}

/** Somebody before a ticket with one command in mind. */
export function situationOf(
  assessment: Assessment,
  by: { readonly events: readonly TicketEvent[]; readonly actor: Person; readonly facts: Surroundings },
  name: CommandName,
): Situation {
  const { ticket, at, rules } = assessment
  const { events, actor, facts } = by
  const onBehalf = isOnBehalf(actor, rightOf(name), holderOfTicket(ticket))
  return { ticket, events, actor, onBehalf, at, assessment, rules, facts, commands: COMMAND_TABLE }
}

function decided<Name extends CommandName>(
  of: Situation & { readonly facts: TicketFacts },
  name: Name,
  body: TicketCommand['body'],
): TicketEvent | Refusal {
  const { ticket, actor, at, rules, facts } = of
  const clause = rules.policy.clauses[name]
  const fields = readFields(name, body, clause)
  if (isRefusal(fields)) return fields
  const occurredAt = readOccurredAt(body['occurredAt'], at)
  if (isRefusal(occurredAt)) return occurredAt
  const deed = { command: name, occurredAt, fields }
  const { prevents, form, decide } = COMMAND_TABLE[name]
  const wrong =
    refuseTime(ticket, deed, at, COMMAND_TABLE) ??
    prevents?.(of) ??
    refuseGaps(form?.(of) ?? {}, { ...fields, occurredAt }, clause)
  if (wrong !== undefined) return wrong
  const data = decide === undefined ? fields : decide({ ...of, fields, body, occurredAt })
  if (isRefusal(data)) return data
  const line = {
    id: facts.newId(),
    type: name,
    // A correction happens when it is made; the time it speaks of is in its data.
    occurredAt: name === 'correct' ? at : occurredAt,
    enteredAt: at,
    actor,
    data: of.onBehalf ? { ...data, onBehalf: true } : data,
    ...(isLate(deed, rules, at) ? { late: true } : {}),
  }
  // Type and data belong together: both come from the same entry of the table.
  return line as TicketEvent
}

/** Rights, and what keeps this very person from it: nobody judges the own work. */
function refusePerson(of: Situation, name: CommandName, body?: TicketCommand['body']): Refusal | undefined {
  const { actor, ticket } = of
  return refuseUnless(actor, rightOf(name), holderOfTicket(ticket)) ?? COMMAND_TABLE[name].forbids?.(of, body)
}

/**
 * Is it possible in the state that the ticket is in? One that counts as accepted can be worked on by its
 * crew, whether or not anybody has signed for it.
 */
export function isPossibleNow({ ticket, rules: { policy }, at }: Situation, name: CommandName): boolean {
  if (isPossible(ticket, name, policy)) return true
  if (ticket.state !== 'dispatched' || !countsAsAccepted(ticket, policy, at)) return false
  return isPossible({ ...ticket, state: 'accepted' }, name, policy)
}

function refuseState(of: Situation, name: CommandName): Refusal | undefined {
  if (isPossibleNow(of, name)) return undefined
  const { ticket, rules } = of
  const { zh, en } = TICKET_COMMANDS[name].title
  return refuse(
    'wrong-state',
    {
      zh: `工单${STATE_NAMES[ticket.state]},不能执行此操作(${zh})`,
      en: `the ticket is ${ticket.state.replaceAll('_', ' ')} and this cannot be done (${en})`,
    },
    { clause: rules.policy.clauses[name] },
  )
}

function isPossible(ticket: Ticket, name: CommandName, policy: PolicyPack): boolean {
  const { states } = COMMAND_TABLE[name]
  return (typeof states === 'function' ? states(ticket, policy) : states).includes(ticket.state)
}

const SILENT: readonly TicketEventType[] = ['warned', 'breached', 'watched', 'deemed_accepted']

/** What time alone has written meanwhile changes nothing that a person decided upon: it is judged by time again. */
function isCurrent(events: readonly TicketEvent[], version: number): boolean {
  if (version > events.length) return false
  return events.slice(version).every(({ type }) => SILENT.includes(type))
}

export function holderOfTicket({ state, department, crewIds }: Ticket): Holder {
  return state === 'under_review' ? { crewIds } : { departmentId: department.id, crewIds }
}

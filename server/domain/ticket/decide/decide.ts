import { COMMAND_WORDS } from '#contract/command-words.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { CommandName, TicketEventType } from '#contract/vocabulary.ts'
import type { Person } from '../../access/actor.ts'
import { isOnBehalf, refuseUnless, type Holder } from '../../access/can.ts'
import type { Instant } from '../../instant.ts'
import type { Rules } from '../clock.ts'
import type { TicketEvent } from '../event.ts'
import { rulesOf } from '../own-rules.ts'
import { dueReview } from '../review-level.ts'
import { handlingOf, type Ticket } from '../ticket.ts'
import type { Decide, TicketFacts } from './case.ts'
import * as closing from './closing.ts'
import * as extension from './extension.ts'
import { missingFields, readFields } from './fields.ts'
import * as gate from './gate.ts'
import * as remarks from './remarks.ts'
import { isPossible, STATE_NAMES } from './states.ts'
import { isLate, readOccurredAt, refuseTime } from './times.ts'
import * as work from './work.ts'

const DECISIONS: { readonly [Name in CommandName]: Decide<Name> } = {
  answer: gate.answer,
  approve: gate.approve,
  dispatch: gate.dispatch,
  accept: work.accept,
  reject: gate.reject,
  assign: work.assign,
  depart: work.depart,
  arrive: work.arrive,
  safety: work.safety,
  plan: work.plan,
  repair: work.repair,
  restore: work.restore,
  contact: work.contact,
  contact_facility: work.contactFacility,
  submit: closing.submit,
  unfounded: closing.unfounded,
  review: closing.review,
  callback: closing.callback,
  request_extension: extension.requestExtension,
  answer_extension: extension.answerExtension,
  confirm_extension: extension.confirmExtension,
  state_hindrance: extension.stateHindrance,
  remind: remarks.remind,
  raise_level: remarks.raiseLevel,
  reopen: closing.reopen,
  note: remarks.note,
  correct: remarks.correct,
}

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
 * state, time and fields (422), then the rule of the command itself.
 */
export function decide(asked: Deciding, command: TicketCommand): TicketEvent | Refusal {
  const on = { ...asked, rules: rulesOf(asked.ticket, asked.rules) }
  const { ticket, actor } = on
  const name = command.command
  const noRight = refuseUnless(actor, name, holderOfTicket(ticket)) ?? refuseSamePerson(on, command)
  if (noRight !== undefined) return noRight
  if (command.version === undefined) return missingFields(['version'], on.rules.policy.clauses[name])
  if (!isCurrent(on.events, command.version)) {
    return refuse('stale-version', {
      zh: `工单已更新到第 ${String(ticket.version)} 版,请刷新后再操作`,
      en: `the ticket is at version ${String(ticket.version)} by now; look again first`,
    })
  }
  if (!isPossible(ticket, name, { policy: on.rules.policy, at: on.at })) {
    return refuse(
      'wrong-state',
      {
        zh: `工单${STATE_NAMES[ticket.state]},不能执行此操作(${COMMAND_WORDS[name].zh})`,
        en: `the ticket is ${ticket.state.replaceAll('_', ' ')} and this cannot be done (${COMMAND_WORDS[name].en})`,
      },
      { clause: on.rules.policy.clauses[name] },
    )
  }
  return decided(on, command, name)
}

function decided<Name extends CommandName>(
  on: Deciding,
  command: TicketCommand,
  name: Name,
): TicketEvent | Refusal {
  const { ticket, events, actor, at, rules, facts } = on
  const fields = readFields(name, command.body, rules.policy.clauses[name])
  if (isRefusal(fields)) return fields
  const occurredAt = readOccurredAt(command.body['occurredAt'], at)
  if (isRefusal(occurredAt)) return occurredAt
  const deed = { command: name, occurredAt, fields }
  const wrongTime = refuseTime(ticket, deed, at)
  if (wrongTime !== undefined) return wrongTime
  const onBehalf = isOnBehalf(actor, name, holderOfTicket(ticket))
  const known = { ticket, events, body: command.body, actor, onBehalf, at, occurredAt, rules, facts }
  const data = DECISIONS[name]({ ...known, fields })
  if (isRefusal(data)) return data
  const line = {
    id: facts.newId(),
    type: name,
    // A correction happens when it is made; the time it speaks of is in its data.
    occurredAt: name === 'correct' ? at : occurredAt,
    enteredAt: at,
    actor,
    data,
    ...(isLate(deed, rules, at) ? { late: true } : {}),
  }
  // Type and data belong together: both come from the same entry of DECISIONS.
  return line as TicketEvent
}

const SILENT: readonly TicketEventType[] = ['warned', 'breached', 'watched']

/** Warnings and breaches written meanwhile change nothing that a person decided upon. */
function isCurrent(events: readonly TicketEvent[], version: number): boolean {
  if (version > events.length) return false
  return events.slice(version).every(({ type }) => SILENT.includes(type))
}

/** G3: nobody reviews the own reply, approves the own extension, or asks how the own work was liked. */
function refuseSamePerson(on: Deciding, command: TicketCommand): Refusal | undefined {
  const { ticket, actor } = on
  const reply = handlingOf(ticket).submissions.at(-1)
  switch (command.command) {
    case 'review': {
      if (reply?.by === actor.id)
        return refuse('not-your-right', {
          zh: '办结人不能审核自己的回复',
          en: 'nobody reviews their own reply',
        })
      const role = dueReview(ticket, on.rules.policy)?.role ?? 'dispatcher'
      if (!actor.roles.includes(role))
        return refuse('not-your-right', {
          zh: `${actor.name}不能作这一级审核`,
          en: `${actor.name} cannot make this review`,
        })
      return reply?.reviews?.some(({ by }) => by === actor.id) === true
        ? refuse('not-your-right', {
            zh: '各级审核须由不同人员进行',
            en: 'each level of review is made by another person',
          })
        : undefined
    }
    case 'answer_extension':
    case 'confirm_extension': {
      const asked = extension.find(ticket, command.body['extensionId'])
      return asked?.requestedBy === actor.id
        ? refuse('not-your-right', {
            zh: '申请人不能批准自己的延时申请',
            en: 'nobody approves the extension that they asked for',
          })
        : undefined
    }
    case 'callback':
      return ticket.crewIds.includes(actor.id) || reply?.by === actor.id
        ? refuse('not-your-right', {
            zh: '办理人员不能回访自己办理的工单',
            en: 'nobody calls back about their own work',
          })
        : undefined
    default:
      return undefined
  }
}

export function holderOfTicket(ticket: Ticket): Holder {
  const { state, department, crewIds } = ticket
  return state === 'under_review' ? { crewIds } : { departmentId: department.id, crewIds }
}

import { refuse, type Refusal } from '#contract/problem.ts'
import { TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import { inHandling, withFlag } from '../change.ts'
import type { Command, Filled, Form, Situation } from '../command.ts'
import type { EventData, EventOf } from '../event.ts'
import { missingFields } from '../fields.ts'
import { ONLY_YES } from '../form.ts'
import { dueReview } from '../review-level.ts'
import { handlingOf, type Ticket } from '../ticket.ts'
import { unrepaired, unseen } from '../undone.ts'

const PASSES = { field: 'pass', is: [true] }

/** 一级审核 (第三条6); a sensor that still contradicts the reply must have been seen. */
export const review: Command<'review'> = {
  roles: ['dispatcher', 'service'],
  states: ['submitted'],
  awaited: () => true,
  forbids({ ticket, actor, rules }) {
    const reply = handlingOf(ticket).submissions.at(-1)
    if (reply?.by === actor.id) {
      return refuse('not-your-right', {
        zh: '办结人不能审核自己的回复',
        en: 'nobody reviews their own reply',
      })
    }
    const role = dueReview(ticket, rules.policy)?.role ?? 'dispatcher'
    if (!actor.roles.includes(role)) {
      return refuse('not-your-right', {
        zh: `${actor.name}不能作这一级审核`,
        en: `${actor.name} cannot make this review`,
      })
    }
    return reply?.reviews?.some(({ by }) => by === actor.id) === true
      ? refuse('not-your-right', {
          zh: '各级审核须由不同人员进行',
          en: 'each level of review is made by another person',
        })
      : undefined
  },
  form,
  decide(filled) {
    const { pass, reason, text, seenAbnormal } = filled.fields
    const category = categoryOf(filled)
    if ('code' in category) return category
    return {
      pass,
      ...(reason === undefined ? {} : { reason }),
      ...(text === undefined ? {} : { text }),
      ...(seenAbnormal === undefined ? {} : { seenAbnormal }),
      ...levelOf(filled),
      ...category,
    }
  },
  apply,
  follows(ticket) {
    const reply = handlingOf(ticket).submissions.at(-1)
    return reply?.reviews?.at(-1)?.at ?? reply?.at
  },
}

function form(of: Situation): Form {
  const { ticket, rules } = of
  const { kinds } = rules.policy
  const clause = rules.policy.clauses.review
  const reply = handlingOf(ticket).submissions.at(-1)
  const replied = reply?.finalKind ?? ticket.kind
  const titled = (among: readonly TicketKind[]) => among.map((value) => ({ value, title: kinds[value].name }))
  const passable = TICKET_KINDS.filter((kind) => notAs(kind, of) === undefined)
  const isPassable = passable.includes(replied)
  const others = TICKET_KINDS.filter((kind) => kind !== ticket.kind)
  return {
    pass: { clause },
    reason: { required: true, when: { field: 'pass', is: [false] }, clause },
    text: { requiredWhen: { field: 'reason', is: ['other'] }, clause },
    seenAbnormal: reply?.sensorAbnormal === true && {
      required: true,
      when: PASSES,
      choices: ONLY_YES,
      clause,
    },
    kind: [
      {
        when: PASSES,
        required: !isPassable,
        choices: titled(passable),
        start: isPassable ? replied : ticket.kind,
        clause,
      },
      { when: { field: 'reason', is: ['wrong_category'] }, choices: titled(TICKET_KINDS), clause },
    ],
    clocksFrom: { when: { field: 'kind', is: others } },
    reportedAt: { when: { field: 'clocksFrom', is: ['reported'] } },
  }
}

function levelOf({ ticket, rules }: Filled<'review'>): Partial<EventData['review']> {
  const due = dueReview(ticket, rules.policy)
  return due === undefined || due.levels === 1 ? {} : { reviewLevel: due.level, reviewLevels: due.levels }
}

/** Why a reply cannot pass as one about that kind: it asks for what nobody has done. */
function notAs(kind: TicketKind, { ticket, rules: { policy } }: Situation): Refusal | undefined {
  if (kind === ticket.kind) return undefined
  const reply = handlingOf(ticket).submissions.at(-1)
  const as = { ...ticket, kind }
  const missing = reply?.outcome === 'unfounded' ? undefined : unseen(as, policy)
  if (missing !== undefined) return missing
  const undone = reply?.outcome === 'done' ? unrepaired(as, policy) : []
  return undone.length > 0 ? missingFields(undone, policy.kinds[kind].clause) : undefined
}

/**
 * Another category than the ticket's: named by the reviewer, or the reply's own that passes. Strict by
 * default: its clocks run from the report, unless new facts were reported since.
 */
function categoryOf(filled: Filled<'review'>): Partial<EventData['review']> | Refusal {
  const { policy } = filled.rules
  const { pass, reason, clocksFrom = 'received', reportedAt = filled.occurredAt } = filled.fields
  const reply = handlingOf(filled.ticket).submissions.at(-1)
  const kind = filled.fields.kind ?? (pass ? reply?.finalKind : undefined)
  if (kind === undefined || kind === filled.ticket.kind) return {}
  if (!pass && reason !== 'wrong_category') {
    return refuse(
      'bad-value',
      { zh: '改类须以分类不准确退回', en: 'another category goes with a return for a wrong category' },
      { clause: policy.clauses.review },
    )
  }
  const late = clocksFrom === 'reported' ? { clocksFromAt: reportedAt } : {}
  return (pass ? notAs(kind, filled) : undefined) ?? { kind, level: policy.kinds[kind].level, ...late }
}

function apply(ticket: Ticket, event: EventOf<'review'>): Ticket {
  const { submissions } = handlingOf(ticket)
  const last = submissions.at(-1)
  if (last === undefined) return ticket
  const { pass, reason, reviewLevel = 1, reviewLevels = 1 } = event.data
  const kept = event.data.kind === undefined ? ticket : recategorised(ticket, event)
  const said = pass || reason === undefined ? {} : { returnReason: reason }
  if (pass && reviewLevel < reviewLevels) {
    const reviews = [...(last.reviews ?? []), { by: event.actor.id, at: event.occurredAt }]
    return inHandling(kept, { submissions: [...submissions.slice(0, -1), { ...last, reviews }] })
  }
  const judged = { ...last, reviewedAt: event.occurredAt, passed: pass, ...said }
  const next = inHandling(kept, { submissions: [...submissions.slice(0, -1), judged] })
  if (!pass) return { ...next, state: 'returned', returnCount: ticket.returnCount + 1 }
  if (ticket.calls.length > 0) return { ...next, state: 'callback_due' }
  return { ...inHandling(next, { closedAt: event.occurredAt }), state: 'archived' }
}

/** From the report on, as if it had been this kind; or from where new facts made it so. */
function recategorised(ticket: Ticket, event: EventOf<'review'>): Ticket {
  const { kind = ticket.kind, level = ticket.level, clocksFromAt } = event.data
  const former = [...(ticket.formerKinds ?? []), { kind: ticket.kind, until: event.enteredAt }]
  const changed = { ...ticket, kind, level, formerKinds: former, flags: withFlag(ticket, 'recategorised') }
  if (clocksFromAt === undefined) return { ...changed, levels: [{ level, at: ticket.openedAt }] }
  const levels = [...ticket.levels, { level, at: clocksFromAt }].sort((a, b) => a.at - b.at)
  return inHandling({ ...changed, levels }, { kindStartAt: clocksFromAt })
}

import type { LocalizedText } from '#contract/text.ts'
import { instantText, type Instant } from '../instant.ts'
import { clauseOf, type Cites } from '../policy/citation.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { TicketEvent } from '../ticket/event.ts'
import type { Ticket } from '../ticket/ticket.ts'
import { departmentOfRung, RUNG_NAMES, type Rung } from './ladder.ts'
import { INFERRED, type Notification, type Reason, type Urgency } from './notification.ts'

/** What a rule wants said, before it has a ticket, a recipient and a date. */
export interface Tell {
  readonly rung: Rung
  readonly urgency: Urgency
  readonly text: LocalizedText
  readonly reason: Why
  readonly delayMs?: number
  readonly unless?: 'accepted'
}

/** Why somebody is told: by what the pack prints of it, by the very clause of a clock, or inferred. */
export interface Why extends LocalizedText {
  readonly cites: Cites | typeof INFERRED | { readonly clause: string }
}

/** Everything that a rule of notification may look at. */
export interface Planning {
  /** As it is after the event. */
  readonly ticket: Ticket
  readonly policy: PolicyPack
  /** The headline due instant. */
  readonly dueAt: Instant
}

export function reason(zh: string, en: string, cites: Why['cites']): Why {
  return { zh, en, cites }
}

function printed({ zh, en, cites }: Why, policy: PolicyPack): Reason {
  if (typeof cites === 'object') return { zh, en, clause: cites.clause }
  return { zh, en, clause: cites === INFERRED ? INFERRED : clauseOf(policy, cites) }
}

/** `01-16 02:50` in Shanghai. */
export function shortTime(at: Instant): string {
  return instantText(at).slice(5, 16).replace('T', ' ')
}

/** One line of text: what people typed carries no line breaks or control characters into a message. */
export function oneLine(text: string, most = 120): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

/** Which ticket: level, kind, number and place. Callers' names and numbers never leave the house. */
function headOf({ level, kind, number, address, assetId }: Ticket, policy: PolicyPack): LocalizedText {
  const place = oneLine(address ?? assetId ?? '', 60)
  const words = (language: 'zh' | 'en') =>
    [policy.kinds[kind].name[language], number, place].filter((each) => each !== '').join(' ')
  const { zh, en } = policy.levels[level].name
  return { zh: `【${zh}】${words('zh')}`, en: `[${en}] ${words('en')}` }
}

export function notificationOf(tell: Tell, event: TicketEvent, { ticket, policy }: Planning): Notification {
  const { rung, urgency, text, reason: why, delayMs = 0, unless } = tell
  const head = headOf(ticket, policy)
  const named = rung === 'crew' && ticket.crewIds.length > 0 ? { personIds: ticket.crewIds } : {}
  return {
    id: `${event.id}.${rung}`,
    audience: 'people',
    ticketId: ticket.id,
    number: ticket.number,
    kind: ticket.kind,
    level: ticket.level,
    to: { rung, departmentId: departmentOfRung(rung, ticket.department.id), ...named },
    urgency,
    text: { zh: `${head.zh}:${text.zh}`, en: `${head.en}: ${text.en}` },
    reason: printed(why, policy),
    dueAt: event.occurredAt + delayMs,
    ...(unless === undefined ? {} : { unless }),
    exercise: ticket.exercise,
  }
}

/** The same words for several rungs; the first one is whom the clause names (A24: the others get a copy). */
export function tellEach(rungs: readonly Rung[], said: Omit<Tell, 'rung'>): readonly Tell[] {
  const [first] = rungs
  return rungs.map((rung) =>
    rung === first || first === undefined ? { ...said, rung } : copyOf(said, rung, first),
  )
}

function copyOf(said: Omit<Tell, 'rung'>, rung: Rung, first: Rung): Tell {
  const { zh, en, cites } = said.reason
  const to = RUNG_NAMES[first]
  return {
    ...said,
    rung,
    reason: reason(`${zh}(抄送,主送${to.zh})`, `${en} (copy, sent to the ${to.en})`, cites),
  }
}

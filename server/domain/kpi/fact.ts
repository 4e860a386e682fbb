import { RETURN_REASONS, type ReturnReason } from '#contract/commands/closing.ts'
import type { ClockKey, Level, TicketKind } from '#contract/vocabulary.ts'
import { isPast, MINUTE, type Instant } from '../instant.ts'
import type { Assessment } from '../ticket/assessment.ts'
import { breachCause, type BreachCause } from '../ticket/cause.ts'
import { type Clock, isThirdParty, type Rules } from '../ticket/clock.ts'
import { spansOf } from '../ticket/clocks.ts'
import { handlingOf, type Ticket } from '../ticket/ticket.ts'
import type { MeasuredTogether } from './measured.ts'

/** What a clock came to: stopped in time, stopped late, or still running past its limit. */
export type ClockResult = 'on_time' | 'late' | 'overdue'

/** All that the figures need of one ticket, folded from its events; of a ticket that is done, for ever. */
export interface TicketFact {
  readonly kind: TicketKind
  readonly level: Level
  readonly departmentId: string
  readonly areaId?: string
  readonly fromSensor: boolean
  readonly outcome: 'open' | 'answered' | 'done' | 'explained_unresolved' | 'unfounded'
  readonly clocks: readonly (readonly [ClockKey, ClockResult])[]
  readonly causes: readonly BreachCause[]
  /** On site within the limit of the arrival clock counted from the dispatch, whatever that clock starts from. */
  readonly firstArrival?: boolean
  readonly returns: readonly ReturnReason[]
  readonly extensions: readonly { readonly answered: boolean; readonly approved: boolean }[]
  readonly satisfied: readonly boolean[]
  /** Call-backs that ended without reaching the caller. */
  readonly unreached: number
}

/** Tickets of which the same is to be said, how many, and what was measured of each. */
export interface CountedFact {
  readonly fact: TicketFact
  readonly times: number
  readonly measured: MeasuredTogether
}

/** Clocks whose runs are neither cancelled nor still within their limit count. */
export function factOf({ ticket, rules, at, clocks: all }: Assessment): TicketFact {
  const clocks = all.filter(({ severity }) => severity !== 'grey')
  const firstArrival = arrivalOf(ticket, rules, at)
  const submissions = ticket.handlings.flatMap((handling) => handling.submissions)
  return {
    kind: ticket.kind,
    level: ticket.level,
    departmentId: ticket.department.id,
    ...(ticket.areaId === undefined ? {} : { areaId: ticket.areaId }),
    fromSensor: ticket.source === 'sensor',
    outcome: outcomeOf(ticket),
    clocks: clocks.flatMap((clock) => {
      const result = resultOf(clock)
      return result === undefined ? [] : [[clock.key, result] as const]
    }),
    causes: clocks
      .filter(({ state }) => state === 'breached')
      .map((clock) => breachCause(clock, ticket, rules, at)),
    ...(firstArrival === undefined ? {} : { firstArrival }),
    returns: submissions.filter(({ passed }) => passed === false).map(reasonOf),
    extensions: ticket.extensions.map(({ answeredAt, approved }) => ({
      answered: answeredAt !== undefined,
      approved: approved === true,
    })),
    ...callbacksOf(ticket),
  }
}

function resultOf({ state, stoppedAt }: Clock): ClockResult | undefined {
  if (state === 'met') return 'on_time'
  if (state !== 'breached') return undefined
  return stoppedAt === undefined ? 'overdue' : 'late'
}

function outcomeOf(ticket: Ticket): TicketFact['outcome'] {
  const handling = handlingOf(ticket)
  if (handling.answeredAt !== undefined) return 'answered'
  return handling.submissions.find(({ passed }) => passed === true)?.outcome ?? 'open'
}

/** First arrival of the first handling; nobody there and the time over counts as no. */
function arrivalOf(ticket: Ticket, { policy }: Rules, at: Instant): boolean | undefined {
  const limitMinutes = policy.clocks.arrive.limitMinutes
  const own = policy.kinds[ticket.kind].clocks.includes('arrive') && !isThirdParty(ticket, policy)
  const span = spansOf(ticket).findLast((each) => each.stint?.rejectedAt === undefined)
  if (!own || limitMinutes === undefined || span?.stint === undefined) return undefined
  const { arrivedAt, closedAt } = span.handling
  const dueAt = span.stint.dispatchedAt + limitMinutes * MINUTE
  if (arrivedAt !== undefined) return !isPast(dueAt, arrivedAt)
  return closedAt === undefined && isPast(dueAt, at) ? false : undefined
}

function reasonOf({ returnReason }: { readonly returnReason?: ReturnReason }): ReturnReason {
  return returnReason ?? RETURN_REASONS[3]
}

function callbacksOf(ticket: Ticket): Pick<TicketFact, 'satisfied' | 'unreached'> {
  const attempts = ticket.handlings.flatMap(({ callbacks }) => callbacks)
  const reached = attempts.filter((attempt) => attempt.reached)
  const over = ticket.handlings.filter(({ callbackDoneAt }) => callbackDoneAt !== undefined)
  const unreached = over.flatMap(({ callbacks }) => {
    const heard = new Set(callbacks.filter((each) => each.reached).map(({ callId }) => callId))
    return [...new Set(callbacks.map(({ callId }) => callId))].filter((id) => !heard.has(id))
  })
  return {
    satisfied: reached.flatMap(({ satisfied }) => (satisfied === undefined ? [] : [satisfied])),
    unreached: unreached.length,
  }
}

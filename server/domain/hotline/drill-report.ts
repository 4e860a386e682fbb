import { DRILL_STEPS, type DrillStep } from '#contract/drill.ts'
import type { ClockKey, TicketKind } from '#contract/vocabulary.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { Rules } from '../ticket/clock.ts'
import { clocksOf } from '../ticket/clocks.ts'
import type { TicketEvent } from '../ticket/event.ts'
import { rulesOf } from '../ticket/own-rules.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Drill } from './drill.ts'

export interface DrillTicket {
  readonly id: string
  readonly number: string
  readonly kind: TicketKind
  readonly departmentName: string
  readonly openedAt: Instant
  /** The first time that each step was done, minutes after the opening, and by whom. */
  readonly steps: readonly { readonly step: DrillStep; readonly minutes: number; readonly by: string }[]
  /** Clocks that ran: whether what they ask for was done in time. */
  readonly clocks: readonly {
    readonly key: ClockKey
    readonly limitMinutes: number
    readonly late: boolean
  }[]
}

/** When a drill was over, by a person or by its time. */
export function endOf({ until, endedAt }: Drill): Instant {
  return Math.min(until, endedAt ?? until)
}

/** Belongs to this drill: stamped, opened while it was on, at one of its facilities or at none that is known. */
export function isOfDrill(ticket: Ticket, drill: Drill): boolean {
  if (!ticket.exercise || ticket.openedAt < drill.since || ticket.openedAt >= endOf(drill)) return false
  return ticket.assetId === undefined || drill.assetIds.includes(ticket.assetId)
}

/**
 * People's times in one rehearsed ticket (A45), which enter no figure.
 * @param at the present: a clock that still runs past its limit counts as late
 */
export function drillTicketOf(
  { ticket, events }: { readonly ticket: Ticket; readonly events: readonly TicketEvent[] },
  rules: Rules,
  at: Instant,
): DrillTicket {
  const { id, number, kind, department, openedAt } = ticket
  const steps = DRILL_STEPS.flatMap((step) => {
    const first = events.find(({ type }) => type === step)
    if (first === undefined) return []
    const minutes = Math.round(((first.occurredAt - openedAt) / MINUTE) * 10) / 10
    return [{ step, minutes, by: first.actor.name }]
  })
  const clocks = clocksOf(ticket, rulesOf(ticket, rules), at).flatMap(
    ({ key, limitMinutes, state, severity }) => {
      const isOver = state === 'met' || state === 'breached'
      if (!isOver || limitMinutes === undefined || severity === 'grey') return []
      return [{ key, limitMinutes, late: state === 'breached' }]
    },
  )
  return { id, number, kind, departmentName: department.name, openedAt, steps, clocks }
}

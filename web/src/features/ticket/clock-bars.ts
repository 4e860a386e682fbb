import type { ClockView, TicketView } from '#contract/ticket.ts'
import type { TimeAxis } from './time-axis.ts'

export interface ClockBar {
  readonly clock: ClockView
  /** Shares of the axis, 0 … 1; undefined while the clock has not started. */
  readonly start: number | undefined
  /** Where it stopped, or now. */
  readonly end: number
  readonly due: number | undefined
  /** The part beyond the due instant. */
  readonly over: readonly [number, number] | undefined
  /** Its due instant lies beyond the drawing. */
  readonly beyond: boolean
  readonly running: boolean
}

/** Each clock as a bar on the axis, as of `now`. */
export function clockBars(clocks: readonly ClockView[], axis: TimeAxis, now: number): readonly ClockBar[] {
  return clocks.map((clock) => {
    const start = clock.startAt === undefined ? undefined : Date.parse(clock.startAt)
    const dueText = clock.extendedDueAt ?? clock.dueAt
    const due = dueText === undefined ? undefined : Date.parse(dueText)
    const running = clock.stoppedAt === undefined && clock.state !== 'cancelled' && start !== undefined
    const end = clock.stoppedAt === undefined ? now : Date.parse(clock.stoppedAt)
    const isOver = due !== undefined && start !== undefined && end > due && clock.state === 'breached'
    return {
      clock,
      start: start === undefined || clock.state === 'pending' ? undefined : axis.x(start),
      end: axis.x(end),
      due: due === undefined ? undefined : axis.x(due),
      over: isOver ? [axis.x(due), axis.x(end)] : undefined,
      beyond: due !== undefined && due > axis.to,
      running,
    }
  })
}

/** The headline clock of a ticket: the one that its level speaks of. */
export function headlineClock({
  clocks,
  dueAt,
}: Pick<TicketView, 'clocks' | 'dueAt'>): ClockView | undefined {
  const HEADLINES: readonly string[] = [
    'repair_cover',
    'repair_vent',
    'repair_leak',
    'repair_station',
    'close_indoor_leak',
    'close_consult',
    'close_not_hot',
  ]
  return (
    clocks.find(({ key }) => HEADLINES.includes(key)) ??
    clocks.find((clock) => dueAt !== undefined && (clock.extendedDueAt ?? clock.dueAt) === dueAt)
  )
}

/** Breaches that count: measured-only clocks and mere advice are none. */
export function breachesOf({ clocks }: Pick<TicketView, 'clocks'>): readonly ClockView[] {
  return clocks.filter(({ breachedAt, severity }) => breachedAt !== undefined && severity === 'red')
}

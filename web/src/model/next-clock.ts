import type { ClockView, TicketView } from '#contract/ticket.ts'

export interface NextClock {
  readonly clock: ClockView
  readonly startMs: number
  readonly dueMs: number
}

/** The instant that counts: an extension in force moves it, and hides no earlier breach. */
function dueOf(clock: ClockView): number | undefined {
  const due = clock.extendedDueAt ?? clock.dueAt
  return due === undefined ? undefined : Date.parse(due)
}

/** Still to be met. Grey clocks are measured, not limited, so they never lead the list. */
function isOpen(clock: ClockView): boolean {
  if (clock.severity === 'grey') return false
  return clock.state === 'running' || (clock.state === 'breached' && clock.stoppedAt === undefined)
}

const GRAVITY = { red: 0, amber: 1, grey: 2 } as const

/** The clock of a ticket that runs out first, whichever it is; red before amber at the same instant. */
export function nextClock(ticket: Pick<TicketView, 'clocks'>): NextClock | undefined {
  let best: NextClock | undefined
  for (const clock of ticket.clocks) {
    const dueMs = dueOf(clock)
    if (dueMs === undefined || clock.startAt === undefined || !isOpen(clock)) continue
    const sooner = best === undefined || dueMs < best.dueMs
    const graver =
      best !== undefined && dueMs === best.dueMs && GRAVITY[clock.severity] < GRAVITY[best.clock.severity]
    if (sooner || graver) best = { clock, startMs: Date.parse(clock.startAt), dueMs }
  }
  return best
}

export type UrgencyStep = 'calm' | 'half' | 'late' | 'over'

/** Share of a limit that has passed, 0…1, and its step: grey to 50 %, half to 80 %, full, then hatched. */
export function urgency(
  startMs: number,
  dueMs: number,
  now: number,
): { fraction: number; step: UrgencyStep } {
  if (now > dueMs) return { fraction: 1, step: 'over' }
  const span = dueMs - startMs
  const fraction = span <= 0 ? 1 : Math.min(1, Math.max(0, (now - startMs) / span))
  return { fraction, step: fraction < 0.5 ? 'calm' : fraction < 0.8 ? 'half' : 'late' }
}

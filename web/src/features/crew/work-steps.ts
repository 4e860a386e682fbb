import type { TicketView } from '#contract/ticket.ts'
import type { TicketKind } from '#contract/vocabulary.ts'

type WorkCommand =
  'accept' | 'depart' | 'arrive' | 'safety' | 'plan' | 'repair' | 'restore' | 'contact' | 'submit'

export interface WorkStep {
  readonly command: WorkCommand
  /** When it was done; undefined while it is ahead. */
  readonly at: number | undefined
  readonly current: boolean
}

const FIELD_KINDS: readonly TicketKind[] = [
  'cover',
  'well_vent',
  'primary_leak',
  'hes_secondary',
  'indoor_leak',
]

/** The order of a crew's work on one kind of ticket. */
function stepsOf(kind: TicketKind): readonly WorkCommand[] {
  if (!FIELD_KINDS.includes(kind)) return ['accept', 'contact', 'submit']
  const plan = kind === 'primary_leak' ? (['plan'] as const) : []
  const heat = kind === 'primary_leak' || kind === 'hes_secondary' ? (['restore'] as const) : []
  return ['depart', 'arrive', 'safety', ...plan, 'repair', ...heat, 'submit']
}

/** Which steps are done, since the ticket was last given to a department, and which one is now. */
export function workSteps(ticket: Pick<TicketView, 'kind' | 'events' | 'state'>): readonly WorkStep[] {
  const since = ticket.events.findLastIndex((event) => event.type === 'reject' || event.type === 'reopen')
  const events = ticket.events.slice(since + 1)
  const done = stepsOf(ticket.kind).map((command) => {
    const event = events.findLast((one) => one.type === command)
    return { command, at: event === undefined ? undefined : Date.parse(event.occurredAt) }
  })
  // A step may be left out (depart, safety): now is the one after the last that was done.
  const last = done.findLastIndex((step) => step.at !== undefined)
  return done.map((step, index) => ({ ...step, current: index === last + 1 }))
}

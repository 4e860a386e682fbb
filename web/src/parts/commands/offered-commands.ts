import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { Role, TicketKind, TicketState } from '#contract/vocabulary.ts'
import type { PolicyView } from '../../model/policy-pack.ts'

type Rules = Pick<PolicyView, 'kinds' | 'clocks'>

/** Who looks at the ticket: what the session says. */
export interface Viewer {
  readonly id: string
  readonly roles: readonly Role[]
  readonly departmentId?: string
}

export interface Offer {
  /** The next step in the order of work for this person; one solid button. */
  readonly primary: CommandName | undefined
  readonly others: readonly CommandName[]
  /** The department's steps that dispatch may enter for it (phone, written reply). */
  readonly onBehalf: readonly CommandName[]
}

const SITE_KINDS: readonly TicketKind[] = [
  'cover',
  'well_vent',
  'primary_leak',
  'hes_secondary',
  'indoor_leak',
]
const HEAT_KINDS: readonly TicketKind[] = ['primary_leak', 'hes_secondary']
const NO_EXTENSION: readonly TicketKind[] = ['cover', 'consult']
/** Only the dispatch centre's duty lead may ask for these (A17). */
const OVERRIDE_ONLY: readonly TicketKind[] = ['well_vent']
const AFTER_ARRIVAL: readonly TicketState[] = [
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
]
const IN_HAND: readonly TicketState[] = ['accepted', 'assigned', 'en_route', ...AFTER_ARRIVAL, 'returned']

/** Somebody else runs the facility: the department telephones instead of driving there (A7). */
function isThirdParty(ticket: TicketView): boolean {
  const has = (key: 'arrive' | 'contact_facility'): boolean =>
    ticket.clocks.some((clock) => clock.key === key)
  return ticket.kind === 'hes_secondary' && has('contact_facility') && !has('arrive')
}

function isDeemedAccepted(ticket: TicketView): boolean {
  return ticket.flags.includes('deemed_accepted')
}

/** The department's work on a ticket in its order; the first is the next step. */
function work(ticket: TicketView): readonly CommandName[] {
  const onSite = SITE_KINDS.includes(ticket.kind)
  const heat = HEAT_KINDS.includes(ticket.kind)
  if (isThirdParty(ticket) && ['accepted', 'assigned', 'en_route'].includes(ticket.state)) {
    return ['contact_facility', 'restore', 'submit', 'assign']
  }
  switch (ticket.state) {
    case 'dispatched':
      // Nobody signed for it in time: it counts as accepted, and its crew can go.
      if (!isDeemedAccepted(ticket)) return ['accept', 'reject']
      return [
        'accept',
        ...(onSite ? (['depart', 'arrive', 'assign'] as const) : (['submit', 'assign'] as const)),
      ]
    case 'accepted':
      return onSite ? ['assign', 'depart', 'arrive'] : ['submit', 'assign']
    case 'assigned':
      return onSite ? ['depart', 'arrive'] : ['submit']
    case 'en_route':
      return ['arrive']
    case 'arrived':
      return ticket.kind === 'primary_leak' ? ['safety', 'plan', 'repair'] : ['safety', 'repair']
    case 'safety_set':
      return ticket.kind === 'primary_leak' ? ['plan', 'repair', 'safety'] : ['repair', 'safety']
    case 'plan_confirmed':
      return ['repair', 'safety']
    case 'repaired':
      return heat ? ['restore', 'safety'] : ['submit', 'safety']
    case 'restored':
      return ['submit', 'safety']
    case 'returned':
      return [
        'submit',
        'repair',
        ...(heat ? (['restore'] as const) : []),
        ...(onSite ? (['safety', 'arrive'] as const) : []),
      ]
    default:
      return []
  }
}

/** Steps beside the main line, while the department has the ticket in hand. */
function beside(ticket: TicketView, rules: Rules | undefined): readonly CommandName[] {
  const list: CommandName[] = []
  if (IN_HAND.includes(ticket.state) || isDeemedAccepted(ticket)) {
    if (mayBeHindered(ticket, rules)) list.push('state_hindrance')
    if (ticket.calls.length > 0) list.push('contact')
    if (ticket.kind === 'hes_secondary') list.push('contact_facility')
    if (!NO_EXTENSION.includes(ticket.kind)) list.push('request_extension')
  }
  if (AFTER_ARRIVAL.includes(ticket.state) && SITE_KINDS.includes(ticket.kind)) list.push('unfounded')
  return list
}

/** Is there a second, longer limit where the conditions prevent the first, and has nobody stated it yet? */
function mayBeHindered({ kind, events }: TicketView, rules: Rules | undefined): boolean {
  if (rules?.clocks[rules.kinds[kind].headline].secondLimit === undefined) return false
  const since = events.findLastIndex(({ type }) => type === 'reopen')
  return events.slice(since + 1).every(({ type }) => type !== 'state_hindrance')
}

/** All that the unit may do now, the next step first. */
function unitWork(ticket: TicketView, rules: Rules | undefined): readonly CommandName[] {
  return [...work(ticket), ...beside(ticket, rules)]
}

function dispatchWork(ticket: TicketView): readonly CommandName[] {
  const asked = ticket.extensions.some((extension) => extension.answeredAt === undefined)
  const list: CommandName[] = asked ? ['answer_extension'] : []
  if (ticket.state === 'under_review') list.push('dispatch', 'answer', 'approve')
  else if (ticket.state === 'submitted') list.push(...reviewBy('dispatcher', ticket))
  else if (ticket.state === 'callback_due') list.push('callback', 'reopen')
  else if (ticket.state === 'archived') list.push('reopen')
  else list.push('remind', 'dispatch', ...approval(ticket))
  if (ticket.level !== 'special' && ticket.state !== 'archived') list.push('raise_level')
  return [...list, 'note']
}

/** 特级 and 一级 go out before the back-office check, which follows (A3). */
function approval(ticket: TicketView): readonly CommandName[] {
  return ticket.events.some((event) => event.type === 'approve' || event.type === 'dispatch')
    ? []
    : ['approve']
}

/** Each level of review has its own reviewers (A20). */
function reviewBy(role: Role, { state, review }: TicketView): readonly CommandName[] {
  return state === 'submitted' && (review?.role ?? 'dispatcher') === role ? ['review'] : []
}

function serviceWork(ticket: TicketView): readonly CommandName[] {
  const answered = ticket.extensions.some(
    (extension) => extension.approved === true && extension.effectiveAt === undefined,
  )
  return [
    ...reviewBy('service', ticket),
    ...(answered ? (['confirm_extension'] as const) : []),
    ...(ticket.state === 'callback_due' ? (['callback'] as const) : []),
  ]
}

/** What this person may do to this ticket now. The server has the last word; this only orders the buttons. */
export function offeredCommands(ticket: TicketView, viewer: Viewer, rules?: Rules): Offer {
  const has = (role: Role): boolean => viewer.roles.includes(role)
  if (ticket.state === 'merged') return { primary: undefined, others: [], onBehalf: [] }
  const own = ticket.department !== undefined && ticket.department.id === viewer.departmentId
  const officer = has('officer') && own
  const crew = has('crew') && (own || ticket.crewIds.includes(viewer.id))
  const list: CommandName[] = []
  if (has('dispatcher')) list.push(...dispatchWork(ticket))
  if (has('service')) list.push(...serviceWork(ticket))
  const steps = unitWork(ticket, rules)
  if (officer) {
    list.push(...steps.filter((one) => one !== 'request_extension' || !OVERRIDE_ONLY.includes(ticket.kind)))
  } else if (crew) list.push(...steps.filter(isCrewStep))
  if (has('operator')) {
    if (ticket.state === 'under_review') list.push('answer')
    if (isWithUnit(ticket)) list.push('remind')
    list.push('note')
  }
  const offered = [...new Set(list)]
  const primary = offered[0] === undefined || ASIDES.includes(offered[0]) ? undefined : offered[0]
  const others = offered.filter((command) => command !== primary)
  const behalf = has('dispatcher') && !officer ? steps : []
  return { primary, others, onBehalf: behalf.filter((command) => !list.includes(command)) }
}

function isWithUnit({ state }: TicketView): boolean {
  return state === 'dispatched' || state === 'submitted' || IN_HAND.includes(state)
}

/** Always possible, never the next step: none of these is the solid button. */
const ASIDES: readonly CommandName[] = ['remind', 'note', 'raise_level', 'reopen', 'approve']

const OFFICER_ONLY: readonly CommandName[] = [
  'accept',
  'reject',
  'assign',
  'request_extension',
  'state_hindrance',
]

function isCrewStep(command: CommandName): boolean {
  return !OFFICER_ONLY.includes(command)
}

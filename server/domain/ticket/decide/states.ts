import type { CommandName, TicketState } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import type { PolicyPack } from '../../policy/policy-pack.ts'
import { isThirdParty } from '../clock.ts'
import { countsAsAccepted } from '../clock-starts.ts'
import type { Ticket } from '../ticket.ts'

const TO_GO: readonly TicketState[] = ['accepted', 'assigned', 'en_route']
const ON_SITE: readonly TicketState[] = [
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
  'returned',
]
const WORK: readonly TicketState[] = [...TO_GO, ...ON_SITE]
const WITH_UNIT: readonly TicketState[] = ['dispatched', ...WORK]
const OPEN: readonly TicketState[] = ['under_review', ...WITH_UNIT, 'submitted', 'callback_due']

/** In which states each command is possible (contract.md §4 "Way of a ticket"). */
const STATES: Record<CommandName, readonly TicketState[]> = {
  answer: ['under_review'],
  approve: ['under_review', ...WITH_UNIT, 'submitted'],
  dispatch: ['under_review', ...WITH_UNIT],
  accept: ['dispatched'],
  reject: ['dispatched'],
  assign: WORK,
  depart: ['accepted', 'assigned', 'returned'],
  arrive: [...TO_GO, 'returned'],
  safety: ON_SITE,
  plan: ['arrived', 'safety_set', 'plan_confirmed', 'returned'],
  repair: ON_SITE,
  restore: ON_SITE,
  contact: WORK,
  contact_facility: WORK,
  submit: WORK,
  unfounded: WORK,
  review: ['submitted'],
  callback: ['callback_due'],
  request_extension: WORK,
  answer_extension: OPEN,
  confirm_extension: OPEN,
  state_hindrance: WORK,
  remind: [...WITH_UNIT, 'submitted'],
  raise_level: OPEN,
  reopen: ['callback_due', 'archived'],
  note: [...OPEN, 'archived'],
  correct: [...OPEN, 'archived'],
}

/**
 * Is the command possible at `at`? Kinds without an on-site clock are repaired from acceptance on. A ticket
 * that counts as accepted can be worked on by its crew, whether or not anybody has signed for it.
 */
export function isPossible(
  ticket: Ticket,
  command: CommandName,
  { policy, at }: { readonly policy: PolicyPack; readonly at: Instant },
): boolean {
  if (isPossibleIn(ticket, command, policy)) return true
  if (ticket.state !== 'dispatched' || !countsAsAccepted(ticket, policy, at)) return false
  return isPossibleIn({ ...ticket, state: 'accepted' }, command, policy)
}

function isPossibleIn(ticket: Ticket, command: CommandName, policy: PolicyPack): boolean {
  const kind = policy.kinds[ticket.kind]
  if (command === 'plan' && policy.clocks[kind.headline].start !== 'plan') return false
  if (command === 'contact_facility' && !kind.clocks.includes('contact_facility')) return false
  const fromAfar = kind.onSite === 'none' || isThirdParty(ticket, policy)
  if (fromAfar && (command === 'repair' || command === 'restore')) return WORK.includes(ticket.state)
  return STATES[command].includes(ticket.state)
}

export const STATE_NAMES: Record<TicketState, string> = {
  under_review: '待审核',
  answered_directly: '直接办结',
  dispatched: '已派单',
  accepted: '已接单',
  assigned: '已转接工人员',
  en_route: '途中',
  arrived: '已到场',
  safety_set: '已设安全措施',
  plan_confirmed: '方案已定',
  repaired: '已修复',
  restored: '已恢复供热',
  submitted: '待初审',
  returned: '已退回',
  callback_due: '待回访',
  archived: '已归档',
  merged: '已并单',
}

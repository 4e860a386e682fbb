import type { TicketEventView } from '#contract/ticket.ts'

/** What the unit said from the site, and what the desks did; what a clock says of itself is its bar. */
export const FROM_SITE: readonly string[] = [
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'restore',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
] satisfies TicketEventView['type'][]
export const FROM_DESK: readonly string[] = [
  'opened',
  'auto_dispatched',
  'answer',
  'approve',
  'dispatch',
  'accept',
  'deemed_accepted',
  'reject',
  'assign',
  'review',
  'callback',
  'request_extension',
  'answer_extension',
  'confirm_extension',
  'remind',
  'raise_level',
  'reopen',
  'merged',
  'unmerged',
  'correct',
] satisfies TicketEventView['type'][]

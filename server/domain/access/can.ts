import { refuse, type Refusal } from '#contract/problem.ts'
import { DEPARTMENTS, type CommandName, type Role } from '#contract/vocabulary.ts'
import type { Actor, Person } from './actor.ts'

/** What people do beside commanding tickets. */
export const DEEDS = [
  'take_call',
  'merge',
  'split',
  'acknowledge',
  'shelve',
  'check_in',
  'publish_notice',
  'publish_outage',
  'attach',
  'run_drill',
  'edit_roster',
  'set_duty_hours',
  'test_phone',
  'hand_over',
  'tick_crew_item',
  'tick_dispatch_item',
] as const
export type Action = CommandName | (typeof DEEDS)[number]

/** Who may (contract.md §4). Officers and crews act for their own department only. */
const DESK: Partial<Record<Role, readonly Action[]>> = {
  operator: [
    'take_call',
    'answer',
    'remind',
    'note',
    'acknowledge',
    'attach',
    'test_phone',
    'tick_dispatch_item',
  ],
  dispatcher: [
    'take_call',
    'answer',
    'remind',
    'note',
    'acknowledge',
    'attach',
    'approve',
    'dispatch',
    'review',
    'callback',
    'answer_extension',
    'raise_level',
    'reopen',
    'merge',
    'split',
    'shelve',
    'correct',
    'check_in',
    'publish_notice',
    'publish_outage',
    'run_drill',
    'edit_roster',
    'set_duty_hours',
    'test_phone',
    'tick_dispatch_item',
  ],
  // Which level of review is whose, the policy says (A20).
  service: ['review', 'callback', 'confirm_extension', 'attach'],
  engineer: ['check_in', 'attach', 'run_drill'],
  admin: ['edit_roster', 'set_duty_hours'],
}

const CREW: readonly Action[] = [
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
  'correct',
  'tick_crew_item',
]
const OFFICER: readonly Action[] = [
  ...CREW,
  'accept',
  'reject',
  'assign',
  'request_extension',
  'state_hindrance',
]
const ANYWHERE: Partial<Record<Role, readonly Action[]>> = {
  officer: ['check_in', 'attach', 'publish_outage'],
  crew: ['check_in', 'attach'],
}
/** Duty of the own department. The desk's own department is the dispatch centre. */
const OWN_DUTY: Partial<Record<Role, readonly Action[]>> = {
  officer: ['edit_roster', 'test_phone', 'hand_over'],
  crew: ['hand_over'],
}
const OWN_DESK: Partial<Record<Role, readonly Action[]>> = {
  operator: ['hand_over'],
  dispatcher: ['hand_over'],
}

/** Who holds a ticket: its department once dispatched, and the crew it was passed to. */
export interface Holder {
  readonly departmentId?: string
  readonly crewIds: readonly string[]
}

/** The refusal, or undefined when the actor may. A dispatcher may enter what a unit says (phone, paper). */
export function refuseUnless(actor: Actor, action: Action, holder?: Holder): Refusal | undefined {
  if (actor.kind !== 'person') return refuse('not-your-right', '系统不能代替人员操作')
  if (may(actor, action, holder)) return undefined
  return refuse('not-your-right', `${actor.name}没有权限执行此操作(${action})`)
}

export function can(actor: Actor, action: Action, holder?: Holder): boolean {
  return refuseUnless(actor, action, holder) === undefined
}

function may(person: Person, action: Action, holder: Holder | undefined): boolean {
  const { roles } = person
  if (roles.some((role) => DESK[role]?.includes(action) === true)) return true
  if (roles.some((role) => ANYWHERE[role]?.includes(action) === true)) return true
  if (holder?.departmentId === DEPARTMENTS.dispatch && allows(OWN_DESK, roles, action)) return true
  if (isOfDepartment(person, holder) && allows(OWN_DUTY, roles, action)) return true
  if (roles.includes('dispatcher') && OFFICER.includes(action)) return true
  if (roles.includes('officer') && OFFICER.includes(action)) return isOfDepartment(person, holder)
  return roles.includes('crew') && CREW.includes(action) && holds(person, holder)
}

function allows(table: typeof OWN_DUTY, roles: readonly Role[], action: Action): boolean {
  return roles.some((role) => table[role]?.includes(action) === true)
}

/** Does a dispatcher act here in the name of the unit? */
export function isOnBehalf(person: Person, action: Action, holder: Holder): boolean {
  if (!OFFICER.includes(action) || !person.roles.includes('dispatcher')) return false
  const own = person.roles.includes('officer') && isOfDepartment(person, holder)
  return !own && !(person.roles.includes('crew') && holds(person, holder))
}

/** Whole phone numbers: the desks, and the officer and crew who hold the ticket; nobody else. */
export function seesPhones(viewer: Person, holder: Holder | undefined): boolean {
  if (viewer.roles.some((role) => role === 'operator' || role === 'dispatcher' || role === 'service')) {
    return true
  }
  if (viewer.roles.includes('officer') && isOfDepartment(viewer, holder)) return true
  return viewer.roles.includes('crew') && holds(viewer, holder)
}

function isOfDepartment(person: Person, holder: Holder | undefined): boolean {
  return holder?.departmentId !== undefined && holder.departmentId === person.departmentId
}

/** Until the officer has named a crew, any crew of the department holds the job. */
function holds(person: Person, holder: Holder | undefined): boolean {
  if (!isOfDepartment(person, holder)) return false
  return holder?.crewIds.length === 0 || holder?.crewIds.includes(person.id) === true
}

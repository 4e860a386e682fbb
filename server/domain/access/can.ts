import { refuse, type Refusal } from '#contract/problem.ts'
import { DEPARTMENTS, type Role } from '#contract/vocabulary.ts'
import type { Actor, Person } from './actor.ts'

/** Who may do something: one of the three is enough. */
export interface Right {
  /** With any of these roles, whoever holds it. */
  readonly roles?: readonly Role[]
  /** The unit that holds the ticket: its officer, or its crew as well. Dispatch enters what a unit says (phone, paper). */
  readonly unit?: 'officer' | 'crew'
  /** With any of these roles, in the own department. That of the desks is the dispatch centre. */
  readonly own?: readonly Role[]
}

/** What people do beside commanding tickets, and who may. The rights of commands stand with the commands. */
const DEED_RIGHTS = {
  take_call: { roles: ['operator', 'dispatcher'] },
  merge: { roles: ['dispatcher'] },
  split: { roles: ['dispatcher'] },
  acknowledge: { roles: ['operator', 'dispatcher'] },
  withdraw: { roles: ['operator', 'dispatcher'] },
  shelve: { roles: ['dispatcher'] },
  check_in: { roles: ['dispatcher', 'engineer', 'officer', 'crew'] },
  publish_notice: { roles: ['dispatcher'] },
  publish_outage: { roles: ['dispatcher', 'officer'] },
  attach: { roles: ['operator', 'dispatcher', 'service', 'engineer', 'officer', 'crew'] },
  run_drill: { roles: ['dispatcher', 'engineer'] },
  edit_roster: { roles: ['dispatcher', 'admin'], own: ['officer'] },
  set_duty_hours: { roles: ['dispatcher', 'admin'] },
  test_phone: { roles: ['operator', 'dispatcher'], own: ['officer'] },
  hand_over: { own: ['officer', 'crew', 'operator', 'dispatcher'] },
  tick_crew_item: { unit: 'crew' },
  tick_dispatch_item: { roles: ['operator', 'dispatcher'] },
} as const satisfies Record<string, Right>
export type Deed = keyof typeof DEED_RIGHTS
export const DEEDS = Object.keys(DEED_RIGHTS) as readonly Deed[]

/** Who holds a ticket: its department once dispatched, and the crew it was passed to. */
export interface Holder {
  readonly departmentId?: string
  readonly crewIds: readonly string[]
}

/** The refusal, or undefined when the actor may. */
export function refuseUnless(actor: Actor, what: Deed | Right, holder?: Holder): Refusal | undefined {
  if (actor.kind !== 'person')
    return refuse('not-your-right', { zh: '系统不能代替人员操作', en: 'the system does not act for people' })
  if (may(actor, rightOf(what), holder)) return undefined
  return refuse('not-your-right', {
    zh: `${actor.name}没有权限执行此操作`,
    en: `${actor.name} may not do this`,
  })
}

export function can(actor: Actor, what: Deed | Right, holder?: Holder): boolean {
  return actor.kind === 'person' && may(actor, rightOf(what), holder)
}

function rightOf(what: Deed | Right): Right {
  return typeof what === 'string' ? DEED_RIGHTS[what] : what
}

function may(person: Person, { roles = [], unit, own = [] }: Right, holder: Holder | undefined): boolean {
  const has = (role: Role): boolean => person.roles.includes(role)
  if (roles.some(has)) return true
  if (own.some((role) => has(role) && isOwn(person, role, holder))) return true
  return unit !== undefined && (has('dispatcher') || isOfUnit(person, unit, holder))
}

function isOwn(person: Person, role: Role, holder: Holder | undefined): boolean {
  if (role === 'officer' || role === 'crew') return isOfDepartment(person, holder)
  return holder?.departmentId === DEPARTMENTS.dispatch
}

function isOfUnit(person: Person, unit: 'officer' | 'crew', holder: Holder | undefined): boolean {
  if (person.roles.includes('officer') && isOfDepartment(person, holder)) return true
  return unit === 'crew' && person.roles.includes('crew') && holds(person, holder)
}

/** Does a dispatcher act here in the name of the unit? */
export function isOnBehalf(person: Person, what: Deed | Right, holder: Holder): boolean {
  const { roles = [], unit } = rightOf(what)
  if (unit === undefined || roles.includes('dispatcher')) return false
  return person.roles.includes('dispatcher') && !isOfUnit(person, unit, holder)
}

/** Is the person of the unit that holds the ticket, as its officer or its crew? */
export function isOfTicket(person: Person, holder: Holder): boolean {
  return isOfUnit(person, 'crew', holder)
}

/** Whole phone numbers: the desks, and the officer and crew who hold the ticket; nobody else. */
export function seesPhones(viewer: Person, holder: Holder | undefined): boolean {
  if (viewer.roles.some((role) => role === 'operator' || role === 'dispatcher' || role === 'service')) {
    return true
  }
  return isOfUnit(viewer, 'crew', holder)
}

function isOfDepartment(person: Person, holder: Holder | undefined): boolean {
  return holder?.departmentId !== undefined && holder.departmentId === person.departmentId
}

/** Until the officer has named a crew, any crew of the department holds the job. */
function holds(person: Person, holder: Holder | undefined): boolean {
  if (!isOfDepartment(person, holder)) return false
  return holder?.crewIds.length === 0 || holder?.crewIds.includes(person.id) === true
}

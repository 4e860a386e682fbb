import { describe, expect, it } from 'vitest'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import { ROLES, type Role } from '#contract/vocabulary.ts'
import { DETECTOR, type Actor, type Person } from '../../../server/domain/access/actor.ts'
import { can as may, DEEDS, seesPhones, type Deed, type Holder } from '../../../server/domain/access/can.ts'
import { maskPhone } from '../../../server/domain/access/mask-text.ts'
import { rightOf } from '../../../server/domain/ticket/commands/table.ts'

type Action = CommandName | Deed
const isCommand = (action: Action): action is CommandName => COMMANDS.some((name) => name === action)
const can = (actor: Actor, action: Action, holder?: Holder) =>
  may(actor, isCommand(action) ? rightOf(action) : action, holder)

const of = (role: Role, departmentId = 'network-ops', id: string = role): Person => ({
  kind: 'person',
  id,
  name: id,
  roles: [role],
  departmentId,
})
const HOLDER = { departmentId: 'network-ops', crewIds: ['crew'] }

const CREW = [
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
const UNIT = [...CREW, 'accept', 'reject', 'assign', 'request_extension', 'state_hindrance']
const DESK = ['take_call', 'answer', 'remind', 'note', 'acknowledge', 'withdraw', 'attach']

/** Who may give which command, for the department that holds the ticket. */
const MAY: Record<Role, readonly string[]> = {
  operator: [...DESK, 'test_phone', 'tick_dispatch_item'],
  dispatcher: [
    ...DESK,
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
    'check_in',
    'publish_notice',
    'publish_outage',
    'run_drill',
    ...UNIT,
    'edit_roster',
    'set_duty_hours',
    'test_phone',
    'tick_dispatch_item',
  ],
  service: ['review', 'callback', 'confirm_extension', 'attach'],
  officer: [...UNIT, 'check_in', 'attach', 'publish_outage', 'edit_roster', 'test_phone', 'hand_over'],
  crew: [...CREW, 'check_in', 'attach', 'hand_over'],
  engineer: ['check_in', 'attach', 'run_drill'],
  admin: ['edit_roster', 'set_duty_hours'],
  wall: [],
}

describe.each(ROLES)('%s', (role) => {
  it.each([...COMMANDS, ...DEEDS] as readonly Action[])('%s', (action) => {
    expect(can(of(role), action, HOLDER)).toBe(MAY[role].includes(action))
  })
})

describe('duty', () => {
  it('is planned and handed over by officers in their own department only', () => {
    const other = { departmentId: 'area-1', crewIds: [] }
    for (const deed of ['edit_roster', 'test_phone', 'hand_over'] as const) {
      expect(can(of('officer'), deed, other)).toBe(false)
      expect(can(of('officer'), deed)).toBe(false)
    }
    expect(can(of('dispatcher'), 'edit_roster', other)).toBe(true)
  })

  it('is handed over in the dispatch centre by the desk', () => {
    const dispatch = { departmentId: 'dispatch', crewIds: [] }
    expect(can(of('operator'), 'hand_over', dispatch)).toBe(true)
    expect(can(of('dispatcher'), 'hand_over', dispatch)).toBe(true)
    expect(can(of('officer'), 'hand_over', dispatch)).toBe(false)
  })
})

describe('officers and crews of other departments', () => {
  it.each(UNIT as Action[])('may not %s', (action) => {
    expect(can(of('officer', 'area-1'), action, HOLDER)).toBe(false)
    expect(can(of('crew', 'area-1'), action, HOLDER)).toBe(false)
  })

  it('nor may a crew that the job was not passed to, once it was passed to one', () => {
    const other = of('crew', 'network-ops', 'crew-2')
    expect(can(other, 'arrive', HOLDER)).toBe(false)
    expect(can(other, 'arrive', { ...HOLDER, crewIds: [] })).toBe(true)
  })

  it('nor anybody of a department while the ticket waits in the gate', () => {
    expect(can(of('officer'), 'accept', { crewIds: [] })).toBe(false)
  })
})

describe('our own parts', () => {
  it('never command a ticket', () => {
    expect(COMMANDS.some((command) => can(DETECTOR, command, HOLDER))).toBe(false)
  })
})

describe('telephone numbers', () => {
  it('are whole for the desks and for who holds the ticket', () => {
    const seeing = ROLES.filter((role) => seesPhones(of(role), HOLDER))
    expect(seeing).toEqual(['operator', 'dispatcher', 'service', 'officer', 'crew'])
    expect(seesPhones(of('officer', 'area-1'), HOLDER)).toBe(false)
  })

  it.each([
    ['13812341234', '138****1234'],
    ['+86 138-1234-1234', '138****1234'],
    ['0473-3231885', '047****1885'],
    ['110', '****'],
    ['', '****'],
  ])('%s is shown as %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked))
})

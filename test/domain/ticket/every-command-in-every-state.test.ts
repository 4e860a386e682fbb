import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import { type TicketKind, type TicketState } from '#contract/vocabulary.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { inState, tryCommand } from './at-state.ts'

/** Holds every right, and is nobody who has worked on the ticket. */
const ANYBODY: Person = {
  kind: 'person',
  id: 'anybody',
  name: 'anybody',
  roles: ['operator', 'dispatcher', 'service', 'officer'],
  departmentId: 'network-ops',
}

const STATES = [
  'under_review',
  'dispatched',
  'accepted',
  'assigned',
  'en_route',
  'arrived',
  'safety_set',
  'repaired',
  'restored',
  'submitted',
  'returned',
  'callback_due',
  'archived',
] as const satisfies readonly TicketState[]

/**
 * A cover ticket. A cell: the state that follows, `·` the same state, `×` refused by the state, `!` refused
 * by a guard. Columns as STATES.
 */
const TABLE: Record<CommandName, string> = {
  answer: 'archived × × × × × × × × × × × ×',
  approve: '· · · · · · · · · · · × ×',
  dispatch: 'dispatched · · · · · · · · × · × ×',
  accept: '× accepted × × × × × × × × × × ×',
  reject: '× under_review × × × × × × × × × × ×',
  assign: '× × assigned · · · · · · × assigned × ×',
  depart: '× × en_route en_route × × × × × × en_route × ×',
  arrive: '× × arrived arrived arrived × × × × × arrived × ×',
  safety: '× × × × × safety_set · · · × safety_set × ×',
  plan: '× × × × × × × × × × × × ×',
  repair: '× × × × × repaired repaired · · × repaired × ×',
  restore: '× × × × × restored restored restored · × restored × ×',
  contact: '× × · · · · · · · × · × ×',
  contact_facility: '× × × × × × × × × × × × ×',
  submit: '× × ! ! ! ! ! submitted submitted × submitted × ×',
  unfounded: '× × ! ! ! submitted submitted submitted submitted × submitted × ×',
  review: '× × × × × × × × × callback_due × × ×',
  callback: '× × × × × × × × × × × archived ×',
  request_extension: '× × ! ! ! ! ! ! ! × ! × ×',
  answer_extension: '! ! ! ! ! ! ! ! ! ! ! ! ×',
  confirm_extension: '! ! ! ! ! ! ! ! ! ! ! ! ×',
  state_hindrance: '× × ! ! ! ! ! ! ! × ! × ×',
  remind: '× · · · · · · · · · · × ×',
  raise_level: '· · · · · · · · · · · · ×',
  reopen: '× × × × × × × × × × × under_review under_review',
  note: '· · · · · · · · · · · · ·',
  correct: '! ! · · · · · · · · · · ·',
}

describe.each(COMMANDS)('%s', (command) => {
  const cells = TABLE[command].split(' ')
  it.each(STATES.map((state, index) => [state, cells[index] ?? '']))('%s → %s', (state, cell) => {
    const history = inState(state)
    // Inside the accept window, so that a reject is possible.
    const event = tryCommand(history, command, { actor: ANYBODY, when: '08:11:00' })
    if (isRefusal(event)) {
      expect([event.code === 'wrong-state' ? '×' : '!', event.clause]).toEqual([cell, expect.any(String)])
      return
    }
    const after = foldTicket('t1', [...history.events, event])
    expect(after.state === state ? '·' : after.state).toBe(cell === state ? '·' : cell)
  })
})

describe('kinds without an on-site clock', () => {
  it.each(['not_hot', 'consult', 'complaint', 'help_other'] as const)(
    '%s is submitted from acceptance on',
    (kind) => {
      const body = { result: 'x', finalKind: kind, outcome: 'done' }
      expect(tryCommand(inState('accepted', kind), 'submit', { actor: ANYBODY, body })).toMatchObject({
        type: 'submit',
      })
    },
  )
})

describe('a plan', () => {
  it.each<[TicketKind, boolean]>([
    ['primary_leak', true],
    ['well_vent', false],
  ])('of a %s: %s', (kind, possible) => {
    expect(isRefusal(tryCommand(inState('safety_set', kind), 'plan', { actor: ANYBODY }))).toBe(!possible)
  })
})

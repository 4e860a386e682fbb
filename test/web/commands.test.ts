import { describe, expect, it } from 'vitest'
import type { Role, TicketState } from '#contract/vocabulary.ts'
import { commandFields, missingFields } from '../../web/src/incident/command-fields.ts'
import { offeredCommands, type Viewer } from '../../web/src/incident/offered-commands.ts'
import { workSteps } from '../../web/src/crew/work-steps.ts'
import { aClock, aTicket } from './samples.ts'

const person = (role: Role, departmentId?: string): Viewer => ({
  id: role,
  roles: [role],
  ...(departmentId === undefined ? {} : { departmentId }),
})
const primary = (role: Role, state: TicketState, kind: 'cover' | 'primary_leak' | 'not_hot' = 'cover') =>
  offeredCommands(aTicket({ state, kind }), person(role, 'network-ops')).primary

describe('what is offered', () => {
  it.each([
    ['dispatcher', 'under_review', 'dispatch'],
    ['dispatcher', 'submitted', 'review'],
    ['dispatcher', 'callback_due', 'callback'],
    ['dispatcher', 'en_route', undefined],
    ['officer', 'dispatched', 'accept'],
    ['officer', 'accepted', 'assign'],
    ['crew', 'assigned', 'depart'],
    ['crew', 'en_route', 'arrive'],
    ['crew', 'arrived', 'safety'],
    ['crew', 'safety_set', 'repair'],
    ['crew', 'repaired', 'submit'],
    ['crew', 'submitted', undefined],
    ['engineer', 'dispatched', undefined],
    ['wall', 'dispatched', undefined],
  ] as const)('to %s on a ticket that is %s is first of all %s', (role, state, command) => {
    expect(primary(role, state)).toBe(command)
  })

  it('on a primary leak includes the plan before and the heat after the repair', () => {
    expect(primary('crew', 'safety_set', 'primary_leak')).toBe('plan')
    expect(primary('crew', 'repaired', 'primary_leak')).toBe('restore')
  })

  it('on a ticket without a way to the site goes from acceptance to the slip', () => {
    expect(primary('officer', 'accepted', 'not_hot')).toBe('submit')
  })

  it('to another department’s officer is nothing', () => {
    const offer = offeredCommands(aTicket(), person('officer', 'area-1'))
    expect(offer).toEqual({ primary: undefined, others: [], onBehalf: [] })
  })

  it('to a dispatcher has the department’s steps apart, as entries on its behalf', () => {
    const offer = offeredCommands(aTicket(), person('dispatcher'))
    expect(offer.onBehalf).toEqual(['accept', 'reject'])
    expect(offer.others).not.toContain('accept')
  })

  it('on a station that somebody else runs is to telephone, not to drive (A7)', () => {
    const ticket = aTicket({ kind: 'hes_secondary', state: 'accepted', clocks: [aClock({ key: 'C5' })] })
    expect(offeredCommands(ticket, person('officer', 'network-ops')).primary).toBe('contact_facility')
  })

  it('has no extension for a cover (A17) and answers an asked one first', () => {
    expect(
      offeredCommands(aTicket({ state: 'accepted' }), person('officer', 'network-ops')).others,
    ).not.toContain('request_extension')
    const asked = { id: 'x', reason: 'r', dueAt: '', requestedAt: '' }
    const ticket = aTicket({ kind: 'not_hot', state: 'accepted', extensions: [asked] })
    expect(offeredCommands(ticket, person('dispatcher')).primary).toBe('answer_extension')
  })
})

describe('a command’s form', () => {
  it('asks barrier and cordon of a primary leak alone (第八条3(4))', () => {
    const names = (kind: 'cover' | 'primary_leak') =>
      commandFields('safety', aTicket({ kind })).map((field) => field.name)
    expect(names('primary_leak')).toEqual(['barrier', 'cordon', 'reportedToServiceAt', 'measures'])
    expect(names('cover')).toEqual(['measures'])
  })

  it('names what is still missing; an untouched tick is missing, a “no” is an answer', () => {
    const leak = commandFields('safety', aTicket({ kind: 'primary_leak' }))
    const values = {
      barrier: true,
      cordon: false,
      reportedToServiceAt: '22:50',
      measures: ['警示标识'],
    }
    expect(missingFields(leak, values).map((field) => field.name)).toEqual(['cordon'])
    const arrive = commandFields('arrive', aTicket())
    const arrived = { scene: '路面冒汽', heatAffected: false, expectedMinutes: 60 }
    expect(missingFields(arrive, arrived)).toEqual([])
  })

  it('does not take for a time what cannot be read as one', () => {
    const fields = commandFields('request_extension', aTicket())
    expect(missingFields(fields, { reason: '等配件', dueAt: '下周' }).map((field) => field.name)).toEqual([
      'dueAt',
    ])
  })

  it('takes a reason instead of measures where the policy allows none', () => {
    const fields = commandFields('safety', aTicket({ kind: 'indoor_leak' }))
    expect(missingFields(fields, { measures: [] }).map((field) => field.name)).toEqual(['measures'])
    expect(missingFields(fields, { measures: [], noneReason: '室内阀门已关' })).toEqual([])
  })
})

describe('the steps of a crew’s work', () => {
  const event = (type: 'depart' | 'arrive' | 'reject', minute: string) => ({
    ...{ id: type, type, occurredAt: `2026-01-15T22:${minute}:00+08:00`, enteredAt: '', data: {} },
    actor: { kind: 'person', id: 'c', name: '抢修一班' } as const,
  })

  it('say what is done, what is now and what lies ahead', () => {
    const steps = workSteps(
      aTicket({ kind: 'primary_leak', events: [event('depart', '50'), event('arrive', '59')] }),
    )
    expect(steps.map((step) => step.command)).toEqual([
      ...['depart', 'arrive', 'safety', 'plan', 'repair', 'restore', 'submit'],
    ])
    expect(steps.find((step) => step.current)?.command).toBe('safety')
  })

  it('begin anew when the ticket has gone to another department', () => {
    const steps = workSteps(aTicket({ events: [event('depart', '50'), event('reject', '55')] }))
    expect(steps.find((step) => step.current)?.command).toBe('depart')
  })
})

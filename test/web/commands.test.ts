import { describe, expect, it } from 'vitest'
import { COMMANDS, TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Fields } from '#contract/commands/field.ts'
import { ROLES, TICKET_KINDS, TICKET_STATES, type Role, type TicketState } from '#contract/vocabulary.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { callBacks } from '../../web/src/model/call-backs.ts'
import { isAnswered } from '../../web/src/model/reminders.ts'
import { activeFields, missingFields, type Values } from '../../web/src/parts/commands/command-field.ts'
import { commandFields } from '../../web/src/parts/commands/command-fields.ts'
import { offeredCommands, type Viewer } from '../../web/src/parts/commands/offered-commands.ts'
import { workSteps } from '../../web/src/features/crew/work-steps.ts'
import { aCall, aClock, anEvent, aTicket } from './samples.ts'

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
    const ticket = aTicket({
      kind: 'hes_secondary',
      state: 'accepted',
      clocks: [aClock({ key: 'contact_facility' })],
    })
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
    const values = { barrier: true, cordon: false, reportedToServiceAt: '22:50', measures: ['警示标识'] }
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
    id: type,
    type,
    occurredAt: `2026-01-15T22:${minute}:00+08:00`,
    enteredAt: '',
    data: {},
    actor: { kind: 'person', id: 'c', name: '抢修一班' } as const,
  })

  it('say what is done, what is now and what lies ahead', () => {
    const steps = workSteps(
      aTicket({ kind: 'primary_leak', events: [event('depart', '50'), event('arrive', '59')] }),
    )
    expect(steps.map((step) => step.command)).toEqual([
      'depart',
      'arrive',
      'safety',
      'plan',
      'repair',
      'restore',
      'submit',
    ])
    expect(steps.find((step) => step.current)?.command).toBe('safety')
  })

  it('begin anew when the ticket has gone to another department', () => {
    const steps = workSteps(aTicket({ events: [event('depart', '50'), event('reject', '55')] }))
    expect(steps.find((step) => step.current)?.command).toBe('depart')
  })
})

describe('every command of the ticket', () => {
  /** As in Guangzhou: 36 hours where the conditions prevent 6. */
  const secondLimit = { limitMinutes: 36 * 60, when: { zh: '不具备修复条件', en: 'no conditions to repair' } }
  const rules = {
    ...WUDA,
    clocks: { ...WUDA.clocks, repair_cover: { ...WUDA.clocks.repair_cover, secondLimit } },
  }
  const asked = { id: 'x', reason: 'r', dueAt: '', requestedAt: '' }
  const EXTENSIONS = [[], [asked], [{ ...asked, answeredAt: '', approved: true }]]

  it('has its place on the screen of a role that may give it', () => {
    const offered = new Set<CommandName>()
    for (const role of ROLES) {
      for (const state of TICKET_STATES) {
        for (const kind of TICKET_KINDS) {
          for (const extensions of EXTENSIONS) {
            const ticket = aTicket({ state, kind, extensions, level: 'third', calls: [aCall()] })
            const offer = offeredCommands(ticket, person(role, 'network-ops'), rules)
            for (const one of [offer.primary, ...offer.others, ...offer.onBehalf]) if (one) offered.add(one)
          }
        }
      }
    }
    // A correction is made where the event stands.
    expect(COMMANDS.filter((one) => !offered.has(one))).toEqual(['correct'])
  })

  it.each(COMMANDS.filter((one) => one !== 'correct'))('asks for what is mandatory: %s', (command) => {
    const fields: Fields = TICKET_COMMANDS[command].fields
    const required = Object.keys(fields).filter((name) => fields[name]?.optional === false)
    const asked = commandFields(command, aTicket({ kind: 'primary_leak' })).map(({ name }) => name)
    expect(asked).toEqual(expect.arrayContaining(required))
  })

  it('is offered a second limit once, and only where the policy has one', () => {
    const ticket = aTicket({ state: 'accepted' })
    const officer = person('officer', 'network-ops')
    expect(offeredCommands(ticket, officer, rules).others).toContain('state_hindrance')
    expect(offeredCommands(ticket, officer, WUDA).others).not.toContain('state_hindrance')
    const stated = aTicket({ state: 'accepted', events: [anEvent('state_hindrance')] })
    expect(offeredCommands(stated, officer, rules).others).not.toContain('state_hindrance')
  })

  it('asks dispatch, not the unit, for the extension of a venting well (A17)', () => {
    const ticket = aTicket({ kind: 'well_vent', state: 'accepted' })
    expect(offeredCommands(ticket, person('officer', 'network-ops')).others).not.toContain(
      'request_extension',
    )
    expect(offeredCommands(ticket, person('dispatcher')).onBehalf).toContain('request_extension')
  })
})

describe('fields that depend on each other', () => {
  const review = commandFields('review', aTicket({ state: 'submitted', kind: 'cover' }))
  const names = (values: object) => activeFields(review, values as Values).map(({ name }) => name)

  it('a return has its reason, and words where the reason is another', () => {
    expect(names({ pass: true })).toEqual(['pass', 'text', 'kind'])
    expect(names({ pass: false })).toEqual(['pass', 'reason', 'text'])
    const other = { pass: false, reason: 'other' }
    expect(missingFields(review, other).map(({ name }) => name)).toEqual(['text'])
  })

  it('another category says from when its clocks run', () => {
    expect(names({ pass: true, kind: 'cover' })).not.toContain('clocksFrom')
    const changed = { pass: false, reason: 'wrong_category', kind: 'well_vent' }
    expect(names(changed)).toContain('clocksFrom')
    expect(names(changed)).not.toContain('reportedAt')
    expect(names({ ...changed, clocksFrom: 'reported' })).toContain('reportedAt')
  })

  it('a sensor that still contradicts must be seen before it passes', () => {
    const slip = anEvent('submit', { sensorAbnormal: true })
    const fields = commandFields('review', aTicket({ state: 'submitted', events: [slip] }))
    expect(missingFields(fields, { pass: true }).map(({ name }) => name)).toEqual(['seenAbnormal'])
    expect(missingFields(fields, { pass: false, reason: 'not_detailed' })).toEqual([])
  })

  it('a call in vain asks for no opinion, a phone order for who answered', () => {
    const callback = commandFields('callback', aTicket())
    expect(missingFields(callback, { callId: 'c', reached: false })).toEqual([])
    expect(missingFields(callback, { callId: 'c', reached: true }).map(({ name }) => name)).toEqual([
      'satisfied',
      'qualityRating',
    ])
    const dispatch = commandFields('dispatch', aTicket())
    expect(missingFields(dispatch, { channel: 'phone' }).map(({ name }) => name)).toEqual([
      'callee',
      'answered',
    ])
  })
})

describe('calls and reminders', () => {
  it('whoever is still to be called back comes first, with the attempts so far', () => {
    const calls = [aCall({ id: 'a' }), aCall({ id: 'b' })]
    const events = [
      anEvent('callback', { callId: 'b', reached: false }),
      anEvent('callback', { callId: 'a', reached: true, satisfied: false }),
    ]
    expect(callBacks({ calls, events })).toMatchObject([
      { call: { id: 'b' }, attempts: 1, done: false },
      { call: { id: 'a' }, done: true, satisfied: false },
    ])
    expect(callBacks({ calls, events: [...events, anEvent('reopen')] })).toMatchObject([
      { attempts: 0, done: false },
      { attempts: 0, done: false },
    ])
  })

  it('a reminder is answered by what the unit does, not by what the desk says', () => {
    const remind = anEvent('remind', { note: '?' }, 'r')
    expect(isAnswered({ events: [remind, anEvent('warned'), anEvent('note')] }, remind)).toBe(false)
    expect(isAnswered({ events: [remind, anEvent('depart')] }, remind)).toBe(true)
    expect(isAnswered({ events: [anEvent('depart'), remind] }, remind)).toBe(false)
  })
})

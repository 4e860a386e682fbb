import { describe, expect, it } from 'vitest'
import { PATTERNS, shiftEnd, shiftOf } from '../../web/src/model/alarm-tones.ts'
import { newAlarms } from '../../web/src/features/alarm/new-alarms.ts'
import { heardNow, openFaults } from '../../web/src/model/heard.ts'
import { rowOf } from '../../web/src/model/due-list.ts'
import { awaitsAct } from '../../web/src/model/symbol-names.ts'
import { aTicket, anIncident } from './samples.ts'

const at = (text: string): number => Date.parse(`2026-01-15T${text}+08:00`)
const row = (level: 'special' | 'first' | 'third') =>
  rowOf(aTicket({ level, incidentId: 'i1' }), new Map([['i1', anIncident()]]))
const fault = {
  id: 'a1',
  at: '2026-01-15T22:00:00+08:00',
  text: { zh: '存储异常', en: 'store' },
  sound: 'system',
} as const

describe('an alarm', () => {
  it('sounds for the gravest thing that nobody has acknowledged', () => {
    expect(heardNow([row('first'), row('special')], [fault])).toBe('special')
    expect(heardNow([row('first')], [fault])).toBe('first')
    expect(heardNow([], [fault])).toBe('system')
  })

  it('is silent for the lower levels and when all is acknowledged', () => {
    expect(heardNow([row('third')], [])).toBeUndefined()
    expect(heardNow([], openFaults([fault], new Set(['a1'])))).toBeUndefined()
  })

  it('of a ticket is no fault of the system', () => {
    expect(openFaults([{ ...fault, sound: 'special' }], new Set())).toEqual([])
  })

  it('sounds different for each kind and repeats after it has ended', () => {
    const patterns = Object.values(PATTERNS)
    expect(new Set(patterns.map(({ tones }) => JSON.stringify(tones))).size).toBe(3)
    for (const { tones, everyMs } of patterns) {
      expect(Math.max(...tones.map(({ atMs, ms }) => atMs + ms))).toBeLessThan(everyMs)
    }
  })
})

describe('what blinks', () => {
  it.each([
    ['special', true, true],
    ['first', true, true],
    ['third', true, false],
    ['special', false, false],
  ] as const)('a new alarm of level %s, to be answered here: %s, blinks: %s', (level, mayAct, blinks) => {
    expect(awaitsAct(row(level), mayAct)).toBe(blinks)
  })

  it('is nothing that somebody has acknowledged', () => {
    expect(awaitsAct({ ...row('special'), unacknowledged: false }, true)).toBe(false)
  })
})

describe('a shift', () => {
  it('lasts from 08:00 to 20:00 and from 20:00 to 08:00', () => {
    expect(shiftOf(at('08:00:00'))).toBe(shiftOf(at('19:59:59')))
    expect(shiftOf(at('20:00:00'))).not.toBe(shiftOf(at('19:59:59')))
    expect(shiftOf(at('07:59:59'))).not.toBe(shiftOf(at('08:00:00')))
  })

  it('ends at the next handover', () => {
    expect(shiftEnd(at('09:30:00'))).toBe(at('20:00:00'))
    expect(shiftEnd(at('20:00:00'))).toBe(Date.parse('2026-01-16T08:00:00+08:00'))
  })
})

describe('what is announced to who listens', () => {
  const list = (...ids: readonly string[]) => ids.map((id) => rowOf(aTicket({ id }), new Map()))
  it('is what was not there before: once, and again when it comes back', () => {
    const newOf = newAlarms()
    const told = (...ids: readonly string[]) => newOf(list(...ids), false).map(({ ticket }) => ticket.id)
    expect(told('a')).toEqual([])
    expect(told('b', 'a')).toEqual(['b'])
    expect(told('b', 'a')).toEqual([])
    expect(told('b')).toEqual([])
    expect(told('a', 'b')).toEqual(['a'])
  })
  it('is not what stands there already when the list shows all departments instead of one', () => {
    const newOf = newAlarms()
    const told = (narrowed: boolean, ...ids: readonly string[]) =>
      newOf(list(...ids), narrowed).map(({ ticket }) => ticket.id)
    expect(told(true, 'own')).toEqual([])
    expect(told(false, 'own', 'old', 'older')).toEqual([])
    expect(told(false, 'new', 'own', 'old', 'older')).toEqual(['new'])
    expect(told(true, 'own')).toEqual([])
    expect(told(true, 'decided', 'own')).toEqual(['decided'])
  })
})

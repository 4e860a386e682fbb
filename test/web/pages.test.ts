import { describe, expect, it } from 'vitest'
import type { DeviceView } from '#contract/live.ts'
import { rowOf } from '../../web/src/model/due-list.ts'
import { columnOf, ticketColumns } from '../../web/src/features/department/ticket-columns.ts'
import { deviceRows, standingOf } from '../../web/src/features/devices/device-rows.ts'
import { doubtOf } from '../../web/src/model/doubtful-value.ts'
import { leadCheck } from '../../web/src/features/notice/lead-check.ts'
import { noticeBody } from '../../web/src/features/notice/notice-body.ts'
import { clauseOrder } from '../../web/src/model/policy-pack.ts'
import type { Person } from '../../server/domain/access/actor.ts'
import { inState, offersIn } from '../domain/ticket/at-state.ts'
import { at, DISPATCHER, SERVICE, type History } from '../domain/ticket/history.ts'
import { reviewQueues, type QueueItem } from '../../web/src/features/review/review-queues.ts'
import { aClock, aTicket } from './samples.ts'

describe('the department board', () => {
  it('puts a ticket where the next move is', () => {
    expect(columnOf('dispatched')).toBe('waiting')
    expect(columnOf('returned')).toBe('hand')
    expect(columnOf('safety_set')).toBe('work')
    expect(columnOf('callback_due')).toBe('closing')
  })

  it('sorts each column by the next due instant', () => {
    const late = aTicket({ id: 'late', clocks: [aClock({ dueAt: '2026-01-16T10:00:00+08:00' })] })
    const columns = ticketColumns([late, aTicket()].map((ticket) => rowOf(ticket, new Map())))
    expect(columns.waiting.map(({ ticket }) => ticket.id)).toEqual(['t1', 'late'])
  })
})

describe('the queues of review', () => {
  const asked = { extensionId: 'x', reason: '等配件', dueAt: at('23:00:00'), remainingMs: 1 }
  const requested = () => inState('accepted', 'not_hot').then('request_extension', '08:03:00', asked)
  const answered = (approve: boolean) =>
    requested().then('answer_extension', '08:04:00', { extensionId: 'x', approve })
  const queuesOf = (who: Person, ...histories: History[]) =>
    reviewQueues(histories.map((history, index) => aTicket({ id: String(index), ...offersIn(history, who) })))
  const commands = (items: readonly QueueItem[]) => items.map(({ offer }) => offer.command)

  it('gives dispatch the reviews and the answers', () => {
    const queues = queuesOf(DISPATCHER, inState('submitted'), requested())
    expect(queues.submitted).toHaveLength(1)
    expect(commands(queues.extensions)).toEqual(['answer_extension'])
  })

  it('gives service the confirmations and the call-backs, never a review', () => {
    const queues = queuesOf(
      SERVICE,
      inState('submitted'),
      inState('callback_due'),
      requested(),
      answered(true),
    )
    expect(queues.submitted).toEqual([])
    expect(queues.callback).toHaveLength(1)
    expect(commands(queues.extensions)).toEqual(['confirm_extension'])
  })

  it('forgets what was refused or is in force', () => {
    const both: Person = { ...DISPATCHER, id: 'both', roles: ['dispatcher', 'service'] }
    const inForce = answered(true).then('confirm_extension', '08:05:00', { extensionId: 'x' })
    expect(queuesOf(both, answered(false), inForce).extensions).toEqual([])
  })
})

describe('a notice', () => {
  const at = Date.parse('2026-03-08T08:00:00+08:00')
  const OWED_MS = 48 * 3_600_000
  it('is in time at exactly 48 hours and late a second after', () => {
    const effect = Date.parse('2026-03-10T08:00:00+08:00')
    expect(leadCheck('planned_works', { receivedAt: at, effectiveAt: effect }, OWED_MS)?.verdict).toBe(
      'in-time',
    )
    expect(leadCheck('planned_works', { receivedAt: at + 1000, effectiveAt: effect }, OWED_MS)).toEqual({
      leadMs: 172_799_000,
      verdict: 'late',
    })
  })
  it('of a fault needs no lead, and one without an instant says nothing yet', () => {
    expect(leadCheck('fault_outage', { receivedAt: at, effectiveAt: at }, OWED_MS)?.verdict).toBe('no-check')
    expect(leadCheck('tariff', { receivedAt: at, effectiveAt: undefined }, OWED_MS)).toBeUndefined()
  })
})

describe('a value', () => {
  it.each([
    ['primary_supply_mpa', 99, 'range'],
    ['primary_supply_mpa', 1.1, undefined],
    ['chamber_c', 88, 'undeclared'],
    ['vibration_mm_s', 3, 'unknown'],
    ['cover_open', true, 'undeclared'],
  ] as const)('%s of %s at a station is doubted as %s', (signal, value, doubt) => {
    expect(doubtOf(signal, value, ['primary_supply_mpa'])).toBe(doubt)
  })
})

describe('a notice as it is written', () => {
  const now = Date.parse('2026-12-03T08:35:40+08:00')
  const written = {
    kind: 'fault_outage',
    atOnce: true,
    effective: '',
    until: '',
    received: '',
    text: '迎宾街停热抢修',
    documentId: '',
    areaIds: [],
    assetIds: ['S27'],
  } as const

  it('of a fault takes effect when it is sent, not when its form was opened', () => {
    expect(noticeBody(written, now)).toEqual({
      kind: 'fault_outage',
      effectiveAt: '2026-12-03T08:35:40+08:00',
      text: '迎宾街停热抢修',
      assetIds: ['S27'],
    })
  })

  it.each([
    ['08:35', '2026-12-03T08:35:00+08:00'],
    ['07:40', '2026-12-03T07:40:00+08:00'],
    ['07:30', '2026-12-04T07:30:00+08:00'],
    ['22:00', '2026-12-03T22:00:00+08:00'],
  ])('from %s takes effect at %s', (effective, meant) => {
    expect(noticeBody({ ...written, atOnce: false, effective }, now)?.effectiveAt).toBe(meant)
  })

  it('ends after it began', () => {
    const night = { ...written, atOnce: false, effective: '22:00', until: '06:00' }
    expect(noticeBody(night, now)?.until).toBe('2026-12-04T06:00:00+08:00')
  })

  it.each([
    ['no time', { atOnce: false }],
    ['no words', { text: ' ' }],
    ['an end that is no time', { until: '傍晚' }],
    ['a receipt that is no time', { received: '刚才' }],
    ['no document where one is due', { kind: 'tariff' }],
  ] as const)('is not sent with %s', (_, change) => {
    expect(noticeBody({ ...written, ...change }, now)).toBeUndefined()
  })
})

describe('clauses', () => {
  it('of more than nine articles stand in the order of their numbers', () => {
    const clauses = [
      '第二十一条',
      '第十条',
      '第九条2',
      '第十一条(3)',
      '第一百零三条',
      '第12条',
      '第二条',
      '天津井盖办法',
    ]
    expect(clauses.toSorted((a, b) => clauseOrder(a) - clauseOrder(b))).toEqual([
      '第二条',
      '第九条2',
      '第十条',
      '第十一条(3)',
      '第12条',
      '第二十一条',
      '第一百零三条',
      '天津井盖办法',
    ])
  })

  it('with a letter stand behind the article whose number they have', () => {
    const clauses = ['第八条3(5)', '第四条B', '第四条2', '第三条7', '第四条A', '第八条1', '第五条', '第三条3']
    expect([...clauses].sort((a, b) => clauseOrder(a) - clauseOrder(b))).toEqual([
      '第三条3',
      '第三条7',
      '第四条2',
      '第四条A',
      '第四条B',
      '第五条',
      '第八条1',
      '第八条3(5)',
    ])
  })
})

describe('a device', () => {
  const unseen: DeviceView = {
    id: 'd1',
    assetId: 'j-1',
    signals: ['chamber_c'],
    power: 'battery',
    intervalS: 900,
    online: true,
    values: {},
    faults: [],
  }
  const since = '2026-01-15T22:00:00+08:00'
  const device: DeviceView = { ...unseen, lastSeenAt: since }
  const stuck = {
    ...device,
    id: 'd2',
    faults: [{ fault: 'stuck', since, sentence: { zh: '不变', en: 'stuck' } } as const],
  }

  it('is at fault before it is silent, and silent before it was never seen', () => {
    expect(standingOf(device)).toBe('normal')
    expect(standingOf({ ...device, online: false })).toBe('silent')
    expect(standingOf({ ...device, missing: [{ signal: 'cover_open' }] })).toBe('mute')
    expect(standingOf(stuck)).toBe('fault')
    expect(standingOf({ ...device, values: { pressure_mpa: 99 } })).toBe('fault')
    expect(standingOf({ ...device, values: { pressure_mpa: 4 } })).toBe('normal')
    expect(standingOf({ ...unseen, online: false })).toBe('unseen')
  })

  it('that needs a person stands first', () => {
    const rows = deviceRows([{ id: 'j-1', health: 'fault', devices: [device, stuck] }])
    expect(rows.map((row) => row.device.id)).toEqual(['d2', 'd1'])
  })
})

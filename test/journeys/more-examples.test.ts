import { afterEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { ClockKey } from '#contract/vocabulary.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { place } from '../support/networks.ts'
import { aWorld, type World } from '../support/world.ts'

/** Further worked examples, told through the API on a standing clock. */

let world: World
afterEach(() => world.close())

const clocks = (ticket: TicketView, key: ClockKey) => ticket.clocks.filter((each) => each.key === key)
const clock = (ticket: TicketView, key: ClockKey) => {
  const [found] = clocks(ticket, key)
  if (found === undefined) throw new Error(`${ticket.number} has no ${key}`)
  return found
}
const short = (text: string | undefined) => text?.slice(0, 19)
const call = (more: Parameters<typeof aCall>[0] = {}) =>
  world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2', ...more }))
const does = (who: string, id: string, command: CommandName, fields: object = {}) =>
  world.as(who).does(id, command, fields)

const NO_SCENE = { source: 'phone', callerName: '李女士', callerPhone: '13812345678' } as const
const cold = (more: object = {}) =>
  world
    .as('operator')
    .post<Taken>('/calls', {
      kind: 'not_hot',
      contact: 'help',
      address: '新华街 3 号',
      position: place(100, 100),
      ...NO_SCENE,
      ...more,
    })
const replied = { result: '已调节阀门', finalKind: 'not_hot', outcome: 'done' }

/** From the gate to the reply: dispatched and accepted now. */
async function workOnCold(id: string): Promise<void> {
  await does('dispatcher', id, 'dispatch', { channel: 'system' })
  await does('officer-area-1', id, 'accept')
  await does('officer-area-1', id, 'assign', { crewIds: ['crew-area-1'] })
}

describe('the calendar', () => {
  it('Ex 15: the year ends while three days run; the number and the due date are the new year’s', async () => {
    world = await aWorld({ start: '2025-12-31T23:55:00' })
    const { ticket } = await cold()
    await workOnCold(ticket.id)
    const now = await world.as('wall').ticket(ticket.id)
    expect(now.number).toMatch(/^GW-20251231-/)
    expect(short(clock(now, 'contact_reporter').dueAt)).toBe('2025-12-31T23:59:59')
    expect(short(now.dueAt)).toBe('2026-01-03T23:55:00')
    await world.until('2026-01-01T00:00:00')
    const next = await cold({ address: '新华街 5 号', callerPhone: '13900000000' })
    expect(next.ticket.number).toMatch(/^GW-20260101-001$/)
    expect(clock(await world.as('wall').ticket(ticket.id), 'contact_reporter').state).toBe('breached')
  })

  it('Ex 16: a call-back over New Year counts 4 January, a Sunday made up, and not the holidays', async () => {
    world = await aWorld({ start: '2025-12-30T10:00:00' })
    const { ticket } = await cold()
    await workOnCold(ticket.id)
    await does('crew-area-1', ticket.id, 'submit', replied)
    const passed = await does('dispatcher', ticket.id, 'review', { pass: true })
    // 31 Dec | 1–3 Jan off | Sun 4, Mon 5 … Fri 9 | → day 7 is Fri 9
    expect(short(clock(passed, 'call_back').dueAt)).toBe('2026-01-09T23:59:59')
    expect(passed.flags).not.toContain('calendar_missing')
  })

  it('Ex 17: 29 February is a day like another, and a year without a calendar says so', async () => {
    world = await aWorld({ start: '2028-02-28T22:00:00' })
    const { ticket } = await cold()
    await workOnCold(ticket.id)
    const accepted = await world.as('wall').ticket(ticket.id)
    expect(short(accepted.dueAt)).toBe('2028-03-02T22:00:00')
    await does('crew-area-1', ticket.id, 'submit', replied)
    const passed = await does('dispatcher', ticket.id, 'review', { pass: true })
    // Tue 29 Feb, Wed 1, Thu 2, Fri 3, Mon 6, Tue 7, Wed 8 March
    expect(short(clock(passed, 'call_back').dueAt)).toBe('2028-03-08T23:59:59')
    expect(passed.flags).toContain('calendar_missing')
  })
})

describe('callers', () => {
  it('Ex 18: three callers of one cover, one of them twice: three call-backs are owed, the last archives', async () => {
    world = await aWorld({ start: '09:00:00' })
    const { ticket, incident } = await call({ callerPhone: '13800000001' })
    for (const callerPhone of ['13800000002', '138-0000-0001', '13800000003']) {
      await world.advance({ minutes: 1 })
      const more = await call({ callerPhone })
      expect(more).toMatchObject({ joined: true, ticket: { id: ticket.id } })
    }
    const { id } = ticket
    await does('officer-network-ops', id, 'accept')
    await does('officer-network-ops', id, 'assign', { crewIds: ['crew-network-ops'] })
    await does('crew-network-ops', id, 'arrive', { scene: '半开', heatAffected: false, expectedMinutes: 20 })
    await does('crew-network-ops', id, 'safety', { measures: ['围挡'] })
    await does('crew-network-ops', id, 'repair', { text: '复位' })
    await does('crew-network-ops', id, 'submit', { result: '复位', finalKind: 'cover', outcome: 'done' })
    let shown = await does('dispatcher', id, 'review', { pass: true })
    const said = { reached: true, satisfied: true, qualityRating: 5 }
    const owed = shown.calls.filter(({ callerPhone }, index, all) => {
      const digits = (text: string) => text.replaceAll('-', '')
      return all.findIndex((each) => digits(each.callerPhone) === digits(callerPhone)) === index
    })
    expect([shown.calls.length, owed.length]).toEqual([4, 3])
    for (const [index, each] of owed.entries()) {
      expect(shown.state).toBe('callback_due')
      shown = await does('service', id, 'callback', { callId: each.id, ...said })
      expect(clock(shown, 'call_back').stoppedAt === undefined).toBe(index < 2)
    }
    expect(shown.state).toBe('archived')
    const { state } = await world.as('wall').get<{ state: string }>(`/incidents/${String(incident?.id)}`)
    expect(state).toBe('closed')
  })

  it('Ex 19: the customer is not satisfied: reopened, a second clock of the same limit, the first result stays', async () => {
    world = await aWorld({ start: '09:00:00' })
    const { ticket } = await cold()
    const { id } = ticket
    await workOnCold(id)
    await world.advance({ hours: 5 })
    await does('crew-area-1', id, 'submit', replied)
    await does('dispatcher', id, 'review', { pass: true })
    const callId = ticket.calls[0]?.id
    const unhappy = await does('service', id, 'callback', {
      callId,
      reached: true,
      satisfied: false,
      qualityRating: 1,
      opinion: '仍不热',
    })
    expect(unhappy).toMatchObject({ state: 'archived', flags: ['dissatisfied'] })
    await world.advance({ hours: 1 })
    const again = await does('dispatcher', id, 'reopen', { reason: '仍不热' })
    expect(again.state).toBe('under_review')
    await workOnCold(id)
    const second = await world.as('wall').ticket(id)
    const [now, before] = clocks(second, 'close_not_hot')
    expect(now).toMatchObject({ state: 'running', limitMinutes: 4320 })
    expect(short(now?.startAt)).toBe('2026-01-15T15:00:00')
    expect(before).toMatchObject({ state: 'met' })
    expect(short(before?.stoppedAt)).toBe('2026-01-15T14:00:00')
    await does('crew-area-1', id, 'submit', replied)
    const passed = await does('dispatcher', id, 'review', { pass: true })
    expect(passed.state).toBe('callback_due')
    expect(clocks(passed, 'call_back').map(({ state }) => state)).toEqual(['running', 'met'])
  })
})

describe('the unit', () => {
  it('Ex 20: an extension asked a second after the limit is refused; asked at it, it counts', async () => {
    world = await aWorld({ start: '09:00:00' })
    const { ticket } = await cold()
    const { id } = ticket
    await workOnCold(id)
    await does('crew-area-1', id, 'contact', { reached: true, note: '已联系' })
    const ask = () =>
      world
        .as('officer-area-1')
        .command(id, 'request_extension', { reason: '等待配件', dueAt: '2026-01-20T09:00:00+08:00' })
    await world.until('2026-01-18T09:00:00')
    expect((await ask()).status).toBe(200)
    await world.advance({ seconds: 1 })
    const late = await world.as('wall').ticket(id)
    expect(clock(late, 'close_not_hot')).toMatchObject({ state: 'breached' })
    const breach = late.events.find(
      ({ type, data }) => type === 'breached' && data['clock'] === 'close_not_hot',
    )
    expect(breach?.data).toMatchObject({ cause: 'extension_pending' })
    const [extension] = late.extensions
    const refused = await does('dispatcher', id, 'answer_extension', {
      extensionId: extension?.id,
      approve: false,
      reason: '已无理由',
    })
    expect(clock(refused, 'answer_extension')).toMatchObject({ state: 'met' })
    const again = await ask()
    expect(again).toMatchObject({ status: 422, body: { code: 'guard-refused', clause: '第八条2' } })
  })

  it('Ex 21: returned twice: the time with the reviewer is not the unit’s, both times with it are', async () => {
    world = await aWorld({ start: '09:00:00' })
    const { ticket } = await call({ kind: 'indoor_leak', address: '新华街 3 号', position: place(100, 100) })
    const { id } = ticket
    await does('officer-area-1', id, 'accept')
    await does('officer-area-1', id, 'assign', { crewIds: ['crew-area-1'] })
    await does('crew-area-1', id, 'arrive', { scene: '滴漏', heatAffected: true, expectedMinutes: 60 })
    await does('crew-area-1', id, 'safety', { measures: ['关阀'] })
    const reply = { result: '更换阀门', finalKind: 'indoor_leak', outcome: 'done' }
    await world.until('2026-01-15T17:00:00')
    await does('crew-area-1', id, 'submit', reply)
    await world.until('2026-01-16T09:00:00')
    await does('dispatcher', id, 'review', { pass: false, reason: 'not_detailed' })
    await world.until('2026-01-16T11:00:00')
    await does('crew-area-1', id, 'submit', reply)
    await world.until('2026-01-17T11:00:00')
    const returned = await does('dispatcher', id, 'review', { pass: false, reason: 'not_in_norm' })
    // 16 h and 24 h with the reviewer: 24 h from 15 Jan 09:00 end on 18 Jan 01:00
    expect(returned).toMatchObject({ returnCount: 2, state: 'returned' })
    expect(clock(returned, 'close_indoor_leak')).toMatchObject({ excludedMinutes: 40 * 60, state: 'running' })
    expect(short(returned.dueAt)).toBe('2026-01-18T01:00:00')
    await world.until('2026-01-18T01:00:00')
    await does('crew-area-1', id, 'submit', reply)
    const passed = await does('dispatcher', id, 'review', { pass: true })
    expect(clock(passed, 'close_indoor_leak')).toMatchObject({ state: 'met' })
    expect(clock(passed, 'close_indoor_leak').breachedAt).toBeUndefined()
  })

  it('Ex 22: ordered by telephone at 02:05, entered at 02:50: the clocks run from 02:05, and it says so', async () => {
    world = await aWorld({ start: '02:00:00' })
    const { ticket } = await cold()
    await world.until('02:50:00')
    const entered = await does('dispatcher', ticket.id, 'dispatch', {
      channel: 'phone',
      callee: '值班员',
      answered: true,
      occurredAt: '2026-01-15T02:05:00+08:00',
    })
    expect(clock(entered, 'dispatch')).toMatchObject({ state: 'met' })
    expect(short(clock(entered, 'accept').dueAt)).toBe('2026-01-15T02:15:00')
    expect(entered.flags).toContain('late_entry')
    expect(entered.events.map(({ type }) => type)).toContain('deemed_accepted')
    const before = await world.as('wall').ticket(ticket.id, '2026-01-15T02:30:00+08:00')
    expect(before.state).toBe('under_review')
    expect(clock(before, 'dispatch').state).toBe('breached')
  })

  it('Ex 23: rejected after 4 minutes, sent elsewhere after 9: the repair clock never restarts', async () => {
    world = await aWorld({ start: '12:00:00' })
    const { ticket } = await call()
    const { id } = ticket
    await world.advance({ minutes: 4 })
    const rejected = await does('officer-network-ops', id, 'reject', { reason: '属工程部质保范围' })
    expect(rejected).toMatchObject({ state: 'under_review', flags: ['mis_dispatched'] })
    await world.advance({ minutes: 5 })
    await does('dispatcher', id, 'dispatch', {
      departmentId: 'network-eng',
      reason: '质保期内',
      channel: 'system',
    })
    const sent = await world.as('wall').ticket(id)
    expect(sent.department).toMatchObject({ id: 'network-eng', rule: 'override' })
    expect(short(sent.dueAt)).toBe('2026-01-15T16:00:00')
    expect(clocks(sent, 'arrive').map(({ dueAt, state }) => [short(dueAt), state])).toEqual([
      ['2026-01-15T12:39:00', 'running'],
      ['2026-01-15T12:30:00', 'cancelled'],
    ])
    expect(clock(sent, 'accept')).toMatchObject({ state: 'running' })
    const mine = await world.as('officer-network-ops').command(id, 'accept')
    expect(mine.status).toBe(403)
  })

  it('Ex 24: an appointment is promised, reminded of, missed, and told in the history', async () => {
    world = await aWorld({ start: '09:00:00' })
    const { ticket } = await cold()
    const { id } = ticket
    await workOnCold(id)
    await does('crew-area-1', id, 'contact', {
      reached: true,
      note: '约定下午上门',
      appointmentAt: '2026-01-15T14:00:00+08:00',
    })
    const promised = await world.as('wall').ticket(id)
    expect(promised.appointment).toMatchObject({ at: '2026-01-15T14:00:00+08:00', state: 'promised' })
    await world.until('14:00:01')
    const missed = await world.as('wall').ticket(id)
    expect(missed.appointment?.state).toBe('missed')
    const watched = missed.events.filter(({ type }) => type === 'watched')
    expect(watched.map(({ data, occurredAt }) => [data['what'], short(occurredAt)])).toEqual([
      ['appointment_near', '2026-01-15T13:00:00'],
      ['appointment_missed', '2026-01-15T14:00:00'],
    ])
    expect(clock(missed, 'close_not_hot').state).toBe('running')
  })
})

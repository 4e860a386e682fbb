import { afterEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { ClockKey } from '#contract/vocabulary.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aWorld, type World } from '../support/world.ts'

/** Further worked examples: merged, taken apart, reopened. */

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

describe('two that are one', () => {
  it('Ex 25: merged in error and taken apart: each has its own start, calls, clocks and history again', async () => {
    world = await aWorld({ start: '10:00:00' })
    const first = await call({ join: 'new', callerPhone: '13800000001' })
    await world.advance({ minutes: 12 })
    const second = await call({ join: 'new', callerPhone: '13800000002' })
    expect(second.ticket.id).not.toBe(first.ticket.id)
    const into = String(first.incident?.id)
    await world
      .as('dispatcher')
      .post(`/incidents/${String(second.incident?.id)}/merge`, { into, reason: '同一井盖' })
    const [kept, gone] = [
      await world.as('wall').ticket(first.ticket.id),
      await world.as('wall').ticket(second.ticket.id),
    ]
    expect([kept.state, gone.state]).toEqual(['dispatched', 'merged'])
    expect(kept.calls).toHaveLength(2)
    expect(clock(gone, 'repair_cover').state).toBe('cancelled')
    await world.advance({ minutes: 30 })
    await world
      .as('dispatcher')
      .post(`/incidents/${into}/split`, { memberIds: [second.call.id], reason: '两处井盖' })
    const [one, other] = [
      await world.as('wall').ticket(first.ticket.id),
      await world.as('wall').ticket(second.ticket.id),
    ]
    expect([one.calls.length, other.calls.length]).toEqual([1, 1])
    expect([short(one.dueAt), short(other.dueAt)]).toEqual(['2026-01-15T14:00:00', '2026-01-15T14:12:00'])
    expect(other.state).toBe('dispatched')
    expect(other.incidentId).not.toBe(one.incidentId)
    expect(clock(other, 'repair_cover')).toMatchObject({ state: 'running' })
    const told = other.events.map(({ type }) => type)
    expect(told.indexOf('unmerged')).toBeGreaterThan(told.indexOf('merged'))
    const { total } = await world.as('wall').get<{ total: { tickets: number } }>('/kpi')
    expect(total.tickets).toBe(2)
  })

  it('Ex 26: reopened after a merge has been archived, the survivor owes both callers a second call', async () => {
    world = await aWorld({ start: '10:00:00' })
    const first = await call({ join: 'new', callerPhone: '13800000001' })
    const second = await call({ join: 'new', callerPhone: '13800000002' })
    await world
      .as('dispatcher')
      .post(`/incidents/${String(second.incident?.id)}/merge`, {
        into: String(first.incident?.id),
        reason: '同一井盖',
      })
    const { id } = first.ticket
    const close = async () => {
      await does('officer-network-ops', id, 'accept')
      await does('officer-network-ops', id, 'assign', { crewIds: ['crew-network-ops'] })
      await does('crew-network-ops', id, 'arrive', { scene: 'x', heatAffected: false, expectedMinutes: 5 })
      await does('crew-network-ops', id, 'safety', { measures: ['围挡'] })
      await does('crew-network-ops', id, 'repair', { text: '复位' })
      await does('crew-network-ops', id, 'submit', { result: '复位', finalKind: 'cover', outcome: 'done' })
      await does('dispatcher', id, 'review', { pass: true })
      let last = await world.as('wall').ticket(id)
      for (const each of last.calls) {
        const said = { callId: each.id, reached: true, satisfied: true, qualityRating: 4 }
        last = await does('service', id, 'callback', said)
      }
      return last
    }
    expect((await close()).state).toBe('archived')
    await world.advance({ hours: 2 })
    await does('dispatcher', id, 'reopen', { reason: '井盖再次松动' })
    await does('dispatcher', id, 'dispatch', { channel: 'system' })
    const again = await world.as('wall').ticket(id)
    expect(short(again.dueAt)).toBe('2026-01-15T16:00:00')
    const done = await close()
    expect(done.state).toBe('archived')
    expect(clocks(done, 'call_back').map(({ state }) => state)).toEqual(['met', 'met'])
    expect(clocks(done, 'repair_cover').map(({ state }) => state)).toEqual(['met', 'met'])
  })
})

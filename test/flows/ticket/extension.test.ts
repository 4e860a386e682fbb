import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { isRefusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { runTicketCommand } from '../../../server/flows/ticket/run-ticket-command.ts'
import { showTicketAt } from '../../../server/flows/decisions/show-tickets.ts'
import { takeCall } from '../../../server/flows/hotline/take-call.ts'
import { aDeskWorld, at, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'
import { place } from '../../support/networks.ts'

let world: DeskWorld
let id: string
const OFFICER = PEOPLE.otherOfficer

beforeEach(async () => {
  world = await aDeskWorld('23:35:00')
  const [lon, lat] = place(0, 100)
  const taken = await takeCall(world.services, {
    request: { kind: 'not_hot', address: '3 号楼', position: [lon, lat], callerPhone: '13812341234' },
    actor: PEOPLE.operator,
  })
  if (isRefusal(taken)) throw new Error(taken.detail)
  id = taken.ticket.id
  await command(PEOPLE.dispatcher, 'dispatch', { channel: 'system' })
  await world.advance(at('23:40:00'))
  await command(OFFICER, 'accept', {})
})
afterEach(() => world.close())

async function command(actor: Person, name: CommandName, body: Record<string, unknown>): Promise<TicketView> {
  const { version } = await ticket()
  const done = await runTicketCommand(world.services, {
    id,
    command: { command: name, version, body },
    actor,
  })
  if (isRefusal(done)) throw new Error(`${name}: ${done.detail}`)
  return done
}
async function ticket(): Promise<TicketView> {
  const view = await showTicketAt(world.services, id, world.services.clock.now())
  if (view === undefined) throw new Error('no ticket')
  return view
}

describe('Ex 3b through the store', () => {
  it('keeps the breach of hour 72, says why, and counts to hour 120 from the approval at hour 80', async () => {
    await world.advance(at('2026-01-18T21:40:00'))
    const asked = await command(OFFICER, 'request_extension', {
      reason: '用户不在家',
      dueAt: '2026-01-20T23:40:00+08:00',
    })
    expect(asked.dueAt).toBe('2026-01-18T23:40:00+08:00')
    const extensionId = asked.extensions[0]?.id
    await world.advance(at('2026-01-19T07:40:00'))
    await command(PEOPLE.dispatcher, 'answer_extension', { extensionId, approve: true })
    const extended = await command(PEOPLE.service, 'confirm_extension', { extensionId })
    expect(extended.dueAt).toBe('2026-01-20T23:40:00+08:00')
    expect(extended.extensions).toMatchObject([
      { approved: true, answeredAt: '2026-01-19T07:40:00+08:00', effectiveAt: '2026-01-19T07:40:00+08:00' },
    ])
    const clock = (of: TicketView, key: string) => of.clocks.find((each) => each.key === key)
    expect(clock(extended, 'close_not_hot')).toMatchObject({
      dueAt: '2026-01-18T23:40:00+08:00',
      extendedDueAt: '2026-01-20T23:40:00+08:00',
      breachedAt: '2026-01-18T23:40:00+08:00',
    })
    expect(clock(extended, 'answer_extension')).toMatchObject({
      dueAt: '2026-01-19T21:40:00+08:00',
      state: 'met',
    })
    const breach = extended.events.find(
      ({ type, data }) => type === 'breached' && data['clock'] === 'close_not_hot',
    )
    expect(breach).toMatchObject({
      occurredAt: '2026-01-18T23:40:00+08:00',
      data: { cause: 'extension_pending', dueAt: '2026-01-18T23:40:00+08:00' },
    })
    await world.advance(at('2026-01-20T03:40:00'))
    await command(OFFICER, 'submit', { result: 'x', finalKind: 'not_hot', outcome: 'done' })
    await world.advance(at('2026-01-22T00:00:00'))
    expect(clock(await ticket(), 'close_not_hot')).toMatchObject({ stoppedAt: '2026-01-20T03:40:00+08:00' })
    const breaches = (await ticket()).events.filter(
      ({ type, data }) => type === 'breached' && data['clock'] === 'close_not_hot',
    )
    expect(breaches).toHaveLength(1)
  })

  it('silence extends nothing, and the breach of the answer is the approver’s', async () => {
    await world.advance(at('2026-01-18T21:40:00'))
    await command(OFFICER, 'request_extension', { reason: 'x', dueAt: '2026-01-20T23:40:00+08:00' })
    await world.advance(at('2026-01-19T22:00:00'))
    const late = await ticket()
    expect(late.dueAt).toBe('2026-01-18T23:40:00+08:00')
    expect(late.clocks.find(({ key }) => key === 'answer_extension')).toMatchObject({
      state: 'breached',
      breachedAt: '2026-01-19T21:40:00+08:00',
    })
  })
})

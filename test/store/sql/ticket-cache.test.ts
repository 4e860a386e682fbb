import { afterEach, beforeEach, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketEvent } from '../../../server/domain/ticket/event.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { runTicketCommand } from '../../../server/flows/ticket/run-ticket-command.ts'
import { showOpen, showTickets } from '../../../server/flows/decisions/show-tickets.ts'
import { aDeskWorld, at, coverFinding, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:50:00')
  await raiseIncidents(world.services, [coverFinding('W1', '22:50:00'), coverFinding('W2', '22:50:00')])
})
afterEach(() => world.close())

const board = async () => (await showOpen(world.services)).tickets
const first = async () => {
  const [ticket] = await board()
  if (ticket === undefined) throw new Error('no ticket')
  return ticket
}
const say = async (command: CommandName, body: object): Promise<void> => {
  const { id, version } = await first()
  const asked = { id, command: { command, version, body: { ...body } }, actor: PEOPLE.officer }
  const done = await runTicketCommand(world.services, asked)
  if (isRefusal(done)) throw new Error(done.detail)
}

it('shows on the board what the history says, after each change and after a restart', async () => {
  await board()
  await say('accept', {})
  await world.advance(at('23:05:00'))
  await say('assign', { crewIds: ['crew-network-ops'] })
  const accepted = (await first()).events.find(({ type }) => type === 'accept')
  await say('correct', {
    eventId: accepted?.id,
    reason: '记错了时间',
    occurredAt: '2026-01-15T22:55:00+08:00',
  })
  const shown = await board()
  expect(shown[0]?.clocks.find(({ key }) => key === 'accept')?.stoppedAt).toBe('2026-01-15T22:55:00+08:00')
  for (const { id, state, version } of shown) {
    const history = await world.services.store.read.tickets.load(id)
    expect(history?.ticket).toEqual(foldTicket(id, history?.events ?? []))
    expect({ state, version }).toEqual({ state: history?.ticket.state, version: history?.events.length })
  }
  await world.restart()
  expect(await board()).toEqual(shown)
})

it('keeps nothing of a change that was rolled back, though another one takes its version', async () => {
  const { id } = await first()
  const { store } = world.services
  const said = (text: string): TicketEvent => ({
    id: `note-${text}`,
    occurredAt: at('22:51:00'),
    enteredAt: at('22:51:00'),
    type: 'note',
    actor: PEOPLE.dispatcher,
    data: { text },
  })
  const write = (text: string, isKept: boolean) =>
    store.transact(async ({ tickets }) => {
      const before = await tickets.load(id)
      const events = [...(before?.events ?? []), said(text)]
      const after = { ticket: foldTicket(id, events), events }
      await tickets.append(events.length - 1, after, undefined)
      expect((await tickets.load(id))?.events.at(-1)?.data).toEqual({ text })
      if (!isKept) throw new Error('rolled back')
      return true
    })
  await expect(write('first', false)).rejects.toThrow('rolled back')
  await write('second', true)
  expect((await store.read.tickets.load(id))?.events.at(-1)?.data).toEqual({ text: 'second' })
})

it('finds what is open behind many pages of what is done', async () => {
  const open = (await board()).map(({ id }) => id)
  const { store } = world.services
  const opened = (await store.read.tickets.load(open[0] ?? ''))?.events[0]
  if (opened?.type !== 'opened') throw new Error('no ticket')
  const day = 24 * 3_600_000
  for (let n = 0; n < 5; n += 1) {
    for (const [id, at] of [
      [`older-${String(n)}`, opened.occurredAt - day],
      [`newer-${String(n)}`, opened.occurredAt + day],
    ] as const) {
      const when = { occurredAt: at, enteredAt: at }
      const events: TicketEvent[] = [
        { ...opened, ...when, id: `${id}-opened`, data: { ...opened.data, number: id } },
        { ...when, id: `${id}-answer`, type: 'answer', actor: PEOPLE.dispatcher, data: { text: '已答复' } },
      ]
      await store.transact(({ tickets }) =>
        tickets.append(0, { ticket: foldTicket(id, events), events }, undefined),
      )
    }
  }
  expect((await showTickets(world.services, { limit: 2 })).items.map(({ state }) => state)).toEqual([
    'archived',
    'archived',
  ])
  expect((await showTickets(world.services, { state: 'archived', limit: 20 })).items).toHaveLength(10)
  const { items, next } = await showTickets(world.services, { state: 'open', limit: 1 })
  expect([items[0]?.id, next === undefined]).toEqual([open[0], false])
  const rest = await showTickets(world.services, {
    state: 'open',
    limit: 1,
    ...(next === undefined ? {} : { cursor: next }),
  })
  expect([rest.items.map(({ id }) => id), rest.next]).toEqual([open.slice(1), undefined])
})

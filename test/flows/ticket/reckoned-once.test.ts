import { expect, it, onTestFinished } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { CHINA_DAYS } from '../../../server/domain/policy/china-days.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import type { Services, Repositories } from '../../../server/flows/decisions/decisions.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { runTicketCommand } from '../../../server/flows/ticket/run-ticket-command.ts'
import { showOpen } from '../../../server/flows/decisions/show-tickets.ts'
import { aDeskWorld, at, coverFinding, PEOPLE } from '../../support/desk-world.ts'

/** A pack whose list of a cover's clocks tells how often it is gone through. */
function countingPack() {
  const count = { reckoned: 0 }
  const { cover } = WUDA.kinds
  const clocks = Object.assign([...cover.clocks], {
    flatMap<T>(each: (key: (typeof cover.clocks)[number]) => readonly T[]): T[] {
      count.reckoned += 1
      return Array.prototype.flatMap.call(cover.clocks, each) as T[]
    },
  })
  return { count, policy: { ...WUDA, kinds: { ...WUDA.kinds, cover: { ...cover, clocks } } } }
}

/** The same store, which tells how often a ticket and an incident are read. */
function countingStore(services: Services) {
  const count = { tickets: 0, incidents: 0, folds: 0 }
  const counted = (repositories: Repositories): Repositories => ({
    ...repositories,
    tickets: {
      ...repositories.tickets,
      load: (id) => ((count.tickets += 1), repositories.tickets.load(id)),
      foldsOf: (ids) => ((count.folds += 1), repositories.tickets.foldsOf(ids)),
    },
    incidents: {
      ...repositories.incidents,
      load: (id) => ((count.incidents += 1), repositories.incidents.load(id)),
    },
  })
  const { read, transact, emptyLog } = services.store
  const store: Services['store'] = {
    read: counted(read),
    transact: (work) => transact((repositories) => work(counted(repositories))),
    emptyLog,
  }
  return { count, desk: { ...services, store } }
}

it('a command reads its ticket and its incident once, and reckons the clocks once for everybody', async () => {
  const pack = countingPack()
  const world = await aDeskWorld('22:50:00', { rules: { policy: pack.policy, calendar: CHINA_DAYS } })
  onTestFinished(() => world.close())
  await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
  const [ticket] = (await showOpen(world.services)).tickets
  if (ticket === undefined) throw new Error('no ticket')
  await world.advance(at('22:52:00'))
  const { count, desk } = countingStore(world.services)
  pack.count.reckoned = 0
  world.published.length = 0
  const command = { command: 'accept' as const, version: ticket.version, body: {} }
  const done = await runTicketCommand(desk, { id: ticket.id, command, actor: PEOPLE.officer })
  expect(isRefusal(done)).toBe(false)
  expect(world.published.map(({ event }) => event)).toEqual(['ticket', 'incident'])
  expect(pack.count.reckoned).toBe(1)
  expect(count).toEqual({ tickets: 1, incidents: 1, folds: 1 })
})

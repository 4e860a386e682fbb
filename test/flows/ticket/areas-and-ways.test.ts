import { afterEach, beforeEach, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { HOUR } from '../../../server/domain/instant.ts'
import { travelTo } from '../../../server/domain/ticket/travel.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { runTicketCommand } from '../../../server/flows/ticket/run-ticket-command.ts'
import { showFigures } from '../../../server/flows/decisions/show-figures.ts'
import { showOpen } from '../../../server/flows/decisions/show-tickets.ts'
import {
  aDeskWorld,
  at,
  coverFinding,
  PEOPLE,
  townNetwork,
  type DeskWorld,
} from '../../support/desk-world.ts'
import { anArea, aNetwork, aSource, aStation, aWell, place } from '../../support/networks.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:50:00')
  await raiseIncidents(world.services, [coverFinding('W2', '22:50:00')])
})
afterEach(() => world.close())

const theTicket = async () => {
  const [ticket] = (await showOpen(world.services)).tickets
  if (ticket === undefined) throw new Error('no ticket')
  return ticket
}
const say = async (command: CommandName, body: object = {}): Promise<void> => {
  const { id, version } = await theTicket()
  const asked = { command, version, body: { ...body } }
  const done = await runTicketCommand(world.services, { id, command: asked, actor: PEOPLE.officer })
  if (isRefusal(done)) throw new Error(done.detail)
}

it('says how long the way may take until the crew is there; the limit stays (A29)', async () => {
  // From the heat source 1,000 m away: 1.4 km at 30 km/h and five minutes to set out.
  const seen = await theTicket()
  expect(seen.travel).toEqual({
    minutes: 8,
    distanceM: 1400,
    from: { zh: '自热源S1', en: 'from 热源S1' },
    beyondLimit: false,
  })
  expect(seen.clocks.find(({ key }) => key === 'arrive')?.limitMinutes).toBe(30)
  await say('accept')
  expect((await theTicket()).travel?.minutes).toBe(8)
  await say('arrive', { scene: 'x', heatAffected: false, expectedMinutes: 10 })
  expect((await theTicket()).travel).toBeUndefined()
})

it('starts from the station in the middle of an area, and says when the way is longer than the limit', () => {
  const [source, near, middle, far] = [
    aSource('S1', place(0, 0)),
    aStation('H1', place(1000, 0)),
    aStation('H2', place(2000, 0)),
    aStation('H3', place(3000, 0)),
  ]
  const to9 = aWell('W9', place(20_000, 0))
  const area = anArea('area-1', place(500, -500), place(4000, 500))
  const network = aNetwork(source, near, middle, far, to9, area)
  const to = { departmentId: 'area-1', position: place(20_000, 0), asOf: at('08:00:00') }
  const { travel } = WUDA.settings
  if (travel === undefined) throw new Error('no pace')
  expect(travelTo(network, to, travel)).toMatchObject({ minutes: 56, from: { en: 'from 换热站H2' } })
  expect(travelTo(network, { ...to, departmentId: 'network-ops' }, travel)?.from.en).toBe('from 热源S1')
  expect(travelTo(aNetwork(aWell('W9', place(0, 0))), to, travel)).toBeUndefined()
  // Whose area it is changes at midnight where we are, which is afternoon in UTC.
  const ends = anArea('area-1', place(500, -500), place(4000, 500), { validTo: '2026-01-16' })
  const changing = aNetwork(source, near, middle, far, to9, ends)
  const fromAt = (asOf: number) => travelTo(changing, { ...to, asOf }, travel)?.from.en
  const midnight = at('00:00:00') + 24 * HOUR
  expect([fromAt(midnight - 1), fromAt(midnight)]).toEqual(['from 换热站H2', 'from 热源S1'])
})

it('counts what ran out by the area of the place, whoever takes it (A29)', async () => {
  await world.advance(at('23:30:00'))
  const period = { from: at('00:00:00'), to: at('2026-01-16T00:00:00') }
  const { groups = [] } = await showFigures(world.services, period, { by: 'area' })
  const [area] = townNetwork().areas
  expect(groups.map(({ id }) => id)).toEqual([area?.id])
  const onSite = groups[0]?.figures.clocks.find(({ key }) => key === 'arrive')
  expect(onSite).toMatchObject({ onTime: 0, overdue: 1 })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { showOpen } from '../../../server/flows/decisions/show-tickets.ts'
import { publishNotice } from '../../../server/flows/notice/publish-notice.ts'
import {
  aDeskWorld,
  at,
  coverFinding,
  PEOPLE,
  suspectFinding,
  type DeskWorld,
} from '../../support/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:50:00')
})
afterEach(() => world.close())

describe('a confirmed finding', () => {
  it('opens one incident and one ticket that goes out in the same instant', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
    const { incidents, tickets } = await showOpen(world.services)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]).toMatchObject({
      kind: 'cover',
      level: 'special',
      state: 'confirmed',
      assetIds: ['W1'],
    })
    expect(tickets).toHaveLength(1)
    expect(tickets[0]).toMatchObject({
      number: 'GW-20260115-001',
      kind: 'cover',
      level: 'special',
      source: 'sensor',
      state: 'dispatched',
      openedAt: '2026-01-15T22:50:00+08:00',
      dueAt: '2026-01-16T02:50:00+08:00',
      dueProvisional: false,
      incidentId: incidents[0]?.id,
      department: { id: 'network-ops', rule: 'primary_in_service' },
      version: 2,
    })
    expect(tickets[0]?.events.map(({ type }) => type)).toEqual(['opened', 'auto_dispatched'])
  })

  it('said again after a restart changes nothing', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
    await world.restart()
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
    const { incidents, tickets } = await showOpen(world.services)
    expect([incidents.length, tickets.length]).toEqual([1, 1])
  })

  it('tells the screens only after it is on disk', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
    expect(world.published.map(({ event }) => event)).toEqual(['ticket', 'incident', 'alarm'])
    expect(world.published[2]?.data).toMatchObject({ sound: 'special' })
  })

  it('opens a second ticket in the same incident for another defect of the well (Ex 9)', async () => {
    await raiseIncidents(world.services, [
      coverFinding('W1', '22:50:00'),
      suspectFinding('W1', '22:50:00', { logOdds: 3, rule: 'well.steam' }),
    ])
    const { incidents, tickets } = await showOpen(world.services)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.level).toBe('special')
    expect(tickets.map(({ kind, state }) => [kind, state]).sort()).toEqual([
      ['cover', 'dispatched'],
      ['well_vent', 'dispatched'],
    ])
  })

  it('is two incidents for two covers', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00'), coverFinding('W2', '22:50:00')])
    const { incidents, tickets } = await showOpen(world.services)
    expect([incidents.length, tickets.map(({ number }) => number)]).toEqual([
      2,
      ['GW-20260115-002', 'GW-20260115-001'],
    ])
  })

  it('taken back leaves the ticket open: a repair is only proposed by it (G2)', async () => {
    const finding = coverFinding('W1', '22:50:00')
    await raiseIncidents(world.services, [finding])
    await world.advance(at('23:00:00'))
    await raiseIncidents(world.services, [{ ...finding, phase: 'cleared', at: at('23:00:00') }])
    const { incidents, tickets } = await showOpen(world.services)
    expect(incidents[0]?.state).toBe('cleared')
    expect(tickets[0]?.state).toBe('dispatched')
  })

  it('notes works that are registered on the well, and silences nothing (Ex 10)', async () => {
    const notice = await publishNotice(world.services, {
      request: {
        kind: 'planned_works',
        effectiveAt: at('08:00:00'),
        until: at('23:59:00'),
        assetIds: ['W1'],
        text: '检修',
        documentId: '文号1',
      },
      actor: PEOPLE.dispatcher,
    })
    expect(notice).toMatchObject({ late: true })
    await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
    const { tickets } = await showOpen(world.services)
    expect(tickets[0]).toMatchObject({ state: 'dispatched', flags: ['works_registered'] })
  })
})

describe('a suspicion', () => {
  it('is a ticket in the gate with its received clocks running', async () => {
    await raiseIncidents(world.services, [suspectFinding('W1', '22:50:00')])
    const { incidents, tickets } = await showOpen(world.services)
    expect(incidents[0]?.state).toBe('suspected')
    expect(tickets[0]).toMatchObject({ kind: 'well_vent', state: 'under_review', version: 1 })
    const running = tickets[0]?.clocks.filter(({ state }) => state === 'running').map(({ key }) => key)
    expect(running).toEqual(['dispatch', 'repair_vent', 'close_level'])
  })

  it('goes out by itself once a later finding confirms it', async () => {
    await raiseIncidents(world.services, [suspectFinding('W1', '22:50:00')])
    await world.advance(at('22:55:00'))
    await raiseIncidents(world.services, [
      suspectFinding('W1', '22:55:00', {
        logOdds: 3,
        evidence: { ...suspectFinding('W1', '22:55:00').evidence, rule: 'level.gush' },
      }),
    ])
    const { incidents, tickets } = await showOpen(world.services)
    expect([incidents.length, tickets.length]).toEqual([1, 1])
    expect(incidents[0]?.state).toBe('confirmed')
    expect(tickets[0]).toMatchObject({ state: 'dispatched', openedAt: '2026-01-15T22:50:00+08:00' })
  })

  it('taken back before anybody knew of it leaves no trace', async () => {
    await raiseIncidents(world.services, [suspectFinding('W1', '22:50:00', { phase: 'cleared' })])
    expect((await showOpen(world.services)).incidents).toEqual([])
  })
})

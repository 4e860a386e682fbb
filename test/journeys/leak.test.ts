import { afterEach, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import { HOUR, MINUTE } from '../../server/domain/instant.ts'
import { DEMO_SEED, demoNetwork } from '../../simulators/demo-network.ts'
import { batches, HISTORY, historyOf } from '../../simulators/history.ts'
import { writeStory } from '../../simulators/demo-story.ts'
import { createWorld } from '../../simulators/world.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

describe('a leak of the primary network', () => {
  it('seen by make-up and pressure is one incident with one ticket, ranked places and a plan to wait for', async () => {
    const file = demoNetwork()
    world = await aWorld({ network: file, start: '04:00:00' })
    const town = await createWorld(file, DEMO_SEED, { seasonal: false })
    const rtus = [...town.devices.values()].filter(
      ({ asset, device }) =>
        device.power !== 'battery' &&
        (asset.kind === 'source' || device.signals.includes('primary_supply_mpa')),
    )
    // Stations first: when the source's make-up is judged, the pressures beside it are there.
    rtus.sort((a, b) => Number(a.asset.kind === 'source') - Number(b.asset.kind === 'source'))
    const start = world.now()
    for (const one of rtus) {
      const history = historyOf({ world: town, seed: 7, from: start - HISTORY, to: start }, one)
      for (const batch of batches(history)) await world.publish(one.device.id, batch)
    }
    await world.settle()
    const leakAt = writeStory(file, DEMO_SEED, start).leak.pointId
    const onset = start + 30 * MINUTE
    town.add({ kind: 'pipe-leak', pointId: leakAt, side: 'supply', flowTh: 80, from: onset })

    const wall = await world.live('wall')
    for (let at = start + 5 * MINUTE; at <= onset + 2.5 * HOUR; at += 5 * MINUTE) {
      await Promise.all(
        rtus.map(({ device }) => world.publish(device.id, { ts: at, values: town.values(device.id, at) })),
      )
      await world.advance({ minutes: 5 })
    }
    const tickets = await world.as('dispatcher').tickets()
    const incidents = await world.as('dispatcher').incidents()
    expect(tickets.map(({ kind }) => kind)).toEqual(['primary_leak'])
    expect(incidents).toHaveLength(1)
    const [ticket, incident] = [tickets[0], incidents[0]]
    expect(ticket).toMatchObject({ level: 'first', dueProvisional: true, incidentId: incident?.id })
    expect(msOf(ticket?.openedAt) - onset).toBeLessThan(1.5 * HOUR)
    expect(msOf(ticket?.openedAt)).toBeGreaterThan(onset)
    expect(incident?.evidence.map(({ rule }) => rule).join(' ')).toMatch(/makeup.*pressure/)
    expect(incident).toMatchObject({ state: 'confirmed', located: true })
    expect(incident?.location.candidates.length).toBeLessThanOrEqual(10)
    expect(incident?.members[1]?.why.zh).not.toBe('')
    expect(ticket).toMatchObject({ state: 'dispatched', department: { id: 'network-ops' } })
    const c9 = ticket?.clocks.find(({ key }) => key === 'repair_leak')
    expect(c9).toMatchObject({ state: 'pending', clause: '第八条3(4)', limitMinutes: 24 * 60 })
    for (const { sentence, value, threshold } of incident?.evidence ?? []) {
      expect(sentence.zh).not.toBe('')
      expect(sentence.en).not.toBe('')
      expect(Math.abs(value)).toBeGreaterThan(Math.abs(threshold))
    }
    const seen = await wall.next<IncidentView>('incident', ({ id }) => id === incident?.id)
    expect(seen.kind).toBe('primary_leak')
  }, 60_000)
})

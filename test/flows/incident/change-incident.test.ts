import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import { isRefusal } from '#contract/problem.ts'
import { changeIncident, type IncidentChange } from '../../../server/flows/incident/change-incident.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { showIncident, showTicketAt } from '../../../server/flows/decisions/show-tickets.ts'
import { takeCall } from '../../../server/flows/hotline/take-call.ts'
import { aDeskWorld, at, coverFinding, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:41:00')
})
afterEach(() => world.close())

async function change(id: string, asked: IncidentChange, actor = PEOPLE.dispatcher) {
  const done = await changeIncident(world.services, { id, change: asked, actor })
  if (isRefusal(done)) throw new Error(done.detail)
  return done
}
async function ticket(id: string) {
  const view = await showTicketAt(world.services, id, world.services.clock.now())
  if (view === undefined) throw new Error(`no ticket ${id}`)
  return view
}
async function incident(id: string): Promise<IncidentView> {
  const found = await world.services.store.read.incidents.load(id)
  if (found === undefined) throw new Error(`no incident ${id}`)
  return showIncident(world.services, world.services.store.read, found, world.services.clock.now())
}

async function aLeak(): Promise<string> {
  const taken = await takeCall(world.services, {
    request: {
      kind: 'primary_leak',
      address: '迎宾路',
      callerPhone: '13812341234',
      beganUnknown: '不清楚',
      scene: '路面冒汽',
      join: 'new',
    },
    actor: PEOPLE.operator,
  })
  if (isRefusal(taken) || taken.incident === undefined) throw new Error('no incident')
  return taken.incident.id
}

/** Ex 8: the phone at 22:41 from somewhere near, the sensor at 22:50. */
async function phoneAndSensor() {
  const taken = await takeCall(world.services, {
    request: {
      kind: 'cover',
      address: '迎宾路',
      callerPhone: '13812341234',
      beganUnknown: '不清楚',
      scene: '井盖移位',
      join: 'new',
    },
    actor: PEOPLE.operator,
  })
  if (isRefusal(taken) || taken.incident === undefined) throw new Error('no incident')
  await world.advance(at('22:50:00'))
  await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
  const open = await world.services.store.read.incidents.open()
  const sensor = open.find(({ id }) => id !== taken.incident?.id)
  const [history] = await world.services.store.read.tickets.ofIncident(sensor?.id ?? '')
  if (sensor === undefined || history === undefined) throw new Error('no sensor incident')
  await world.advance(at('22:55:00'))
  return {
    phone: taken.incident.id,
    phoneTicket: taken.ticket.id,
    sensor: sensor.id,
    sensorTicket: history.ticket.id,
  }
}

describe.each(['phone into sensor', 'sensor into phone'])('Ex 8: merging %s', (direction) => {
  const merge = async () => {
    const ids = await phoneAndSensor()
    const [from, into] = direction.startsWith('phone') ? [ids.phone, ids.sensor] : [ids.sensor, ids.phone]
    await change(from, { kind: 'merge', into, reason: '同一口井' })
    return { ...ids, from, into }
  }

  it('leaves one incident in which the earlier ticket survives with its start', async () => {
    const { phoneTicket, sensorTicket, from, into } = await merge()
    expect((await incident(from)).state).toBe('merged')
    expect((await incident(into)).members).toHaveLength(2)
    expect(await ticket(phoneTicket)).toMatchObject({ dueAt: '2026-01-16T02:41:00+08:00', incidentId: into })
    expect((await ticket(phoneTicket)).state).not.toBe('merged')
    const gone = await ticket(sensorTicket)
    expect(gone.state).toBe('merged')
    expect(gone.events.at(-1)).toMatchObject({
      type: 'merged',
      data: { otherTicketId: phoneTicket, startMovedMinutes: 9 },
    })
    expect((await incident(into)).openedAt).toBe('2026-01-15T22:41:00+08:00')
  })

  it('does not leave the survivor in the gate when the other had gone out', async () => {
    const { phoneTicket } = await merge()
    expect(await ticket(phoneTicket)).toMatchObject({
      state: 'dispatched',
      department: { id: 'network-ops' },
    })
  })

  it('is taken back whole: state, start, due time, incident and callers', async () => {
    const ids = await phoneAndSensor()
    const before = { phone: await ticket(ids.phoneTicket), sensor: await ticket(ids.sensorTicket) }
    const [from, into] = direction.startsWith('phone') ? [ids.phone, ids.sensor] : [ids.sensor, ids.phone]
    await change(from, { kind: 'merge', into, reason: '同一口井' })
    const moved = (await world.services.store.read.incidents.load(into))?.members
      .filter(({ mergedFrom }) => mergedFrom === from)
      .map(({ id }) => id)
    await change(into, { kind: 'split', memberIds: moved ?? [], reason: '误并' })
    const sensor = await ticket(ids.sensorTicket)
    expect(sensor).toMatchObject({
      state: before.sensor.state,
      dueAt: '2026-01-16T02:50:00+08:00',
      incidentId: ids.sensor,
      clocks: before.sensor.clocks,
    })
    const phone = await ticket(ids.phoneTicket)
    expect(phone).toMatchObject({
      dueAt: before.phone.dueAt,
      incidentId: ids.phone,
      calls: before.phone.calls,
    })
    for (const [id, own] of [
      [ids.phone, ids.phoneTicket],
      [ids.sensor, ids.sensorTicket],
    ] as const) {
      const view = await incident(id)
      expect([view.state, view.ticketIds, view.members.map((member) => member.ticketId)]).toEqual([
        'confirmed',
        [own],
        [own],
      ])
    }
  })
})

describe('an incident', () => {
  it('is acknowledged once, by the first who hears it', async () => {
    const { sensor } = await phoneAndSensor()
    await change(sensor, { kind: 'acknowledge' }, PEOPLE.dispatcher)
    await change(sensor, { kind: 'acknowledge' }, PEOPLE.dispatcher2)
    expect(await incident(sensor)).toMatchObject({
      acknowledgedBy: 'dispatcher',
      acknowledgedAt: '2026-01-15T22:55:00+08:00',
    })
  })

  it('is shelved until an instant, tells by whom and why, and comes back by itself', async () => {
    const leak = await aLeak()
    await change(leak, { kind: 'shelve', until: at('23:10:00'), reason: '等人到场' })
    expect(await incident(leak)).toMatchObject({
      maxShelvingMinutes: 720,
      shelvedUntil: '2026-01-15T23:10:00+08:00',
      shelvedBy: 'dispatcher',
      shelvedReason: '等人到场',
    })
    await world.advance(at('23:10:00'))
    const back = await incident(leak)
    expect([back.shelvedUntil, back.shelvedBy, back.shelvedReason]).toEqual([undefined, undefined, undefined])
  })

  it('of the highest level is not shelved, and does not say that it may be', async () => {
    const { sensor } = await phoneAndSensor()
    expect((await incident(sensor)).maxShelvingMinutes).toBeUndefined()
    const asked = change(sensor, { kind: 'shelve', until: at('23:10:00'), reason: '等人到场' })
    await expect(asked).rejects.toThrow('最高等级的事件不能搁置')
    expect((await incident(sensor)).shelvedUntil).toBeUndefined()
  })

  it('that one ticket spoke for in two members is split into two with a ticket each', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:41:00')])
    const call = await takeCall(world.services, {
      request: {
        kind: 'cover',
        address: '迎宾路',
        assetId: 'W1',
        callerPhone: '13812341234',
        beganUnknown: '不清楚',
        scene: '井盖移位',
      },
      actor: PEOPLE.operator,
    })
    if (isRefusal(call) || call.incident === undefined) throw new Error('no call')
    const done = await change(call.incident.id, {
      kind: 'split',
      memberIds: [call.call.id],
      reason: '另一口井',
    })
    if (!('incidents' in done)) throw new Error('not split')
    expect(done.incidents.map(({ members, ticketIds }) => [members.length, ticketIds.length])).toEqual([
      [1, 1],
      [1, 1],
    ])
    const [[rest = ''] = [], [own = ''] = []] = done.incidents.map(({ ticketIds }) => ticketIds)
    expect(rest).not.toBe(own)
    expect((await ticket(rest)).calls).toEqual([])
    expect((await ticket(own)).calls.map(({ id }) => id)).toEqual([call.call.id])
  })

  it('is changed by a dispatcher only', async () => {
    const { sensor, phone } = await phoneAndSensor()
    const asked: IncidentChange = { kind: 'merge', into: phone, reason: 'x' }
    const done = await changeIncident(world.services, { id: sensor, change: asked, actor: PEOPLE.operator })
    expect(done).toMatchObject({ code: 'not-your-right' })
  })
})

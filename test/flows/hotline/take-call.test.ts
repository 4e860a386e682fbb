import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallRequest } from '#contract/hotline.ts'
import { isRefusal } from '#contract/problem.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { showOpen } from '../../../server/flows/decisions/show-tickets.ts'
import { takeCall, type TakenCall } from '../../../server/flows/hotline/take-call.ts'
import {
  aDeskWorld,
  at,
  coverFinding,
  PEOPLE,
  suspectFinding,
  type DeskWorld,
} from '../../support/desk-world.ts'
import { place } from '../../support/networks.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:41:00')
})
afterEach(() => world.close())

const ANYWHERE: CallRequest = {
  kind: 'cover',
  contact: 'help',
  source: 'phone',
  address: '迎宾路 1 号',
  callerPhone: '13812341234',
  beganUnknown: '路过看见',
  scene: '井盖不见了',
}
const COVER: CallRequest = { ...ANYWHERE, assetId: 'W1' }

function spot(eastM: number, northM: number): [number, number] {
  const [lon, lat] = place(eastM, northM)
  return [lon, lat]
}

async function call(request: CallRequest): Promise<TakenCall> {
  const taken = await takeCall(world.services, { request, actor: PEOPLE.operator })
  if (isRefusal(taken)) throw new Error(taken.detail)
  return taken
}

describe('a call about an asset that is not in the network', () => {
  it('is refused by name, and nothing is opened', async () => {
    const refused = await takeCall(world.services, {
      request: { ...ANYWHERE, assetId: 'W-404' },
      actor: PEOPLE.operator,
    })
    expect(refused).toMatchObject({ kind: 'refusal', code: 'bad-value', detail: '管网中没有设施 W-404' })
    expect(await showOpen(world.services)).toMatchObject({ incidents: [], tickets: [] })
  })
})

describe('an emergency call', () => {
  it('opens a confirmed incident and a ticket that goes out at once', async () => {
    const { ticket, incident, joined, call: view } = await call(COVER)
    expect(joined).toBe(false)
    expect(incident).toMatchObject({ state: 'confirmed', kind: 'cover', assetIds: ['W1'] })
    expect(ticket).toMatchObject({ state: 'dispatched', source: 'phone', department: { id: 'network-ops' } })
    expect(ticket.calls.map(({ id }) => id)).toEqual([view.id])
    expect(view.firstResponder).toEqual({ id: 'operator', name: 'operator' })
  })

  it('joins an open incident of the same kind within 50 m and says why', async () => {
    const first = await call(COVER)
    const second = await call({ ...ANYWHERE, callerPhone: '13900000000', position: spot(530, 0) })
    expect(second.joined).toBe(true)
    expect(second.ticket.id).toBe(first.ticket.id)
    expect(second.ticket.calls).toHaveLength(2)
    expect(second.why.zh).toContain('米')
  })

  it('is a new incident 60 m away, for another kind, or when the desk says new', async () => {
    await call(COVER)
    expect((await call({ ...ANYWHERE, position: spot(560, 0) })).joined).toBe(false)
    expect((await call({ ...COVER, kind: 'well_vent' })).joined).toBe(false)
    expect((await call({ ...COVER, join: 'new' })).joined).toBe(false)
  })

  it('joins what a sensor saw, and confirms what it only suspected', async () => {
    await raiseIncidents(world.services, [suspectFinding('W1', '22:41:00')])
    const before = await showOpen(world.services)
    expect(before.tickets[0]?.state).toBe('under_review')
    const { ticket, incident, joined } = await call({ ...COVER, kind: 'well_vent', scene: '冒汽' })
    expect(joined).toBe(true)
    expect(incident?.state).toBe('confirmed')
    expect(ticket).toMatchObject({ id: before.tickets[0]?.id, state: 'dispatched' })
  })

  it('received earlier than the sensor confirmed starts the repair clock earlier', async () => {
    await raiseIncidents(world.services, [coverFinding('W1', '22:41:00')])
    await world.advance(at('22:50:00'))
    const { ticket } = await call({ ...COVER, receivedAt: '2026-01-15T22:30:00+08:00' })
    expect(ticket.dueAt).toBe('2026-01-16T02:30:00+08:00')
  })

  it('rung twice from one number is one caller to call back', async () => {
    await call(COVER)
    const { ticket } = await call({ ...COVER, callerPhone: '+86 138 1234 1234' })
    expect(ticket.calls).toHaveLength(2)
    const notes = ticket.events.filter(({ type }) => type === 'note')
    expect(notes[0]?.data).toHaveProperty('sameCallerId')
  })

  it('without an asset in the tables waits in the gate for the dispatcher (manual)', async () => {
    const { ticket } = await call(ANYWHERE)
    expect(ticket).toMatchObject({ state: 'under_review', department: { rule: 'manual' } })
  })
})

describe('any other call', () => {
  it('opens a ticket without an incident, in the gate', async () => {
    const { ticket, incident } = await call({
      kind: 'not_hot',
      contact: 'help',
      source: 'phone',
      address: '3 号楼 502',
      position: spot(0, 100),
      callerPhone: '13812341234',
    })
    expect(incident).toBeUndefined()
    expect(ticket).toMatchObject({
      state: 'under_review',
      level: 'third',
      department: { id: 'area-1', rule: 'secondary_side' },
    })
  })
})

describe('what the desk must ask (R-23)', () => {
  const asked = async (request: CallRequest) => takeCall(world.services, { request, actor: PEOPLE.operator })

  it('refuses with the clause and every name that is missing', async () => {
    expect(await asked({ kind: 'cover', address: ' ' })).toMatchObject({
      code: 'missing-field',
      clause: '第四条A',
      missing: ['address', 'callerPhone', 'beganAt', 'scene'],
    })
  })

  it('takes empty fields of a form for nothing said', async () => {
    const { ticket } = await call({ ...ANYWHERE, assetId: '', callerName: ' ', join: '' })
    expect(ticket).not.toHaveProperty('assetId')
  })

  it('asks for beginning and scene at emergencies only', async () => {
    expect(await asked({ kind: 'consult', address: 'x', callerPhone: '13812341234' })).toHaveProperty('call')
  })

  it('asks for words when the matter is hot (R-11)', async () => {
    const hot: CallRequest = { kind: 'consult', address: 'x', callerPhone: '13812341234', hot: true }
    expect(await asked(hot)).toMatchObject({ missing: ['description'], clause: '第三条1' })
  })

  it.each([
    ['the future', '2026-01-15T22:41:01+08:00'],
    ['more than 24 h ago', '2026-01-14T22:40:59+08:00'],
  ])('refuses a call received in %s', async (_, receivedAt) => {
    expect(await asked({ ...COVER, receivedAt })).toMatchObject({ code: 'bad-time' })
  })

  it('is for the desk alone', async () => {
    for (const actor of [
      PEOPLE.crew,
      PEOPLE.officer,
      PEOPLE.wall,
      PEOPLE.admin,
      PEOPLE.service,
      PEOPLE.engineer,
    ]) {
      const done = await takeCall(world.services, { request: COVER, actor })
      expect([actor.id, isRefusal(done) && done.code]).toEqual([actor.id, 'not-your-right'])
    }
  })

  it('leaves nothing behind when it refuses', async () => {
    await asked({ ...COVER, join: 'no-such-incident' })
    expect((await showOpen(world.services)).tickets).toEqual([])
  })
})

describe('a call sent twice with one key', () => {
  const once = { scope: 'operator POST /calls', key: 'k1', fingerprint: 'f1' }

  it('is one call, with the same answer', async () => {
    const first = await takeCall(world.services, { request: COVER, actor: PEOPLE.operator }, once)
    await world.restart()
    const again = await takeCall(world.services, { request: COVER, actor: PEOPLE.operator }, once)
    expect(again).toEqual(JSON.parse(JSON.stringify(first)))
    expect((await showOpen(world.services)).tickets).toHaveLength(1)
  })

  it('with another body is a conflict', async () => {
    await takeCall(world.services, { request: COVER, actor: PEOPLE.operator }, once)
    const other = await takeCall(
      world.services,
      { request: COVER, actor: PEOPLE.operator },
      { ...once, fingerprint: 'f2' },
    )
    expect(other).toMatchObject({ code: 'conflict' })
  })
})

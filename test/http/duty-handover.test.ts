import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at } from '../support/desk-world.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('20:00:00')
})
afterEach(() => app.close())
type Who = Parameters<DeskApp['as']>[0]

async function aCover(): Promise<string> {
  const { body } = await app.as('operator', 'POST /calls', {
    kind: 'cover',
    contact: 'help',
    source: 'phone',
    address: '迎宾路 1 号',
    assetId: 'W1',
    callerPhone: '13812341234',
    beganUnknown: '路过看见',
    scene: '井盖不见了',
  })
  return body.ticket.id as string
}
const open = async (who: Who, body: object = {}) => (await app.as(who, 'POST /handovers', body)).body
const sign = (who: Who, id: string, side: string) => app.as(who, `POST /handovers/${id}/sign`, { side })
const ticketsOf = (handover: { items: { kind: string; id: string }[] }) =>
  handover.items.filter(({ kind }) => kind === 'ticket').map(({ id }) => id)

describe('交接班', () => {
  it('lists open tickets, notices and device faults, and is signed by both sides', async () => {
    const ticket = await aCover()
    await app.as('dispatcher', 'POST /notices', {
      kind: 'fault_outage',
      effectiveAt: '2026-01-15T20:00:00+08:00',
      text: '一区停热',
    })
    const handover = await open('dispatcher', { note: '夜间留意迎宾路' })
    expect(handover).toMatchObject({ departmentId: 'dispatch', state: 'unsigned', note: '夜间留意迎宾路' })
    const kinds = handover.items.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toEqual(['ticket', 'notice', 'device_fault'])
    expect(handover.items[0]).toMatchObject({
      id: ticket,
      level: 'special',
      dueAt: '2026-01-16T00:00:00+08:00',
    })
    expect(handover.items[2].text.zh).toBe('设备失联 2 台')
    expect((await sign('dispatcher', handover.id, 'outgoing')).body.state).toBe('half_signed')
    const done = (await sign('dispatcher2', handover.id, 'incoming')).body
    expect(done.state).toBe('signed')
    expect(done.signatures).toMatchObject([
      { side: 'outgoing', by: { id: 'dispatcher' }, isOnRoster: false },
      { side: 'incoming', by: { id: 'dispatcher-2' } },
    ])
  })

  it('is not signed twice, nor by one person for both sides, nor by another department', async () => {
    const { id } = await open('officer')
    expect(await sign('officer', id, 'outgoing')).toMatchObject({ status: 200 })
    expect((await sign('officer', id, 'incoming')).body).toMatchObject({
      code: 'guard-refused',
      clause: '第五条',
    })
    expect((await sign('crew', id, 'outgoing')).body).toMatchObject({ code: 'wrong-state' })
    expect(await sign('otherOfficer', id, 'incoming')).toMatchObject({ status: 403 })
    expect(await sign('dispatcher', id, 'incoming')).toMatchObject({ status: 403 })
    expect(await sign('crew', id, 'incoming')).toMatchObject({ status: 200, body: { state: 'signed' } })
    expect(await app.as('engineer', 'POST /handovers', {})).toMatchObject({ status: 403 })
  })

  it('carries what was not signed into the next one, also what was closed since', async () => {
    const ticket = await aCover()
    const first = await open('dispatcher')
    await sign('dispatcher', first.id, 'outgoing')
    await app.world.advance(at('20:30:00'))
    const second = await open('dispatcher2')
    expect(second.carried).toEqual([first.id])
    expect(second.items[0]).toMatchObject({ id: ticket, carriedFrom: first.id, isOpen: true })
    expect((await sign('dispatcher2', first.id, 'incoming')).body).toMatchObject({ code: 'wrong-state' })
    const { body } = await app.as('wall', 'GET /handovers?department=dispatch')
    const states = body.items.map(({ id, state, carriedInto }: Record<string, string>) => [
      id,
      state,
      carriedInto,
    ])
    expect(states).toEqual([
      [second.id, 'unsigned', undefined],
      [first.id, 'carried', second.id],
    ])
    const third = await open('dispatcher')
    expect(third.items[0]).toMatchObject({ id: ticket, carriedFrom: first.id })
    await sign('dispatcher', third.id, 'outgoing')
    await sign('operator', third.id, 'incoming')
    expect((await open('dispatcher')).carried).toEqual([])
  })

  it('gives a unit its own tickets, once they are with it', async () => {
    const ticket = await aCover()
    expect(ticketsOf(await open('officer'))).toEqual([ticket])
    expect(ticketsOf(await open('otherOfficer'))).toEqual([])
  })

  it('comes in pages, and opens once for one key', async () => {
    const key = { 'idempotency-key': 'one' }
    const first = await app.as('dispatcher', 'POST /handovers', {}, key)
    expect((await app.as('dispatcher', 'POST /handovers', {}, key)).body.id).toBe(first.body.id)
    await open('dispatcher')
    const page = (await app.as('wall', 'GET /handovers?limit=1')).body
    expect(page.items).toHaveLength(1)
    const rest = (await app.as('wall', `GET /handovers?limit=1&cursor=${String(page.next)}`)).body
    expect(rest.items[0].id).toBe(first.body.id)
    expect(rest.next).toBe(undefined)
  })
})

describe('应急预案', () => {
  const tick = (who: Who, id: string, item: string, body: object = {}) =>
    app.as(who, `POST /tickets/${id}/contingency/${item}`, body)

  it('is ticked by crew and dispatch, with who and when, and measures how fast it was started', async () => {
    const id = await aCover()
    const { body: fresh } = await app.as('wall', `GET /tickets/${id}/contingency`)
    expect(fresh).toMatchObject({ kind: 'cover', clause: '第八条3(5)', doneCount: 0 })
    await app.world.advance(at('20:02:00'))
    expect((await tick('dispatcher', id, 'order_crew')).body).toMatchObject({
      startedAfterSeconds: 120,
      doneCount: 1,
    })
    const { body } = await tick('crew', id, 'warning_signs', { note: '锥桶四个' })
    const item = body.items.find((each: { id: string }) => each.id === 'warning_signs')
    expect(item).toMatchObject({ done: true, clause: '第八条3(1)' })
    expect(item.history).toEqual([
      {
        done: true,
        by: { id: 'crew-network-ops', name: 'crew-network-ops' },
        note: '锥桶四个',
        occurredAt: '2026-01-15T20:02:00+08:00',
        enteredAt: '2026-01-15T20:02:00+08:00',
      },
    ])
  })

  it('keeps every tick: taken back it is open again, and entered for another or late it says so', async () => {
    const id = await aCover()
    await app.world.advance(at('21:00:00'))
    const late = { occurredAt: '2026-01-15T20:10:00+08:00' }
    await tick('dispatcher', id, 'warning_signs', late)
    const { body } = await tick('crew', id, 'warning_signs', { done: false })
    const item = body.items.find((each: { id: string }) => each.id === 'warning_signs')
    expect(item.done).toBe(false)
    expect(item.history).toMatchObject([{ done: true, onBehalf: true, late: true }, { done: false }])
  })

  it('is done once for one key, and not for a time before the ticket or in the future', async () => {
    const id = await aCover()
    const key = { 'idempotency-key': 'tick' }
    const barrier = `POST /tickets/${id}/contingency/barrier` as const
    await app.as('crew', barrier, {}, key)
    await app.as('crew', barrier, {}, key)
    const { body } = await app.as('wall', `GET /tickets/${id}/contingency`)
    expect(body.items.find((each: { id: string }) => each.id === 'barrier').history).toHaveLength(1)
    for (const occurredAt of ['2026-01-15T19:59:59+08:00', '2026-01-15T20:00:01+08:00']) {
      expect((await tick('crew', id, 'barrier', { occurredAt })).body).toMatchObject({ code: 'bad-time' })
    }
  })

  it('has rights by side, and only items of its kind', async () => {
    const id = await aCover()
    expect(await tick('crew', id, 'order_crew')).toMatchObject({ status: 403 })
    expect(await tick('operator', id, 'order_crew')).toMatchObject({ status: 200 })
    expect(await tick('operator', id, 'barrier')).toMatchObject({ status: 403 })
    expect(await tick('otherOfficer', id, 'barrier')).toMatchObject({ status: 403 })
    expect(await tick('crew', id, 'cordon')).toMatchObject({ status: 404 })
    expect(await app.as('wall', 'GET /tickets/none/contingency')).toMatchObject({ status: 404 })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at } from '../support/desk-world.ts'
import { aPng } from '../support/pictures.ts'
import { aDeskApp, multipartOf, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp()
})
afterEach(() => app.close())

const COVER = {
  kind: 'cover',
  contact: 'help',
  source: 'phone',
  address: '迎宾路 1 号',
  assetId: 'W1',
  callerPhone: '13812341234',
  beganUnknown: '路过看见',
  scene: '井盖不见了',
}

async function opened() {
  const { status, body } = await app.as('operator', 'POST /calls', COVER)
  expect(status).toBe(201)
  return body.ticket as { id: string; version: number; calls: { id: string }[] }
}
type Who = Parameters<DeskApp['as']>[0]
async function command(who: Who, id: string, body: Record<string, unknown>) {
  const { body: ticket } = await app.as('wall', `GET /tickets/${id}`)
  return app.as(who, `POST /tickets/${id}/commands`, { version: ticket.version, ...body })
}
async function photo(): Promise<string> {
  const { payload, headers } = multipartOf('a.png', aPng())
  const { status, body } = await app.as('crew', 'POST /attachments', payload, headers)
  expect(status).toBe(201)
  return body.id as string
}

describe('the way of a ticket over HTTP', () => {
  it('goes from the call to the archive', async () => {
    const { id, calls } = await opened()
    const [named, unnamed] = [await photo(), await photo()]
    const steps: [Who, Record<string, unknown>, string][] = [
      ['officer', { command: 'accept' }, 'accepted'],
      ['officer', { command: 'assign', crewIds: ['crew-network-ops'] }, 'assigned'],
      ['crew', { command: 'depart' }, 'en_route'],
      ['crew', { command: 'arrive', scene: '缺失', heatAffected: false, expectedMinutes: 30 }, 'arrived'],
      ['crew', { command: 'safety', measures: ['警示标识'] }, 'safety_set'],
      ['crew', { command: 'repair', text: '换新盖', attachmentIds: [named] }, 'repaired'],
      ['crew', { command: 'submit', result: '已换新盖', finalKind: 'cover', outcome: 'done' }, 'submitted'],
      ['dispatcher', { command: 'review', pass: false, reason: 'not_detailed' }, 'returned'],
      ['crew', { command: 'submit', result: '详述', finalKind: 'cover', outcome: 'done' }, 'submitted'],
      ['dispatcher', { command: 'review', pass: true }, 'callback_due'],
      [
        'service',
        { command: 'callback', callId: calls[0]?.id, reached: true, satisfied: true, qualityRating: 5 },
        'archived',
      ],
    ]
    for (const [who, body, state] of steps) {
      const done = await command(who, id, body)
      expect([body['command'], done.status, done.body.state]).toEqual([body['command'], 200, state])
    }
    const { body } = await app.as('wall', `GET /tickets/${id}`)
    expect(body).toMatchObject({ returnCount: 1, state: 'archived' })
    const unused = await app.world.services.store.read.attachments.removeUnused(Infinity)
    expect(unused).toEqual([unnamed])
    const open = await app.as('wall', 'GET /tickets?state=open')
    expect(open.body.items).toEqual([])
    const incidents = await app.as('wall', 'GET /incidents?state=closed')
    expect(incidents.body.items).toHaveLength(1)
  })

  it('judges rights before version, state and fields', async () => {
    const { id } = await opened()
    const wrong = { command: 'arrive', version: 99 }
    expect((await app.as('otherOfficer', `POST /tickets/${id}/commands`, wrong)).status).toBe(403)
    expect((await app.as('admin', `POST /tickets/${id}/commands`, wrong)).status).toBe(403)
    expect((await app.as('crew', `POST /tickets/${id}/commands`, wrong)).body).toMatchObject({
      status: 409,
      code: 'stale-version',
    })
    expect((await command('crew', id, { command: 'arrive' })).body.code).toBe('wrong-state')
    await command('officer', id, { command: 'accept' })
    const { status, body, type } = await command('crew', id, { command: 'arrive', heatAffected: false })
    expect(type).toContain('application/problem+json')
    expect([status, body.code, body.clause, body.missing]).toEqual([
      422,
      'missing-field',
      '第八条3(1)',
      ['scene', 'expectedMinutes'],
    ])
  })

  it('needs somebody signed in, a known command and a version', async () => {
    const { id } = await opened()
    expect((await app.as(undefined, 'GET /tickets')).status).toBe(401)
    expect((await app.as('officer', `POST /tickets/${id}/commands`, { command: 'explode' })).status).toBe(400)
    const unversioned = await app.as('officer', `POST /tickets/${id}/commands`, { command: 'accept' })
    expect(unversioned.body).toMatchObject({ code: 'missing-field', missing: ['version'] })
    expect((await app.as('officer', 'GET /tickets/none')).status).toBe(404)
  })

  it('does a command that is sent twice with one key once', async () => {
    const { id, version } = await opened()
    const key = { 'idempotency-key': 'abc' }
    const body = { command: 'accept', version }
    const first = await app.as('officer', `POST /tickets/${id}/commands`, body, key)
    const again = await app.as('officer', `POST /tickets/${id}/commands`, body, key)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body).toEqual(first.body)
    const other = await app.as('officer', `POST /tickets/${id}/commands`, { ...body, x: 1 }, key)
    expect(other.status).toBe(409)
  })
})

describe('lists', () => {
  it('filter, search and page from the newest', async () => {
    for (let n = 0; n < 3; n += 1) {
      await app.world.advance(at(`22:5${String(n)}:00`))
      await app.as('operator', 'POST /calls', { ...COVER, join: 'new', address: `迎宾路 ${String(n)} 号` })
    }
    await app.as('operator', 'POST /calls', { kind: 'consult', address: '某处', callerPhone: '13812341234' })
    const page = await app.as('wall', 'GET /tickets?kind=cover&limit=2')
    expect(page.body.items.map(({ number }: { number: string }) => number)).toEqual([
      'GW-20260115-003',
      'GW-20260115-002',
    ])
    const rest = await app.as('wall', `GET /tickets?kind=cover&limit=2&cursor=${String(page.body.next)}`)
    expect([rest.body.items.length, rest.body.next]).toEqual([1, undefined])
    const count = async (query: string) => (await app.as('wall', `GET /tickets?${query}`)).body.items.length
    expect(await count('department=network-ops')).toBe(3)
    expect(await count('level=third')).toBe(1)
    expect(await count('state=under_review')).toBe(1)
    expect(await count(`q=${encodeURIComponent('迎宾路 1')}`)).toBe(1)
    expect(await count(`q=${encodeURIComponent("' or 1=1 --")}`)).toBe(0)
    expect((await app.as('wall', 'GET /tickets?state=nonsense')).status).toBe(400)
  })

  it('shows the past by ?at=, with the plus sign escaped or not', async () => {
    const { id, version } = await opened()
    await app.world.advance(at('22:55:00'))
    await app.as('officer', `POST /tickets/${id}/commands`, { command: 'accept', version })
    const then = await app.as('wall', `GET /tickets/${id}?at=2026-01-15T22:51:00+08:00`)
    expect(then.body.state).toBe('dispatched')
    const escaped = await app.as('wall', `GET /tickets/${id}?at=2026-01-15T22:55:00%2B08:00`)
    expect(escaped.body.state).toBe('accepted')
    expect((await app.as('wall', `GET /tickets/${id}?at=yesterday`)).status).toBe(400)
    expect((await app.as('wall', `GET /tickets/${id}?at=2026-01-15T22:49:00%2B08:00`)).status).toBe(404)
  })
})

describe('telephone numbers', () => {
  it.each([
    ['operator', '13812341234'],
    ['dispatcher', '13812341234'],
    ['service', '13812341234'],
    ['officer', '13812341234'],
    ['crew', '13812341234'],
    ['otherOfficer', '138****1234'],
    ['engineer', '138****1234'],
    ['admin', '138****1234'],
    ['wall', '138****1234'],
  ] as const)('are for %s: %s', async (who, phone) => {
    const { id } = await opened()
    const one = await app.as(who, `GET /tickets/${id}`)
    expect(one.body.calls[0].callerPhone).toBe(phone)
    const list = await app.as(who, 'GET /tickets')
    expect(list.body.items[0].calls[0].callerPhone).toBe(phone)
    if (phone.includes('*')) {
      expect(JSON.stringify(one.body)).not.toContain('13812341234')
      const incident = await app.as(who, `GET /incidents/${String(one.body.incidentId)}`)
      expect(JSON.stringify(incident.body)).not.toContain('13812341234')
    }
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aPng } from '../support/pictures.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let cover: TicketView
let elsewhere: TicketView
let photoId: string

beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  cover = (await world.as('dispatcher').tickets())[0] as TicketView
  const taken = await world
    .as('operator')
    .post<Taken>('/calls', aCall({ kind: 'not_hot', contact: 'help', assetId: 's1', address: 's1 小区' }))
  elsewhere = await world
    .as('dispatcher')
    .does(taken.ticket.id, 'dispatch', { departmentId: 'area-2', channel: 'system' })
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(aPng())]), 'a.png')
  photoId = (await world.as('officer-network-ops').post<{ id: string }>('/attachments', form)).id
})
afterAll(() => world.close())

/** Another id, one sign away. */
const nearTo = (id: string) => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`

type Route = readonly [method: string, path: string]
async function everyRoute(): Promise<readonly Route[]> {
  const { paths } = (await (await fetch(`${world.url()}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): Route => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x1')]),
  )
}
const ask = async ([method, path]: Route, headers: Record<string, string> = {}): Promise<number> => {
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }
  const sent = { 'content-type': 'application/json', ...headers }
  const response = await fetch(world.url() + path, { method, headers: sent, ...body })
  await response.body?.cancel()
  return response.status
}

describe('N15 N16 every route there is', () => {
  it('wants somebody signed in, but for signing in and for health', async () => {
    const open = new Set([
      'POST /api/v1/session',
      'POST /api/v1/setup',
      'GET /livez',
      'GET /readyz',
      'DELETE /api/v1/session',
      'GET /',
      // A platform asks whether the address is there before it is given a secret to send.
      'GET /api/v1/push/x1',
    ])
    // These are for this machine too, from which this test asks.
    const inside = new Set(['GET /metrics', 'HEAD /metrics'])
    const routes = await everyRoute()
    expect(routes.length).toBeGreaterThan(60)
    const wrong: string[] = []
    for (const route of routes) {
      const name = route.join(' ').replace('HEAD', 'GET')
      if (open.has(name) || inside.has(name)) continue
      const status = await ask(route)
      if (status !== 401) wrong.push(`${name} → ${String(status)}`)
      const guessed = await ask(route, { authorization: 'Bearer guess', cookie: 'wellwatch_session=guess' })
      if (guessed !== 401) wrong.push(`${name} guessed → ${String(guessed)}`)
    }
    expect(wrong).toEqual([])
  })

  it('that changes something is closed to the wall, whatever it sends', async () => {
    const cookie = await world.as('wall').cookie()
    const wrong: string[] = []
    for (const route of await everyRoute()) {
      const [method, path] = route
      if (['GET', 'HEAD', 'OPTIONS'].includes(method) || ['/api/v1/session', '/api/v1/setup'].includes(path))
        continue
      const status = await ask(route, { cookie })
      // The doors of devices and platforms know no people.
      if (status !== 403 && !(status === 401 && /\/(device|push)\//.test(path)))
        wrong.push(`${route.join(' ')} → ${String(status)}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('N15 the ticket of another department', () => {
  it.each(['officer-area-1', 'crew-area-1', 'officer-network-ops', 'crew-network-ops'])(
    'is not changed by %s, by its own id or by any other',
    async (who) => {
      const before = await world.as('dispatcher').ticket(elsewhere.id)
      for (const command of [
        'accept',
        'assign',
        'contact',
        'arrive',
        'submit',
        'request_extension',
      ] as const) {
        const answer = await world.as(who).command(elsewhere.id, command, { reason: 'x', crewIds: [] })
        expect([command, answer.status, answer.body.code]).toEqual([command, 403, 'not-your-right'])
      }
      expect(await world.as('dispatcher').ticket(elsewhere.id)).toEqual(before)
      for (const id of ['1', nearTo(elsewhere.id), '../tickets', '%2e%2e']) {
        expect((await world.as(who).ask('GET', `/tickets/${encodeURIComponent(id)}`)).status).toBe(404)
      }
    },
  )

  it('shows its caller to nobody outside it, in no list, feed, search or export', async () => {
    const who = world.as('officer-area-1')
    const screen = await world.live('officer-area-1')
    await screen.next('snapshot')
    const seen = [JSON.stringify(screen.events)]
    for (const path of [
      '/tickets',
      `/tickets/${elsewhere.id}`,
      `/tickets/${elsewhere.number}`,
      '/incidents',
      '/tickets?q=13812345678',
      '/kpi.csv',
    ]) {
      seen.push(JSON.stringify((await who.ask('GET', path)).body))
    }
    expect(seen.join()).not.toContain('13812345678')
    expect((await who.get<{ items: unknown[] }>('/tickets?q=13812345678')).items).toEqual([])
  })

  it('audit and undelivered messages are not shown to it, photos are not found by guessing', async () => {
    const who = world.as('officer-area-1')
    for (const path of ['/audit', '/notifications', '/devices/set-aside']) {
      expect([path, (await who.ask('GET', path)).status]).toEqual([path, 403])
    }
    expect((await who.ask('GET', `/attachments/${nearTo(photoId)}`)).status).toBe(404)
    expect((await who.ask('DELETE', `/attachments/${photoId}`)).status).toBe(404)
  })
})

describe('N16 a step that is not yet one’s right', () => {
  it('a crew cannot finish without what the policy demands, nor review its own work', async () => {
    await world.as('officer-network-ops').does(cover.id, 'accept')
    const crew = world.as('crew-network-ops')
    const bare = await crew.command(cover.id, 'submit', { result: 'x', finalKind: 'cover', outcome: 'done' })
    expect(bare).toMatchObject({ status: 422 })
    expect(bare.body.clause).toBeTruthy()
    expect((await crew.command(cover.id, 'review', { pass: true })).status).toBe(403)
    expect((await crew.command(cover.id, 'callback', { reached: true })).status).toBe(403)
    expect((await world.as('dispatcher').ticket(cover.id)).state).toBe('accepted')
  })

  it.each([
    ['operator', 'POST', '/users', { id: 'x2', name: 'x', roles: ['admin'], password: 'a-long-enough-one' }],
    ['dispatcher', 'POST', '/devices/dev-w1/secret', {}],
    ['officer-network-ops', 'DELETE', '/users/dispatcher', undefined],
    ['engineer', 'POST', '/users', { id: 'x2', name: 'x', roles: ['admin'], password: 'a-long-enough-one' }],
    ['engineer', 'PUT', '/clock', { now: '2030-01-01T00:00:00+08:00' }],
    ['service', 'POST', '/network/imports', { type: 'FeatureCollection', features: [] }],
    ['crew-network-ops', 'PUT', '/roster', {}],
    ['admin', 'POST', '/calls', aCall()],
  ] as const)('%s: %s %s', async (who, method, path, body) => {
    expect((await world.as(who).ask(method, path, body)).status).toBe(403)
  })
})

describe('N17 fields that nobody may set', () => {
  it('of a command change nothing but what the command is for', async () => {
    const smuggled = {
      dueAt: '2030-01-01T00:00:00+08:00',
      level: 'third',
      departmentId: 'area-1',
      deptId: 'area-1',
      closedAt: '2026-01-15T23:00:00+08:00',
      state: 'archived',
      openedAt: '2020-01-01T00:00:00+08:00',
      actor: { id: 'admin', roles: ['admin'] },
      enteredAt: '2020-01-01T00:00:00+08:00',
      id: 'x',
      exercise: true,
      clocks: [],
      events: [],
      excludedMinutes: 9999,
      number: 'X-1',
      kind: 'consult',
      version2: 9,
    }
    const before = await world.as('dispatcher').ticket(cover.id)
    const after = await world.as('dispatcher').does(cover.id, 'note', { text: '补充', ...smuggled })
    const { version, events } = after
    expect({ ...after, version: 0, events: [] }).toEqual({ ...before, version: 0, events: [] })
    expect([version, events.length]).toEqual([before.version + 1, before.events.length + 1])
    const added = events.at(-1)
    expect(added).toMatchObject({ type: 'note', actor: { id: 'dispatcher' }, data: { text: '补充' } })
    expect(Object.keys(added?.data ?? {})).toEqual(['text'])
  })

  it('of a call, a person and a notice are refused or left out', async () => {
    const call = await world
      .as('operator')
      .ask<Taken>('POST', '/calls', {
        ...aCall({ assetId: 'w3', address: 'w3 路口' }),
        level: 'third',
        dueAt: '2030-01-01T00:00:00+08:00',
        ticketId: cover.id,
        firstResponder: { id: 'admin' },
      })
    if (call.status === 201) {
      expect(call.body.ticket).toMatchObject({ level: 'special' })
      expect(call.body.ticket.id).not.toBe(cover.id)
      expect(call.body.call.firstResponder.id).toBe('operator')
    } else expect(call.status).toBe(400)
    const person = {
      id: 'x3',
      name: 'x',
      roles: ['crew'],
      departmentId: 'area-1',
      password: 'a-long-enough-one',
    }
    for (const more of [{ passwordHash: 'x' }, { disabledAt: null }, { isAdmin: true }]) {
      expect((await world.as('admin').ask('POST', '/users', { ...person, ...more })).status).toBe(400)
    }
  })
})

describe('N18 a deadline', () => {
  it('of a cover is never put off', async () => {
    const asked = { reason: '需停热', dueAt: '2026-01-16T12:00:00+08:00' }
    const answer = await world.as('officer-network-ops').command(cover.id, 'request_extension', asked)
    expect(answer).toMatchObject({ status: 422, body: { code: 'guard-refused' } })
    expect(answer.body.clause).toBeTruthy()
  })

  it('moves by an approved extension alone, asked by the unit, approved by the desk, each with a name', async () => {
    const ticket = elsewhere
    const officer = world.as('officer-area-2')
    await officer.does(ticket.id, 'accept')
    const { dueAt } = await officer.ticket(ticket.id)
    const later = new Date(Date.parse(dueAt ?? '') + 6 * 3_600_000).toISOString()
    const asked = await officer.does(ticket.id, 'request_extension', { reason: '需停热', dueAt: later })
    expect(asked.dueAt).toBe(dueAt)
    const extensionId = asked.extensions[0]?.id
    for (const who of ['officer-area-2', 'crew-network-ops', 'operator', 'service', 'admin', 'wall']) {
      const answer = await world
        .as(who)
        .command(ticket.id, 'answer_extension', { extensionId, approve: true })
      expect([who, answer.status]).toEqual([who, 403])
    }
    const forged = { extensionId: 'x', approve: true }
    expect((await world.as('dispatcher').command(ticket.id, 'answer_extension', forged)).status).toBe(422)
    expect((await officer.ticket(ticket.id)).dueAt).toBe(dueAt)
    const answered = await world
      .as('dispatcher')
      .does(ticket.id, 'answer_extension', { extensionId, approve: true })
    expect(answered.events.slice(-2).map(({ type, actor }) => [type, actor.id])).toEqual([
      ['request_extension', 'officer-area-2'],
      ['answer_extension', 'dispatcher'],
    ])
    const clock = answered.clocks.find(({ dueAt: own }) => own === dueAt)
    expect(clock).toMatchObject({ dueAt })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import type { Problem } from '#contract/problem.ts'
import type { TicketView } from '#contract/ticket.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let incident: IncidentView
let ticket: TicketView

beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  incident = (await world.as('dispatcher').incidents())[0] as IncidentView
  ticket = (await world.as('dispatcher').tickets())[0] as TicketView
})
afterAll(() => world.close())

describe('a body means what it says: nothing of another type is taken for a field', () => {
  const until = '2026-01-16T02:00:00+08:00'
  const shelving = (): string => `/incidents/${incident.id}/shelve`
  const person = { id: 'night-desk', name: '夜班', roles: ['dispatcher'], password: 'a-long-enough-one' }
  const call = {
    kind: 'cover',
    contact: 'help',
    callerPhone: '13800000001',
    address: '解放路',
    beganUnknown: 'x',
  }

  it.each([
    ['POST', shelving, { until, reason: null }, 'reason'],
    ['POST', shelving, { until, reason: 7 }, 'reason'],
    ['POST', shelving, { until, reason: true }, 'reason'],
    ['POST', shelving, { until, reason: ['x'] }, 'reason'],
    ['POST', shelving, { until: null, reason: 'x' }, 'until'],
    ['POST', (): string => `/incidents/${incident.id}/merge`, { into: null, reason: 'x' }, 'into'],
    [
      'POST',
      () => `/tickets/${ticket.id}/commands`,
      { command: 'note', version: null, text: 'x' },
      'version',
    ],
    [
      'POST',
      (): string => `/tickets/${ticket.id}/commands`,
      { command: 'note', version: '1', text: 'x' },
      'version',
    ],
    ['POST', (): string => '/users', { ...person, name: null }, 'name'],
    ['POST', (): string => '/users', { ...person, roles: 'dispatcher' }, 'roles'],
    ['POST', (): string => '/users', { ...person, password: 12345678901 }, 'password'],
    ['POST', (): string => '/calls', { ...call, callerName: null }, 'callerName'],
    ['POST', (): string => '/calls', { ...call, callerPhone: 13800000001 }, 'callerPhone'],
    ['POST', (): string => '/calls', { ...call, hot: 'true' }, 'hot'],
    ['POST', (): string => '/session', { username: null, password: 'demo' }, 'username'],
  ] as const)('%s %s with %o is told its field', async (method, path, body, field) => {
    const person = path() === '/users' ? 'admin' : 'dispatcher'
    const answer = await world.as(person).ask<Problem>(method, path(), body)
    expect([400, 422]).toContain(answer.status)
    expect(answer.body.detail).toContain(field)
    expect(answer.body.detailEn).toContain(field)
  })

  it('a query is text, and says numbers and truths in it', async () => {
    const asked = await world.as('wall').ask('GET', '/tickets?limit=1')
    expect(asked.status).toBe(200)
    expect((await world.as('wall').ask('GET', '/network?live=false')).status).toBe(200)
    expect((await world.as('wall').ask('GET', '/tickets?limit=x')).status).toBe(400)
  })
})

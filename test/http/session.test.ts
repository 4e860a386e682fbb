import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp, actorWith, type Http } from '../../server/http/core/http.ts'
import { sessionRoutes } from '../../server/http/people/session-routes.ts'
import { pageRoutes } from '../../server/http/core/page-routes.ts'
import { peopleRoutes } from '../../server/http/people/people-routes.ts'
import { ensureDemoPeople, savePerson } from '../../server/flows/access/people.ts'
import { createFirstAdministrator } from '../../server/flows/access/first-administrator.ts'
import { createSignIn, digest } from '../../server/flows/access/sign-in.ts'
import { aRegistry } from '../support/network-registry.ts'
import { createLog } from '../../server/process/log.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
const AREA = { id: 'area-1', name: '运营一部' }
const db = openDatabase(':memory:')
const people = createPeopleStore(db)
const keys = new Map([
  [digest('local-key'), { kind: 'person', id: 'local', name: '本机', roles: ['engineer'] } as const],
])
const signIn = createSignIn(people, keys)
const firstAdministrator = createFirstAdministrator(people)
const DEPARTMENTS = new Set(['network-ops'])
let http: Http

beforeAll(async () => {
  await migrate(db)
  const { registry } = await aRegistry(db)
  await ensureDemoPeople(people, [AREA], NOON)
  http = await createHttp({
    log: createLog('silent'),
    identify: (token) => signIn.identify(token, Date.now()),
  })
  await http.register(sessionRoutes({ signIn, firstAdministrator, realNow: Date.now }))
  await http.register(peopleRoutes({ people, network: registry, clock: { now: () => NOON } }))
  await http.register(pageRoutes('/nonexistent'))
  http.get('/only-engineers', (request) => actorWith(request, 'engineer').id)
  http.get('/broken', () => {
    throw new Error('select secret from nowhere')
  })
})
afterAll(() => http.close())

async function enter(username: string, password = 'demo', headers: Record<string, string> = {}) {
  return http.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password }, headers })
}
async function cookieOf(username: string): Promise<string> {
  const [cookie] = (await enter(username)).cookies
  return `${cookie?.name ?? ''}=${cookie?.value ?? ''}`
}

describe('sessions', () => {
  it('tells who signed in and keeps the cookie from scripts', async () => {
    const response = await enter('officer-area-1')
    expect(response.json()).toEqual({
      user: { id: 'officer-area-1', name: '运营一部负责人', roles: ['officer'], departmentId: 'area-1' },
    })
    expect(response.cookies[0]).toMatchObject({ name: 'wellwatch_session', httpOnly: true, sameSite: 'Lax' })
  })

  it('end with signing out, whatever the cookie says', async () => {
    const cookie = await cookieOf('dispatcher')
    const ask = () => http.inject({ url: '/api/v1/session', headers: { cookie } })
    expect((await ask()).statusCode).toBe(200)
    await http.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } })
    const after = await ask()
    expect(after.statusCode).toBe(401)
    expect(after.headers['content-type']).toContain('application/problem+json')
    expect(after.json()).toMatchObject({ code: 'not-signed-in', status: 401 })
  })

  it('refuse a wrong password and an unknown name alike', async () => {
    const [wrong, unknown] = [await enter('engineer', 'nope'), await enter('nobody', 'nope')]
    expect(wrong.statusCode).toBe(401)
    expect(unknown.json()).toEqual(wrong.json())
  })

  it('slow down one name from one address, and nobody else', async () => {
    for (let i = 0; i < 5; i += 1) await enter('wall', 'guess')
    expect((await enter('wall')).statusCode).toBe(429)
    expect((await enter('admin')).statusCode).toBe(200)
  })

  it('are refused to the page of another origin, not to a program without one', async () => {
    const foreign = await enter('operator', 'demo', { origin: 'https://elsewhere.lan', host: 'here.lan' })
    expect(foreign.json()).toMatchObject({ code: 'wrong-origin', status: 403 })
    expect(
      (await enter('operator', 'demo', { origin: 'http://here.lan', host: 'here.lan' })).statusCode,
    ).toBe(200)
  })

  it('let a role in and keep another out', async () => {
    const as = async (name: string) =>
      (await http.inject({ url: '/only-engineers', headers: { cookie: await cookieOf(name) } })).statusCode
    expect([await as('engineer'), await as('operator')]).toEqual([200, 403])
    const local = await http.inject({
      url: '/only-engineers',
      headers: { authorization: 'Bearer local-key' },
    })
    expect(local.body).toBe('local')
  })
})

describe('people', () => {
  it('are added by an administrator, with a password of some length', async () => {
    const add = async (as: string, payload: object) =>
      http.inject({ method: 'POST', url: '/api/v1/users', payload, headers: { cookie: await cookieOf(as) } })
    const person = { id: 'night-desk', name: '夜班', roles: ['dispatcher'], password: 'a-long-enough-one' }
    expect((await add('operator', person)).statusCode).toBe(403)
    expect((await add('admin', { ...person, password: 'short' })).json()).toMatchObject({ code: 'bad-value' })
    expect((await add('admin', person)).statusCode).toBe(201)
    expect((await enter('night-desk', 'a-long-enough-one')).statusCode).toBe(200)
  })

  it('lose their sessions when they are disabled', async () => {
    await savePerson(
      people,
      { id: 'leaver', name: '离职', roles: ['operator'], password: 'a-long-enough-one' },
      NOON,
      DEPARTMENTS,
    )
    const [cookie] = (await enter('leaver', 'a-long-enough-one')).cookies
    const admin = await cookieOf('admin')
    await http.inject({ method: 'DELETE', url: '/api/v1/users/leaver', headers: { cookie: admin } })
    const headers = { cookie: `wellwatch_session=${cookie?.value ?? ''}` }
    expect((await http.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401)
  })

  it('are signed out everywhere by an administrator, and may sign in again', async () => {
    const phone = {
      id: 'lost-phone',
      name: '班组',
      roles: ['operator' as const],
      password: 'a-long-enough-one',
    }
    await savePerson(people, phone, NOON, DEPARTMENTS)
    const [cookie] = (await enter('lost-phone', phone.password)).cookies
    const signOut = async (as: string, id: string) => {
      const headers = { cookie: await cookieOf(as) }
      return (await http.inject({ method: 'DELETE', url: `/api/v1/users/${id}/sessions`, headers }))
        .statusCode
    }
    expect(await signOut('operator', 'lost-phone')).toBe(403)
    expect(await signOut('admin', 'nobody')).toBe(404)
    expect(await signOut('admin', 'lost-phone')).toBe(204)
    const headers = { cookie: `wellwatch_session=${cookie?.value ?? ''}` }
    expect((await http.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401)
    expect((await enter('lost-phone', phone.password)).statusCode).toBe(200)
  })

  it('of a department need one', async () => {
    const crew = { id: 'lost-crew', name: '班组', roles: ['crew' as const], password: 'a-long-enough-one' }
    expect(await savePerson(people, crew, NOON, DEPARTMENTS)).toMatchObject({
      code: 'missing-field',
      missing: ['departmentId'],
    })
  })
})

describe('errors', () => {
  it('hide what went wrong inside', async () => {
    const response = await http.inject({ url: '/broken' })
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain('select')
  })

  it('say in the same form that a path does not exist', async () => {
    expect((await http.inject({ url: '/api/v1/nothing?x=1' })).json()).toMatchObject({
      code: 'not-found',
      status: 404,
    })
  })

  it('name the field that is not right', async () => {
    const response = await http.inject({ method: 'POST', url: '/api/v1/session', payload: { username: 7 } })
    expect(response.json()).toMatchObject({ code: 'bad-request', status: 400 })
  })
})

import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { createOwnAccount } from '../../server/flows/access/own-account.ts'
import { savePerson } from '../../server/flows/access/people.ts'
import { createSignIn, digest } from '../../server/flows/access/sign-in.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { ownAccountRoutes } from '../../server/http/people/own-account-routes.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { silentLog } from '../support/silent-log.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
const [OLD, NEW] = ['a long password 1', 'a long password 2']
const db = openDatabase(':memory:')
const people = createPeopleStore(db)
const key = { kind: 'person', id: 'local', name: '本机', roles: ['engineer'] } as const
const signIn = createSignIn(people, new Map([[digest('local-key'), key]]))
let http: Http

beforeAll(async () => {
  await migrate(db)
  http = await createHttp({ log: silentLog, identify: (token) => signIn.identify(token, NOON) })
  await http.register(ownAccountRoutes(createOwnAccount(people), () => NOON))
})
afterAll(() => http.close())

async function aPerson(id: string) {
  await savePerson(people, { id, name: id, roles: ['dispatcher'], password: OLD }, NOON, new Set())
  return id
}
async function enter(username: string, password = OLD): Promise<string> {
  const answer = await signIn.signIn({ username, password, ip: '192.0.2.1' }, NOON)
  return 'token' in answer ? answer.token : answer.code
}
const ask = (method: 'GET' | 'PUT' | 'DELETE', what: string, token: string, payload?: object) =>
  http.inject({
    method,
    url: `/api/v1/me/${what}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  })
const change = (token: string, changes: object = {}) =>
  ask('PUT', 'password', token, { current: OLD, next: NEW, ...changes })
const isIn = async (token: string) => (await signIn.identify(token, NOON)) !== undefined

describe('PUT /me/password', () => {
  it('lets in by the new one alone, and ends every other session of this person', async () => {
    const [who, colleague] = [await aPerson('changes'), await aPerson('colleague')]
    const [here, phone, another] = [await enter(who), await enter(who), await enter(colleague)]
    expect((await change(here)).statusCode).toBe(204)
    expect([await isIn(here), await isIn(phone), await isIn(another)]).toEqual([true, false, true])
    expect(await enter(who)).toBe('wrong-credentials')
    expect(await isIn(await enter(who, NEW))).toBe(true)
  })

  it.each([
    ['a wrong current one', { current: 'another password' }, 422, 'bad-value'],
    ['the same again', { next: OLD }, 422, 'bad-value'],
    ['a short one', { next: 'short' }, 422, 'bad-value'],
    ['one of spaces', { next: ' '.repeat(12) }, 422, 'bad-value'],
    ['none', { next: undefined }, 400, 'bad-request'],
    ['a field of another route', { roles: ['admin'] }, 400, 'bad-request'],
  ])('refuses %s, and nothing changes', async (_, changes, status, code) => {
    const who = await aPerson('refused')
    const [here, phone] = [await enter(who), await enter(who)]
    expect((await change(here, changes)).json()).toMatchObject({ status, code })
    expect([await isIn(here), await isIn(phone)]).toEqual([true, true])
  })

  it('makes guesses slow, one after the other or all at once', async () => {
    const here = await enter(await aPerson('guessed'))
    for (let i = 0; i < 5; i += 1) expect((await change(here, { current: 'guess' })).statusCode).toBe(422)
    expect((await change(here)).statusCode).toBe(429)
    const another = await enter(await aPerson('flooded'))
    const all = await Promise.all(Array.from({ length: 8 }, () => change(another, { current: 'guess' })))
    expect(all.filter(({ statusCode }) => statusCode === 422)).toHaveLength(1)
  })

  it('is nothing for a key or for strangers', async () => {
    expect((await change('local-key')).json()).toMatchObject({ status: 403, code: 'not-your-right' })
    expect((await change('nobody')).statusCode).toBe(401)
  })
})

describe('/me/sessions', () => {
  it('lists one’s own, and ends all but the one that asks', async () => {
    const who = await aPerson('lists')
    const [here, phone, another] = [await enter(who), await enter(who), await enter(await aPerson('else'))]
    const { items } = (await ask('GET', 'sessions', here)).json<{ items: { current: boolean }[] }>()
    expect(items).toHaveLength(2)
    expect(items.filter(({ current }) => current)).toEqual([
      { createdAt: '2026-01-15T12:00:00+08:00', expiresAt: '2026-01-16T00:00:00+08:00', current: true },
    ])
    expect((await ask('DELETE', 'sessions', here)).statusCode).toBe(204)
    expect([await isIn(here), await isIn(phone), await isIn(another)]).toEqual([true, false, true])
    expect((await ask('GET', 'sessions', 'nobody')).statusCode).toBe(401)
  })
})

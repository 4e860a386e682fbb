import { afterEach, describe, expect, it } from 'vitest'
import { createFirstAdministrator } from '../../server/flows/access/first-administrator.ts'
import { savePerson } from '../../server/flows/access/people.ts'
import { createSignIn } from '../../server/flows/access/sign-in.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { auditRequests } from '../../server/http/people/audit-requests.ts'
import { sessionRoutes } from '../../server/http/people/session-routes.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { silentLog } from '../support/silent-log.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
const CODE = 'KM7P-3XQT-9HWD'
const CHIEF = { code: CODE, username: 'chief', password: 'a long password 1' }

let http: Http | undefined
afterEach(() => http?.close())

async function anEmptyInstallation() {
  const db = openDatabase(':memory:')
  await migrate(db)
  const people = createPeopleStore(db)
  const signIn = createSignIn(people)
  const audited: string[] = []
  let now = NOON
  const server = await createHttp({ log: silentLog, identify: (token) => signIn.identify(token, now) })
  http = server
  auditRequests(server, { record: ({ who, action }) => void audited.push(`${who} ${action}`) })
  const firstAdministrator = createFirstAdministrator(people, CODE)
  await server.register(sessionRoutes({ signIn, firstAdministrator, realNow: () => now }))
  return {
    people,
    audited,
    firstAdministrator,
    pass: (ms: number) => void (now += ms),
    ask: (url: string, cookie: string) => server.inject({ url, headers: { cookie } }),
    setUp: (changes: object = {}, remoteAddress = '192.0.2.1') =>
      server.inject({
        method: 'POST',
        url: '/api/v1/setup',
        payload: { ...CHIEF, ...changes },
        remoteAddress,
      }),
  }
}

describe('POST /setup', () => {
  it('makes the administrator with the code, signed in, and is over then', async () => {
    const { setUp, ask, audited, firstAdministrator, people } = await anEmptyInstallation()
    expect(await firstAdministrator.isAwaited()).toBe(true)
    const made = await setUp()
    expect(made.statusCode).toBe(201)
    expect(made.json()).toEqual({ user: { id: 'chief', name: 'chief', roles: ['admin'] } })
    const [cookie] = made.cookies
    expect((await ask('/api/v1/session', `${cookie?.name ?? ''}=${cookie?.value ?? ''}`)).json()).toEqual(
      made.json(),
    )
    expect(await firstAdministrator.isAwaited()).toBe(false)
    const again = await setUp({ username: 'second' })
    expect(again.json()).toMatchObject({ status: 409, code: 'conflict' })
    expect((await people.list()).map(({ id }) => id)).toEqual(['chief'])
    expect(audited).toEqual(['chief setup'])
  })

  it.each(['km7p3xqt9hwd', ' km7p 3xqt 9hwd ', 'KM7P3XQT-9HWD'])('takes the code as %j', async (code) => {
    expect((await (await anEmptyInstallation()).setUp({ code })).statusCode).toBe(201)
  })

  it.each([
    ['another code', { code: 'KM7P-3XQT-9HWE' }, 401, 'wrong-credentials'],
    ['a part of the code', { code: 'KM7P-3XQT' }, 401, 'wrong-credentials'],
    ['an empty code', { code: '' }, 401, 'wrong-credentials'],
    ['a name in capitals', { username: 'Chief' }, 422, 'bad-value'],
    ['a reserved name', { username: 'local' }, 422, 'bad-value'],
    ['a short password', { password: 'short' }, 422, 'bad-value'],
    ['a password of spaces', { password: ' '.repeat(12) }, 422, 'bad-value'],
    ['no password', { password: undefined }, 400, 'bad-request'],
    ['a number as code', { code: 7 }, 400, 'bad-request'],
    ['roles of one’s own', { roles: ['admin', 'engineer'] }, 400, 'bad-request'],
  ])('refuses %s, and still waits', async (_, changes, status, code) => {
    const { setUp, people, firstAdministrator } = await anEmptyInstallation()
    const refused = await setUp(changes)
    expect(refused.json()).toMatchObject({ status, code })
    expect(refused.cookies).toEqual([])
    expect(await people.list()).toEqual([])
    expect(await firstAdministrator.isAwaited()).toBe(true)
  })

  it('makes guesses slow at one address, also for who then knows it, and nobody else', async () => {
    const { setUp, pass } = await anEmptyInstallation()
    for (let i = 0; i < 5; i += 1) expect((await setUp({ code: `guess ${String(i)}` })).statusCode).toBe(401)
    expect((await setUp()).json()).toMatchObject({ status: 429, code: 'too-many-requests' })
    for (let i = 0; i < 60; i += 1) await setUp({ code: 'guess' }, `198.51.100.${String(i)}`)
    pass(1000)
    expect((await setUp({}, '192.0.2.2')).statusCode).toBe(201)
  })

  it('asked twice at once makes one', async () => {
    const { setUp, people } = await anEmptyInstallation()
    const both = await Promise.all([setUp({ username: 'left' }), setUp({ username: 'right' })])
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409])
    expect(await people.list()).toHaveLength(1)
  })

  it('stays closed where everybody was disabled since', async () => {
    const { setUp, people } = await anEmptyInstallation()
    const gone = { id: 'gone', name: '离职', roles: ['admin'] as const, password: 'a long password 1' }
    await savePerson(people, gone, NOON, new Set())
    await people.disable('gone', NOON)
    expect((await setUp()).statusCode).toBe(409)
  })
})

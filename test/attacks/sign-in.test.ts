import { describe, expect, it } from 'vitest'
import { createAttempts, FREE_TRIES_OF_PEOPLE } from '../../server/flows/access/attempts.ts'
import { savePerson, type PeopleStore } from '../../server/flows/access/people.ts'
import { createSignIn } from '../../server/flows/access/sign-in.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { isRefusal } from '../../server/contract/problem.ts'
import { aWorld } from '../support/world.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
const PASSWORD = 'correct horse battery'

describe('N2 N19 guessing passwords', () => {
  it('gets slow for one name at one address, twice as slow each time, up to five minutes', () => {
    const attempts = createAttempts(FREE_TRIES_OF_PEOPLE)
    const guess = { name: 'dispatcher', address: '10.0.0.9' }
    const waits: number[] = []
    for (let at = NOON, i = 0; i < 18; i += 1) {
      attempts.failed(guess, at)
      waits.push(attempts.waitMs(guess, at))
      at += attempts.waitMs(guess, at)
    }
    expect(waits.slice(0, 7)).toEqual([0, 0, 0, 0, 1000, 2000, 4000])
    expect(waits.at(-1)).toBe(300_000)
  })

  it('one password tried on everybody makes its address wait, not the colleagues who have signed in there', () => {
    const attempts = createAttempts(FREE_TRIES_OF_PEOPLE)
    attempts.succeeded({ name: 'officer', address: '10.0.0.9' })
    for (let i = 0; i < 60; i += 1) attempts.failed({ name: `guess-${String(i)}`, address: '10.0.0.9' }, NOON)
    const waits = (name: string, address: string) => attempts.waitMs({ name, address }, NOON) > 0
    expect(waits('guess-99', '10.0.0.9')).toBe(true)
    expect(waits('officer', '10.0.0.9')).toBe(false)
    expect(waits('guess-99', '10.0.0.10')).toBe(false)
  })

  it('one name tried from everywhere makes strangers wait, not the person at the usual place', () => {
    const attempts = createAttempts(FREE_TRIES_OF_PEOPLE)
    attempts.succeeded({ name: 'dispatcher', address: '10.0.0.9' })
    for (let i = 0; i < 80; i += 1)
      attempts.failed({ name: 'dispatcher', address: `203.0.113.${String(i)}` }, NOON)
    expect(attempts.waitMs({ name: 'dispatcher', address: '203.0.113.200' }, NOON)).toBeGreaterThan(0)
    expect(attempts.waitMs({ name: 'dispatcher', address: '10.0.0.9' }, NOON)).toBe(0)
    expect(attempts.waitMs({ name: 'engineer', address: '203.0.113.5' }, NOON)).toBe(0)
  })

  it('sent all at once are judged one after the other', async () => {
    const { signIn } = await aSignIn()
    const guesses = Array.from({ length: 40 }, (_, i) =>
      signIn.signIn({ username: 'chief', password: `guess ${String(i)}`, ip: '203.0.113.7' }, NOON),
    )
    const codes = (await Promise.all(guesses)).map((one) => (isRefusal(one) ? one.code : 'in'))
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'too-many-requests')).toHaveLength(35)
  })

  it('takes as long for a name that is unknown as for one that is known', async () => {
    const { signIn } = await aSignIn()
    const timed = async (username: string) => {
      const began = performance.now()
      await signIn.signIn({ username, password: 'x', ip: '203.0.113.8' }, NOON)
      return performance.now() - began
    }
    await timed('warm-up')
    // The quickest of three each: what else the machine does only ever adds.
    let [known, unknown] = [Infinity, Infinity]
    for (let i = 0; i < 3; i += 1) {
      known = Math.min(known, await timed('chief'))
      unknown = Math.min(unknown, await timed('nobody'))
    }
    expect(unknown).toBeGreaterThan(known / 4)
    expect(known).toBeGreaterThan(unknown / 4)
  })
})

describe('N19 a session', () => {
  it('ends when the password is changed, and with it every other device', async () => {
    const { signIn, people, enter } = await aSignIn()
    const [phone, desk] = [await enter(), await enter()]
    await savePerson(people, { ...CHIEF, password: 'another long password' }, NOON, DEPARTMENTS)
    expect(await signIn.identify(phone, NOON)).toBeUndefined()
    expect(await signIn.identify(desk, NOON)).toBeUndefined()
  })

  it('does not outlive a change of password, roles or standing that came while it was being opened', async () => {
    const { people } = await aSignIn()
    const changes: readonly (() => Promise<unknown>)[] = [
      () => savePerson(people, { ...CHIEF, password: 'another long password' }, NOON, DEPARTMENTS),
      () => savePerson(people, { ...CHIEF, roles: ['engineer'] }, NOON, DEPARTMENTS),
      () => people.disable(CHIEF.id, NOON),
    ]
    for (const change of changes) {
      await savePerson(people, CHIEF, NOON, DEPARTMENTS)
      // The password has been found right, and the change comes before the session is opened.
      const signIn = createSignIn({
        ...people,
        async openSession(...asked) {
          await change()
          return people.openSession(...asked)
        },
      })
      const late = await signIn.signIn({ username: CHIEF.id, password: PASSWORD, ip: '203.0.113.7' }, NOON)
      expect(isRefusal(late) ? late.code : 'in').toBe('wrong-credentials')
    }
  })

  it('that was planted in a browser before signing in ends with it; the cookie is new, Secure behind TLS', async () => {
    const world = await aWorld({ config: { httpTrustedProxies: '127.0.0.1' } })
    const planted = await world.as('wall').cookie()
    const response = await fetch(`${world.url()}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https', cookie: planted },
      body: JSON.stringify({ username: 'engineer', password: 'demo' }),
    })
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-wellwatch_session=[^;]+; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/)
    expect(cookie).not.toContain(planted)
    // Behind TLS only that one counts: a neighbour's page could have planted the other, before it or behind.
    const held = cookie.slice(0, cookie.indexOf(';'))
    const asked = (cookies: string) =>
      fetch(`${world.url()}/api/v1/session`, { headers: { cookie: cookies, 'x-forwarded-proto': 'https' } })
    const attackers = await world.as('dispatcher').cookie()
    for (const cookies of [held, `${attackers}; ${held}`, `${held}; ${attackers}`]) {
      expect(await (await asked(cookies)).json()).toMatchObject({ user: { id: 'engineer' } })
    }
    expect((await asked(attackers)).status).toBe(401)
    expect((await fetch(`${world.url()}/api/v1/session`, { headers: { cookie: planted } })).status).toBe(401)
    await world.close()
  })

  it('counts wrong passwords by the address that a trusted proxy names, and believes nobody else', async () => {
    const world = await aWorld()
    const guess = (from: string) =>
      fetch(`${world.url()}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: JSON.stringify({ username: 'admin', password: 'guess' }),
      })
    const codes: number[] = []
    for (let i = 0; i < 8; i += 1) codes.push((await guess(`198.51.100.${String(i)}`)).status)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
    await world.close()
  })
})

describe('N2 guessing a device secret over HTTP', () => {
  it('is slowed down for that device at that address, and never keeps its neighbours out', async () => {
    const world = await aWorld()
    const post = (id: string, secret: string) =>
      fetch(`${world.url()}/api/v1/device/${id}/telemetry`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: '{"battery_v":3.6}',
      })
    const codes: number[] = []
    for (let i = 0; i < 12; i += 1) codes.push((await post('dev-w1', `guess-${String(i)}`)).status)
    expect(codes).toEqual([...Array<number>(10).fill(401), 429, 429])
    expect((await post('dev-w1', 'demo')).status).toBe(429)
    expect((await post('dev-w2', 'demo')).status).toBe(202)
    await world.close()
  })
})

const DEPARTMENTS = new Set(['network-ops'])
const CHIEF = { id: 'chief', name: '班长', roles: ['dispatcher' as const], password: PASSWORD }

async function aSignIn() {
  const db = openDatabase(':memory:')
  await migrate(db)
  const people: PeopleStore = createPeopleStore(db)
  await savePerson(people, CHIEF, NOON, DEPARTMENTS)
  const signIn = createSignIn(people)
  const enter = async () => {
    const done = await signIn.signIn({ username: 'chief', password: PASSWORD, ip: '10.0.0.9' }, NOON)
    if (isRefusal(done)) throw new Error(done.detail)
    return done.token
  }
  return { signIn, people, enter }
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createDeviceCredentials,
  type DeviceCredentials,
} from '../../../server/flows/readings/device-credentials.ts'
import { openDatabase, type Database } from '../../../server/store/sql/database.ts'
import { createCredentialStore } from '../../../server/store/sql/device-credential-store.ts'
import { migrate } from '../../../server/store/sql/migrate.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
let db: Database
let credentials: DeviceCredentials

const withKey = (key: string) =>
  createDeviceCredentials({ store: createCredentialStore(db), key, clock: { now: () => NOON } })

beforeEach(async () => {
  db = openDatabase(':memory:')
  await migrate(db)
  credentials = withKey('installation key')
})
afterEach(() => db.destroy())

describe('a device secret', () => {
  it('issued at random is long, right for its device alone, and gone when reissued', async () => {
    const secret = await credentials.issue('d1')
    if (typeof secret !== 'string') throw new Error('refused')
    await credentials.issue('d2')
    expect(secret).toMatch(/^[\w-]{32}$/)
    expect(await credentials.verify('d1', secret)).toBe(true)
    expect(await credentials.verify('d2', secret)).toBe(false)
    expect(await credentials.verify('d1', `${secret}x`)).toBe(false)
    expect(await credentials.verify('d1', '')).toBe(false)
    await credentials.issue('d1')
    expect(await credentials.verify('d1', secret)).toBe(false)
  })

  it('chosen by hand is kept by argon2id and still right at the second, remembered, look', async () => {
    expect(await credentials.set('d1', 'twelve chars')).toBeUndefined()
    expect(await credentials.list()).toEqual([{ deviceId: 'd1', scheme: 'argon2id', issuedAt: NOON }])
    expect(await credentials.verify('d1', 'twelve charz')).toBe(false)
    expect(await credentials.verify('d1', 'twelve chars')).toBe(true)
    const started = performance.now()
    for (let n = 0; n < 200; n++) expect(await credentials.verify('d1', 'twelve chars')).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(await credentials.verify('d1', 'twelve charz')).toBe(false)
  })

  it('chosen by hand is no longer right once another was chosen, remembered or not', async () => {
    await credentials.set('d1', 'first secret')
    expect(await credentials.verify('d1', 'first secret')).toBe(true)
    await credentials.set('d1', 'other secret')
    expect(await credentials.verify('d1', 'first secret')).toBe(false)
  })

  it('does not let a flood of guesses at one device take the processor from the others', async () => {
    await credentials.set('d1', 'twelve chars')
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => credentials.verify('d1', `guess ${n}`)),
    )
    expect(answers).not.toContain(true)
    expect(await credentials.verify('d1', 'twelve chars')).toBe(true)
  })

  it.each([
    ['d1', 'short'],
    ['d1', 'x'.repeat(129)],
    ['+', 'twelve chars'],
    ['__proto__', 'twelve chars'],
  ])('is refused for %j when it is %j', async (id, secret) => {
    expect(await credentials.set(id, secret)).toMatchObject({ kind: 'refusal', code: 'bad-value' })
    expect(await credentials.list()).toEqual([])
  })

  it('revoked opens nothing until another is issued', async () => {
    const secret = (await credentials.issue('d1')) as string
    expect(await credentials.revoke('d1')).toBe(true)
    expect(await credentials.revoke('d1')).toBe(false)
    expect(await credentials.revoke('nobody')).toBe(false)
    expect(await credentials.verify('d1', secret)).toBe(false)
    expect(await credentials.list()).toEqual([
      { deviceId: 'd1', scheme: 'hmac-sha256', issuedAt: NOON, revokedAt: NOON },
    ])
    const next = (await credentials.issue('d1')) as string
    expect(await credentials.verify('d1', next)).toBe(true)
  })

  it('of an unknown device is wrong', async () => {
    for (const id of ['nobody', '', '__proto__', "' or 1=1 --"]) {
      expect(await credentials.verify(id, 'demo')).toBe(false)
    }
  })

  it('is of no use with a copy of the database and another key', async () => {
    const secret = (await credentials.issue('d1')) as string
    expect(await withKey('stolen, but not the key').verify('d1', secret)).toBe(false)
    const { hash } = await db.selectFrom('device_credential').select('hash').executeTakeFirstOrThrow()
    expect(hash).not.toContain(secret)
  })
})

describe('the demo secret', () => {
  it('is given to every device that has none, and to no other', async () => {
    const own = (await credentials.issue('d1')) as string
    await credentials.issue('d2')
    await credentials.revoke('d2')
    const imported = Array.from({ length: 2500 }, (_, n) => `spare-${n}`)
    await credentials.ensureAll(['d1', 'd2', ...imported], 'demo')
    await credentials.ensureAll(imported, 'demo')
    expect(await credentials.verify('spare-2499', 'demo')).toBe(true)
    expect(await credentials.verify('d1', 'demo')).toBe(false)
    expect(await credentials.verify('d1', own)).toBe(true)
    expect(await credentials.verify('d2', 'demo')).toBe(false)
    expect(await credentials.list()).toHaveLength(2502)
  })

  it('lets two thousand devices in within a second or two', async () => {
    const ids = Array.from({ length: 2000 }, (_, n) => `d${n}`)
    await credentials.ensureAll(ids, 'demo')
    const started = performance.now()
    const answers = await Promise.all(ids.map((id) => credentials.verify(id, 'demo')))
    expect(answers.every(Boolean)).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

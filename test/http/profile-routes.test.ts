import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '#contract/vocabulary.ts'
import { createProfiles } from '../../server/flows/foreign/profiles.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { profileRoutes } from '../../server/http/devices/profile-routes.ts'
import { createLog } from '../../server/process/log.ts'
import { startTranslator } from '../../server/profiles/translation-thread.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createProfileStore } from '../../server/store/sql/profile-store.ts'
import { CHIRPSTACK_DECODED, THINGSBOARD_GATEWAY } from '../profiles/messages.ts'

const db = openDatabase(':memory:')
const translator = startTranslator()
let http: Http
beforeAll(async () => {
  await migrate(db)
  http = await open()
})
afterAll(async () => {
  await http.close()
  await translator.close()
  await db.destroy()
})

async function open(): Promise<Http> {
  const profiles = await createProfiles({
    store: createProfileStore(db),
    translator,
    clock: { now: () => Date.parse('2026-01-15T12:00:00+08:00') },
    deviceOf: (alias) => (alias === 'dev_eui:0101010101010101' ? 'lid-1' : undefined),
  })
  const made = await createHttp({
    log: createLog('silent'),
    identify: (token) =>
      Promise.resolve({ id: token, name: token, roles: [token as Role], departments: [] } as never),
  })
  await made.register(profileRoutes(profiles))
  return made
}

async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: unknown, as = 'engineer') {
  const response = await http.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${as}` },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return {
    status: response.statusCode,
    body: (response.body === '' ? {} : response.json()) as Record<string, unknown>,
  }
}

const OWN = {
  title: { zh: '东区井盖', en: 'Lids of the east' },
  topics: ['lids/+/up'],
  encoding: 'json',
  expression: '{"alias": "serial:" & body.sn, "ts": body.t, "values": body.v}',
}

describe('profiles over HTTP', () => {
  it('list what is built in, and keep what is written over a restart', async () => {
    const saved = await ask('PUT', '/profiles/east-lids', OWN)
    expect(saved).toMatchObject({
      status: 200,
      body: { id: 'east-lids', builtIn: false, changedBy: 'engineer' },
    })
    await http.close()
    http = await open()
    const items = (await ask('GET', '/profiles')).body['items'] as { id: string; builtIn: boolean }[]
    expect(items.find(({ id }) => id === 'chirpstack-v4')).toMatchObject({ builtIn: true })
    expect(items.at(-1)).toMatchObject({ ...OWN, id: 'east-lids', changedAt: '2026-01-15T12:00:00+08:00' })
  })

  it('show what would become of a message, and whose it is', async () => {
    const tried = await ask('POST', '/profiles/try', { profile: 'chirpstack-v4', body: CHIRPSTACK_DECODED })
    expect(tried).toMatchObject({
      status: 200,
      body: {
        messages: [{ alias: 'dev_eui:0101010101010101', device: 'lid-1', values: { cover_open: true } }],
        problems: [],
      },
    })
    const pasted = { profile: OWN, body: '{"sn": 7, "t": 1763900000000, "v": {"tilt": 1, "note": "x"}}' }
    expect((await ask('POST', '/profiles/try', pasted)).body).toMatchObject({
      messages: [{ alias: 'serial:7', ts: 1_763_900_000_000, values: { cover_tilt_deg: 1 } }],
      leftOut: [{ path: 'note', why: 'wrong_type' }],
    })
    const frame = {
      ...OWN,
      encoding: 'hex',
      expression: '{"alias": "serial:" & body, "values": {"tilt": 1}}',
    }
    const bytes = { profile: frame, bodyBase64: Buffer.from([0xab, 1]).toString('base64') }
    expect((await ask('POST', '/profiles/try', bytes)).body).toMatchObject({
      messages: [{ alias: 'serial:ab01' }],
    })
  })

  it('say in a sentence why a message becomes nothing, with status 200', async () => {
    const wrong = { profile: 'chirpstack-v4', body: THINGSBOARD_GATEWAY }
    expect(await ask('POST', '/profiles/try', wrong)).toMatchObject({
      status: 200,
      body: {
        messages: [],
        problems: [{ messageEn: expect.stringContaining('does not understand') as string }],
      },
    })
    const bad = { profile: { ...OWN, expression: '{"alias": ' }, body: {} }
    expect((await ask('POST', '/profiles/try', bad)).body['problems']).toHaveLength(1)
  })

  it.each([
    ['/profiles/x', { ...OWN, expression: '$f(' }, 422],
    ['/profiles/x', { ...OWN, topics: ['a/#/b'] }, 422],
    ['/profiles/x', { ...OWN, topics: [] }, 422],
    ['/profiles/x', { ...OWN, encoding: 'xml' }, 400],
    ['/profiles/x', { ...OWN, expression: 'x'.repeat(20_000) }, 400],
    ['/profiles/tts-v3', OWN, 409],
  ])('refuse %s with %#', async (url, body, status) => {
    const refused = await ask('PUT', url, body)
    expect(refused).toMatchObject({ status, body: { detail: expect.any(String) as string } })
  })

  it('are deleted, but never the built-in ones', async () => {
    expect((await ask('DELETE', '/profiles/tts-v3')).status).toBe(409)
    await ask('PUT', '/profiles/gone', OWN)
    expect((await ask('DELETE', '/profiles/gone')).status).toBe(204)
    expect((await ask('DELETE', '/profiles/gone')).status).toBe(404)
    expect((await ask('POST', '/profiles/try', { profile: 'gone', body: 1 })).status).toBe(404)
  })

  it('are for engineers and administrators alone', async () => {
    for (const [method, url] of [
      ['GET', '/profiles'],
      ['PUT', '/profiles/x'],
      ['POST', '/profiles/try'],
    ] as const)
      expect((await ask(method, url, method === 'GET' ? undefined : OWN, 'dispatcher')).status).toBe(403)
  })
})

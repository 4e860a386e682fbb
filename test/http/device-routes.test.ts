import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIngest } from '../../server/flows/readings/ingest.ts'
import { createQuarantine } from '../../server/flows/readings/quarantine.ts'
import { deviceRoutes } from '../../server/http/devices/telemetry-routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import type { OpenJournal } from '../../server/journal/journal.ts'
import { aJournal, fault, faultyDisk, readAll, type Faults } from '../journal/support.ts'
import { silentLog } from '../support/silent-log.ts'

let dir: string
let journal: OpenJournal
let http: Http
let faults: Faults

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'http-ingest-'))
  faults = { datasyncs: 0 }
  journal = await aJournal(dir, { disk: faultyDisk(faults) })
  const { ingest } = createIngest({
    journal,
    quarantine: createQuarantine(),
    clock: { now: () => Date.UTC(2026, 0, 15, 14, 50) },
    standing: () => 'well',
  })
  http = await createHttp({ log: silentLog, identify: async () => undefined })
  await http.register(
    deviceRoutes({ ingest, verifyDevice: async (id, secret) => id === 'd1' && secret === 'right:secret' }),
  )
})
afterEach(async () => {
  await http.close()
  await journal.close()
  rmSync(dir, { recursive: true, force: true })
})

function post(
  payload: string | Buffer | undefined,
  options: { login?: string; type?: string; id?: string } = {},
) {
  const { login = 'd1:right:secret', type = 'application/json', id = 'd1' } = options
  return http.inject({
    method: 'POST',
    url: `/api/v1/device/${id}/telemetry`,
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      ...(type === '' ? {} : { 'content-type': type }),
    },
    ...(payload === undefined ? {} : { payload }),
  })
}

describe('telemetry over HTTP', () => {
  it('is in the journal when the 202 goes out, whatever the content type', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
    ]) {
      const response = await post('{"pressure_mpa":0.61}', { type })
      expect([response.statusCode, response.json()]).toEqual([202, { accepted: 1, rejected: [] }])
    }
    expect(await readAll(journal)).toHaveLength(4)
  })

  it('names the rejected samples by index', async () => {
    const response = await post('[{"pressure_mpa":0.6},{"pressure_mpa":"0,6"}]')
    expect(response.statusCode).toBe(202)
    expect(response.json()).toEqual({ accepted: 1, rejected: [{ index: 1, reason: 'wrong_type' }] })
  })

  it('with nothing usable is a problem that says why', async () => {
    const response = await post('[{"pressure_mpa":"x"}]')
    expect(response.statusCode).toBe(422)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({
      code: 'bad-value',
      status: 422,
      accepted: 0,
      rejected: [{ index: 0, reason: 'wrong_type' }],
    })
    expect((await post(undefined, { type: '' })).json()).toMatchObject({ rejected: [{ reason: 'empty' }] })
    expect((await post('')).statusCode).toBe(422)
  })

  it('takes a full 64 KiB and nothing larger', async () => {
    const full = Buffer.alloc(64 * 1024, 0x20)
    full.write('{"pressure_mpa":0.6}')
    expect((await post(full)).statusCode).toBe(202)
    for (const bytes of [64 * 1024 + 1, 200 * 1024]) {
      const response = await post(Buffer.alloc(bytes, 0x20))
      expect([response.statusCode, response.json().code]).toEqual([413, 'too-large'])
    }
  })

  it('needs the device’s own secret', async () => {
    for (const login of ['d1:wrong', 'd2:right:secret', 'd1', '']) {
      const response = await post('{"pressure_mpa":0.6}', { login })
      expect([response.statusCode, response.headers['www-authenticate']]).toEqual([
        401,
        expect.stringContaining('Basic'),
      ])
    }
    expect((await post('{"pressure_mpa":0.6}', { id: 'd2' })).statusCode).toBe(401)
    const anonymous = await http.inject({ method: 'POST', url: '/api/v1/device/d1/telemetry', payload: '{}' })
    expect(anonymous.statusCode).toBe(401)
    expect(await readAll(journal)).toEqual([])
  })

  it('answers 503 and keeps nothing when the disk is full, and recovers', async () => {
    faults.write = fault('ENOSPC')
    const response = await post('{"pressure_mpa":0.6}')
    expect([response.statusCode, response.json().code]).toEqual([503, 'journal-full'])
    faults.write = undefined
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await post('{"pressure_mpa":0.6}')).statusCode).toBe(202)
  })
})

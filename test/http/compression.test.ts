import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { API } from '#contract/routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { silentLog } from '../support/silent-log.ts'

const LONG = { items: Array.from({ length: 200 }, (_, i) => ({ id: i, name: `换热站 ${String(i)}` })) }
const LONG_TEXT = JSON.stringify(LONG)

let http: Http
let version = 7
beforeEach(async () => {
  http = await createHttp({
    log: silentLog,
    identify: () => Promise.resolve({ kind: 'person', id: 'd', name: 'd', roles: ['dispatcher'] }),
  })
  http.get(`${API}/long`, () => LONG)
  http.get(`${API}/short`, () => ({ id: 1 }))
  http.get(`${API}/photo`, (_, reply) => reply.type('image/jpeg').send(Buffer.alloc(5000)))
  http.get(`${API}/secret`, { config: { tellsSecret: true } }, () => ({ ...LONG, secret: 's' }))
  http.get(`${API}/version`, (_, reply) => reply.header('etag', `"${String(version)}"`).send([version, LONG]))
})
afterEach(() => http.close())

const ask = (path: string, accepted = 'gzip, deflate, br') =>
  http.inject({ url: `${API}${path}`, headers: { 'accept-encoding': accepted, authorization: 'Bearer x' } })

describe('an answer of the API', () => {
  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0, gzip;q=0.5', gunzipSync],
  ])('of more than a kilobyte travels as %s where the browser takes %s', async (encoding, accepted, undo) => {
    const { headers, rawPayload } = await ask('/long', accepted)
    expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' })
    expect(rawPayload.length).toBeLessThan(LONG_TEXT.length / 4)
    expect(undo(rawPayload).toString()).toBe(LONG_TEXT)
  })

  it.each([
    ['/long', 'identity', 'to a program that takes it plain'],
    ['/long', 'gzip;q=0', 'to a program that refuses it'],
    ['/short', 'br', 'where it is short'],
    ['/photo', 'br', 'of a photo'],
    ['/secret', 'br', 'that tells a secret'],
  ])('%s with %s is not compressed %s', async (path, accepted) => {
    expect((await ask(path, accepted)).headers['content-encoding']).toBeUndefined()
  })

  it('that is kept compressed by its version is another one with the next', async () => {
    const read = async () => brotliDecompressSync((await ask('/version')).rawPayload).toString()
    expect([await read(), await read()]).toEqual([`[7,${LONG_TEXT}]`, `[7,${LONG_TEXT}]`])
    version = 8
    expect(await read()).toBe(`[8,${LONG_TEXT}]`)
  })
})

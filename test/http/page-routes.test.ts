import { fastify } from 'fastify'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Http } from '../../server/http/core/http.ts'
import { pageRoutes } from '../../server/http/core/page-routes.ts'

const SCRIPT = 'console.log("热网哨")\n'.repeat(200)
const PAGE = '<!doctype html><title>热网哨</title>'

let folder: string
let http: Http

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), PAGE)
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), SCRIPT)
  writeFileSync(join(folder, 'assets', 'main-1a2b.js.gz'), gzipSync(SCRIPT))
  http = fastify() as unknown as Http
  await http.register(pageRoutes(folder))
})
afterEach(async () => {
  await http.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the built page', () => {
  it('comes compressed to whoever takes it so, for good under its name', async () => {
    const headers = { 'accept-encoding': 'gzip, deflate, br' }
    const got = await http.inject({ url: '/assets/main-1a2b.js', headers })
    expect(got.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    expect(got.rawPayload.length).toBeLessThan(SCRIPT.length / 10)
    expect(gunzipSync(got.rawPayload).toString()).toBe(SCRIPT)
  })

  it('comes plain to others', async () => {
    const got = await http.inject({ url: '/assets/main-1a2b.js' })
    expect(got.headers['content-encoding']).toBeUndefined()
    expect(got.body).toBe(SCRIPT)
  })

  it('opens at a deep link, and a file that was not compressed comes all the same', async () => {
    const headers = { accept: 'text/html', 'accept-encoding': 'gzip' }
    const got = await http.inject({ url: '/tickets/T-1', headers })
    expect(got.statusCode).toBe(200)
    expect(got.body).toBe(PAGE)
  })
})

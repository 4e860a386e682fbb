import { request as httpRequest } from 'node:http'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../support/world.ts'

let world: World
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
  const pageRoot = join(folder, 'dist')
  mkdirSync(join(pageRoot, 'assets'), { recursive: true })
  writeFileSync(join(pageRoot, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(pageRoot, '.env'), 'SECRET=dotfile')
  mkdirSync(join(pageRoot, '.git'))
  writeFileSync(join(pageRoot, '.git', 'config'), 'SECRET=git')
  writeFileSync(join(folder, 'outside.txt'), 'SECRET=outside')
  world = await aWorld({ pageRoot })
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Got {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** As the bytes say: no path is tidied on its way, no header is forbidden. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Got> {
  const { hostname, port } = new URL(world.url())
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const asked = httpRequest(
      { hostname, port, method, path, headers: { ...length, ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
const json = { 'content-type': 'application/json' }
const as = async (who: string) => ({ cookie: await world.as(who).cookie() })

describe('N20 a page of another origin', () => {
  it.each([
    'https://elsewhere.example',
    'null',
    'http://localhost.elsewhere.example',
    'http://127.0.0.1:1',
    'file://',
    'http://[::1]',
  ])('%s cannot act in a signed-in person’s name, whatever it sends', async (origin) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await send(
        method,
        '/api/v1/session',
        { ...(await as('wall')), ...json, origin },
        '{}',
      )
      expect([method, status]).toEqual([method, 403])
    }
    expect((await send('GET', '/api/v1/session', await as('wall'))).status).toBe(200)
  })

  it('is told of no resource that it may be read across origins, not even in a preflight', async () => {
    const origin = { origin: 'https://elsewhere.example' }
    const asked = { ...origin, 'access-control-request-method': 'POST' }
    for (const got of [
      await send('OPTIONS', '/api/v1/tickets', asked),
      await send('GET', '/api/v1/tickets', { ...origin, ...(await as('wall')) }),
      await send('GET', '/', origin),
    ]) {
      expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it('gets no live feed without a session', async () => {
    expect((await send('GET', '/api/v1/live')).status).toBe(401)
    expect((await send('GET', '/api/v1/live?token=demo', { cookie: 'wellwatch_session=guess' })).status).toBe(
      401,
    )
  })

  it('cannot frame the page, nor run a script in it that is not ours', async () => {
    const { headers } = await send('GET', '/')
    const policy = String(headers['content-security-policy'])
    const rule = (name: string) => new RegExp(`(?:^|;)${name} ([^;]*)`).exec(policy)?.[1]
    expect(rule('script-src')).toBe("'self'")
    expect(rule('script-src-attr')).toBe("'none'")
    expect(rule('style-src-elem')).toBe("'self'")
    expect(rule('object-src')).toBe("'none'")
    expect(rule('base-uri')).toBe("'none'")
    expect(rule('frame-ancestors')).toBe("'none'")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('N25 a packed request', () => {
  it.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-gzip'])(
    '%s is not unpacked',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
      const before = process.memoryUsage.rss()
      const engineer = await as('engineer')
      for (const path of [
        '/api/v1/session',
        '/api/v1/network/imports',
        '/api/v1/calls',
        '/api/v1/attachments',
      ]) {
        const headers = { ...json, ...engineer, 'content-encoding': encoding }
        expect([path, (await send('POST', path, headers, bomb)).status]).toEqual([path, 415])
      }
      expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 1024 * 1024)
    },
  )
})

describe('N26 a path out of the page’s folder', () => {
  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/%2e%2e%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/..%5coutside.txt',
    '/....//outside.txt',
    '/%252e%252e/outside.txt',
    '/assets/%c0%ae%c0%ae/outside.txt',
    '/..;/outside.txt',
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/assets/../.git/config',
    '//.env',
    '/\0/outside.txt'.replace('\0', '%00'),
    '/index.html%00.txt',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await send('GET', path, { accept: '*/*' })
    expect(body).not.toContain('SECRET')
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('while the page itself is served', async () => {
    expect((await send('GET', '/')).body).toContain('<title>page</title>')
  })
})

describe('N27 what is long, deep or costly', () => {
  it('of a body beyond 1 MB is refused before it is read, by route', async () => {
    const { status } = await send('POST', '/api/v1/session', json, Buffer.alloc(1024 * 1024 + 1, 0x20))
    expect(status).toBe(413)
  })

  it.each([
    ['arrays', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['arrays without an end', '['.repeat(500_000)],
  ])('of JSON nested in %s is one clear error, also under an Idempotency-Key', async (_what, body) => {
    const headers = { ...json, ...(await as('operator')), 'idempotency-key': 'deep' }
    for (const path of [
      '/api/v1/calls',
      '/api/v1/tickets/x/commands',
      '/api/v1/calls/external',
      '/api/v1/notices',
    ]) {
      const got = await send('POST', path, headers, body)
      expect([path, got.status]).toEqual([path, 400])
    }
  })

  it.each([
    '/tickets?limit=100000',
    '/tickets?limit=-1',
    '/incidents?limit=100000',
    '/assets?q=a&limit=100000',
    '/notifications?limit=100000',
    '/readings?device=dev-w1&points=99999999',
    `/tickets?q=${'a'.repeat(5000)}`,
    `/tickets?cursor=${'1'.repeat(5000)}`,
    `/assets?near=${'1'.repeat(3000)},1`,
  ])('%s is refused, not obeyed', async (path) => {
    const got = await send('GET', `/api/v1${path}`, await as('admin'))
    expect([400, 422]).toContain(got.status)
  })

  it('in a search costs what any search costs: nothing in it is a pattern', async () => {
    const admin = await as('admin')
    const evil = [
      '(a+)+$',
      '%'.repeat(90),
      '_'.repeat(90),
      '*'.repeat(90),
      `${'a'.repeat(60)}!`,
      '(.*)*\\1',
      '[',
    ]
    for (const q of evil) {
      const began = performance.now()
      for (const path of ['/tickets', '/assets', '/calls/matches']) {
        const name = path === '/calls/matches' ? 'address' : 'q'
        const got = await send('GET', `/api/v1${path}?${name}=${encodeURIComponent(q)}`, admin)
        expect([q, path, got.status]).toEqual([q, path, 200])
      }
      expect(performance.now() - began).toBeLessThan(1000)
    }
  })
})

describe('N28 what an error or an open door tells', () => {
  it('is a code and a sentence, never a stack, a statement or a path', async () => {
    const admin = await as('admin')
    const asked: readonly (readonly [string, string, Record<string, string>, string?])[] = [
      ['GET', "/api/v1/tickets/'%20or%201=1--", admin],
      ['GET', '/api/v1/readings?device=dev-w1&signal=%22%3Bdrop', admin],
      ['GET', '/api/v1/kpi?from=%00', admin],
      ['POST', '/api/v1/session', json, '{'],
      ['POST', '/api/v1/users', { ...json, ...admin }, '{"id":7}'],
      ['POST', '/api/v1/attachments', { ...admin, 'content-type': 'multipart/form-data' }, 'x'],
      ['GET', '/api/v1/attachments/nothing', admin],
      ['DELETE', '/api/v1/devices/none/secret', admin],
      ['GET', '/%', {}],
      ['TRACE', '/', {}],
    ]
    for (const [method, path, headers, body] of asked) {
      const got = await send(method, path, headers, body)
      expect([method, path, got.status >= 400 && got.status < 500]).toEqual([method, path, true])
      expect(got.body).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|select |insert |SQLITE/i)
    }
  })

  it('of measurements and documentation is for this machine, signed-in people and the key', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.7' }
    for (const path of ['/metrics', '/api/docs', '/api/docs/', '/api/docs/json', '/api/openapi.json']) {
      expect([path, (await send('GET', path, forwarded)).status]).toEqual([path, 401])
      expect([path, (await send('GET', path, { forwarded: 'for=198.51.100.7' })).status]).toEqual([path, 401])
      const inside = (await send('GET', path, { ...forwarded, ...(await as('wall')) })).status
      expect([path, inside < 400]).toEqual([path, true])
      expect([path, (await send('GET', path)).status < 400]).toEqual([path, true])
    }
  })

  it('of measurements is not opened by another key', async () => {
    const keyed = await aWorld({ config: { metricsKey: 'a-key-for-the-collector' } })
    const read = (key: string) =>
      fetch(`${keyed.url()}/metrics`, { headers: { authorization: `Bearer ${key}`, via: '1.1 proxy' } })
    expect((await read('a-key-for-the-collector')).status).toBe(200)
    expect((await read('a-key-for-the-collectoR')).status).toBe(401)
    expect((await read('')).status).toBe(401)
    await keyed.close()
  })
})

describe('N31 names of the language in data', () => {
  it('of JSON and of queries change nothing but their own request', async () => {
    const admin = await as('admin')
    const dispatcher = await as('dispatcher')
    for (const body of [
      '{"__proto__":{"roles":["admin"]},"username":"x","password":"y"}',
      '{"constructor":{"prototype":{"polluted":true}},"username":"x","password":"y"}',
      '{"a":{"__proto__":{"polluted":true}}}',
      '{"\\u005f_proto__":{"polluted":true}}',
    ]) {
      for (const path of [
        '/session',
        '/calls',
        '/notices',
        '/users',
        '/tickets/x/commands',
        '/calls/external',
      ]) {
        const got = await send('POST', `/api/v1${path}`, { ...json, ...admin }, body)
        expect([path, got.status >= 400 && got.status < 500]).toEqual([path, true])
      }
    }
    for (const query of [
      '__proto__[polluted]=1',
      'constructor[prototype][polluted]=1',
      '__proto__=1',
      'q[__proto__]=1',
    ]) {
      const got = await send('GET', `/api/v1/tickets?${query}`, dispatcher)
      expect(got.status).toBeLessThan(500)
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(({} as { roles?: unknown }).roles).toBeUndefined()
    expect((await send('GET', '/api/v1/users', { cookie: '__proto__=1' })).status).toBe(401)
  })
})

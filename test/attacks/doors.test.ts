import { request as httpRequest } from 'node:http'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverProcess } from '../support/server-process.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld({ config: { publicNames: 'heat.city.example, rw.example' } })
})
afterAll(() => world.close())

interface Got {
  readonly status: number
  readonly cookies: readonly string[]
}
function send(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Got> {
  const { hostname, port } = new URL(world.url())
  return new Promise((resolve, reject) => {
    const json = body === '' ? {} : { 'content-type': 'application/json' }
    const sent = { ...json, 'content-length': String(body.length), ...headers }
    const asked = httpRequest({ hostname, port, method, path, headers: sent }, (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, cookies: response.headers['set-cookie'] ?? [] })
      })
    })
    asked.on('error', reject).end(body)
  })
}
const SESSION = '/api/v1/session'
const login = (username: string, password: string) => JSON.stringify({ username, password })
const tokenIn = (cookie: string) => cookie.split('=')[1]?.split(';')[0] ?? ''

describe('a page whose name was pointed to our address', () => {
  it.each([
    'evil.example',
    'evil.example:8080',
    'EVIL.example.',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
  ])('signs nobody in and reads nothing as %s', async (host) => {
    const origin = `http://${host}`
    expect((await send('POST', SESSION, { host, origin }, login('admin', 'demo'))).status).toBe(421)
    expect((await send('GET', '/metrics', { host })).status).toBe(421)
    expect((await send('GET', SESSION, { host, 'x-forwarded-host': 'localhost' })).status).toBe(421)
  })

  it.each([
    'localhost:8080',
    '127.0.0.1',
    '[::1]:8080',
    '192.0.2.7',
    'wellwatch',
    'rw-server.lan',
    'heat.city.example',
    'rw.example:8080',
  ])('while %s is ours', async (host) => {
    const headers = { host, origin: `http://${host}` }
    expect((await send('POST', SESSION, headers, login('admin', 'demo'))).status).toBe(200)
  })

  it('devices and probes may use any name: they hold no session', async () => {
    const host = 'platform.example'
    expect((await send('GET', '/livez', { host })).status).toBe(200)
    expect((await send('POST', '/api/v1/device/dev-w1/telemetry', { host }, '{}')).status).toBe(401)
  })

  it('behind a proxy of ours with TLS any name passes: no certificate fits a stranger’s', async () => {
    const behind = await aWorld({ config: { httpTrustedProxies: '127.0.0.1' }, network: 'none' })
    const headers = { 'x-forwarded-proto': 'https', host: 'any.example' }
    const { port } = new URL(behind.url())
    const status = await new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path: SESSION, headers }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .on('error', reject)
        .end()
    })
    expect(status).toBe(401)
    await behind.close()
  })
})

describe('signing out', () => {
  it('ends a session that is carried as a bearer token, and the live feed with it at once', async () => {
    const { cookies } = await send('POST', SESSION, {}, login('engineer', 'demo'))
    const headers = { authorization: `Bearer ${tokenIn(cookies[0] ?? '')}` }
    const feed = await fetch(`${world.url()}/api/v1/live`, { headers })
    const ended = feed.text()
    expect((await send('DELETE', SESSION, headers)).status).toBe(204)
    // Without being told it would be 10 s.
    expect(await Promise.race([ended.then(() => 'ended'), sleep(3000, 'runs on')])).toBe('ended')
    expect((await send('GET', SESSION, headers)).status).toBe(401)
  })

  it('by an administrator ends the live feeds of that person, and nobody else’s', async () => {
    const open = async (who: string) => {
      const feed = await fetch(`${world.url()}/api/v1/live`, {
        headers: { cookie: await world.as(who).cookie() },
      })
      return Promise.race([feed.text().then(() => 'ended'), sleep(3000, 'runs on')])
    }
    const [service, operator] = [open('service'), open('operator')]
    await sleep(200)
    await world.as('admin').ask('DELETE', '/users/service/sessions')
    expect(await Promise.all([service, operator])).toEqual(['ended', 'runs on'])
  })
})

describe('guessing', () => {
  it('from everywhere makes strangers wait, and not who brings a browser that has signed in before', async () => {
    const behind = await aWorld({ config: { httpTrustedProxies: '127.0.0.1' }, network: 'none' })
    const enter = async (from: string, password: string, cookie = '') => {
      const response = await fetch(behind.url() + SESSION, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from, cookie },
        body: login('dispatcher', password),
      })
      return { status: response.status, cookies: response.headers.getSetCookie() }
    }
    const [, device = ''] = (await enter('10.0.0.9', 'demo')).cookies
    expect(device).toMatch(
      /^wellwatch_device_[0-9a-f]{12}=[^;]+; Path=\/api\/v1\/session; Expires=.*2027.*; HttpOnly; SameSite=Lax$/,
    )
    const cookie = device.slice(0, device.indexOf(';'))
    for (let i = 0; i < 50; i += 1) await enter(`203.0.113.${String(i)}`, 'guess')
    expect((await enter('198.51.100.1', 'demo')).status).toBe(429)
    expect((await enter('198.51.100.1', 'demo', `${cookie.slice(0, -1)}x`)).status).toBe(429)
    const known = await enter('198.51.100.1', 'demo', cookie)
    expect([known.status, known.cookies.length]).toEqual([200, 1])
    // Who has stolen it guesses no more than anybody at one address.
    const codes: number[] = []
    for (let i = 0; i < 7; i += 1)
      codes.push((await enter(`198.51.100.${String(i)}`, 'guess', cookie)).status)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429])
    await behind.close()
  })
})

describe('the key of this machine’s own commands', () => {
  it('opens nothing from another machine, nor through a proxy on this one', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.internal === false && each.family === 'IPv4')?.address
    const open = await aWorld({ config: { host: '0.0.0.0', clock: 'system' }, network: 'none' })
    const authorization = `Bearer ${readFileSync(join(open.dir, 'local.key'), 'utf8').trim()}`
    const { port } = new URL(open.url())
    const ask = async (host: string, headers: Record<string, string> = {}) =>
      (await fetch(`http://${host}:${port}${SESSION}`, { headers: { authorization, ...headers } })).status
    expect(await ask('127.0.0.1')).toBe(200)
    expect(await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' })).toBe(401)
    if (outside !== undefined) expect(await ask(outside)).toBe(401)
    await open.close()
  })
})

describe('a signal', () => {
  it('does not open the debugger', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'signal-'))
    const server = await serverProcess(dir)
    await server.start()
    process.kill(server.pid(), 'SIGUSR1')
    await server.until(/SIGUSR1/)
    expect(server.said()).not.toContain('Debugger listening')
    await server.stop()
    await server.remove()
    rmSync(dir, { recursive: true, force: true })
  })
})

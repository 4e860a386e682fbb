import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { eventually, run, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { aTown, openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 90_000 })

const made: { remove(): unknown }[] = []
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

function aDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'start-'))
  made.push({ remove: () => rmSync(dir, { recursive: true, force: true }) })
  return dir
}
async function aServer(env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await serverProcess(await furnishedDir(), { env })
  made.push(server)
  await server.start()
  return server
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Overwrites the first page of a table and of its index, as a failing disk would. */
function smashTable(path: string, table: string): void {
  const db = new DatabaseSync(path)
  db.exec('pragma wal_checkpoint(truncate)')
  const pages = db.prepare('select rootpage from sqlite_master where tbl_name = ?').all(table)
  const bytes = Number(db.prepare('pragma page_size').get()?.['page_size'])
  db.close()
  const file = openSync(path, 'r+')
  const noise = Buffer.alloc(bytes, 0xff)
  for (const { rootpage } of pages) writeSync(file, noise, 0, bytes, (Number(rootpage) - 1) * bytes)
  closeSync(file)
}

describe('the server process', () => {
  it('says every mistake of its configuration at once and exits 2', async () => {
    const dir = aDir()
    const { code, err, out } = await run(['server/main.ts'], {
      WELLWATCH_DATA_DIR: join(dir, 'data'),
      WELLWATCH_HTTP_PORT: 'eighty',
      WELLWATCH_CLOCK: 'sundial',
      WELLWATCH_MQTT_MAX_PER_IP: '0',
      WELLWATCH_INFLUX_TOKEN_FILE: join(dir, 'nowhere'),
    })
    expect(code).toBe(2)
    for (const name of ['HTTP_PORT', 'CLOCK', 'MQTT_MAX_PER_IP', 'INFLUX_TOKEN_FILE']) {
      expect(err).toContain(`WELLWATCH_${name}`)
    }
    expect(err).not.toMatch(/\bat .+\.ts:\d+/)
    expect(out).toBe('')
  })

  it('refuses a rule book that cannot be used, and a manual clock in public', async () => {
    const dir = aDir()
    writeFileSync(join(dir, 'policy.json'), '{"id":"x"}')
    const policy = await run(['server/main.ts'], {
      WELLWATCH_DATA_DIR: join(dir, 'data'),
      WELLWATCH_POLICY_FILE: join(dir, 'policy.json'),
      WELLWATCH_HTTP_PORT: '0',
      WELLWATCH_MQTT_PORT: '0',
    })
    expect(policy.code).toBe(2)
    expect(policy.err).toContain('The rules cannot be used')
    const clock = await run(['server/main.ts'], {
      WELLWATCH_DATA_DIR: join(dir, 'data'),
      WELLWATCH_CLOCK: 'manual',
      WELLWATCH_HOST: '0.0.0.0',
    })
    expect(clock.code).toBe(2)
    expect(clock.err).toContain('loopback')
  })

  it('F19 holds its directory alone and serves an import meanwhile; a bad file is refused', async () => {
    const server = await aServer()
    expect(readFileSync(join(server.dir, 'server.pid'), 'utf8').trim()).toBe(String(server.pid()))
    const second = await run(['server/main.ts'], {
      ...server.env,
      WELLWATCH_HTTP_PORT: '0',
      WELLWATCH_MQTT_PORT: '0',
    })
    expect(second.code).toBe(2)
    expect(second.err).toContain('is in use by another Wellwatch server')
    expect(second.err).toContain(String(server.pid()))
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)

    const file = join(aDir(), 'town.geojson')
    writeFileSync(file, JSON.stringify(aTown('解放路一号井')))
    const dry = await run(['server/cli.ts', 'import', '--dry-run', file], server.env)
    expect(dry).toMatchObject({ code: 0 })
    expect(await server.as('engineer').get('/assets/w1')).toMatchObject({ networkVersion: 1 })
    const imported = await run(['server/cli.ts', 'import', file], server.env)
    expect(imported).toMatchObject({ code: 0 })
    expect(await server.as('engineer').get('/assets/w1')).toMatchObject({ name: '解放路一号井' })
    writeFileSync(
      file,
      JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {} }] }),
    )
    expect((await run(['server/cli.ts', 'import', file], server.env)).code).toBe(1)
  })

  it('F21 stops on SIGTERM within ten seconds under load; then an import opens the directory itself', async () => {
    const server = await aServer()
    const load = (async () => {
      for (let i = 0; i < 100_000; i += 1) await server.publish('dev-w2', { battery_v: 3.6 })
    })().catch(() => 'cut off')
    const began = performance.now()
    expect(await server.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(await load).toBe('cut off')
    expect(server.said()).not.toMatch(/"level":(50|60)/)
    // Without a server the command opens the directory itself.
    const file = join(aDir(), 'town.geojson')
    writeFileSync(file, JSON.stringify(aTown('解放路一号井')))
    expect((await run(['server/cli.ts', 'import', file], server.env)).code).toBe(0)
    await server.start()
    expect(await server.as('engineer').get('/assets/w1')).toMatchObject({
      name: '解放路一号井',
      networkVersion: 2,
    })
  })

  it('F21 stops in order on a SIGTERM that comes while it opens', async () => {
    const early = new URL('../support/stop-when-listening.ts', import.meta.url).pathname
    const env = {
      WELLWATCH_DATA_DIR: join(aDir(), 'data'),
      WELLWATCH_HTTP_PORT: '0',
      WELLWATCH_MQTT_PORT: '0',
    }
    const { code, out } = await run(['--import', early, 'server/main.ts'], env)
    expect(code).toBe(0)
    expect(out).toContain('"stopping"')
    expect(out).not.toContain('"listening"')
  })

  it('F5 stops, and is not to be started again, once its directory is gone: nothing can be kept any more', async () => {
    const server = await aServer()
    rmSync(server.dir, { recursive: true, maxRetries: 20, retryDelay: 5 })
    await server.until(/removed or moved while the server ran: nothing can be kept\n$/)
    expect(await server.stop()).toBe(2)
    expect(existsSync(server.dir)).toBe(false)
  })

  it('F6 refuses a damaged database in words and exits 2', async () => {
    const dir = aDir()
    writeFileSync(join(dir, 'wellwatch.sqlite'), 'x'.repeat(8192))
    const started = await run(['server/main.ts'], { WELLWATCH_DATA_DIR: dir })
    expect(started.code).toBe(2)
    expect(started.err).toMatch(/wellwatch\.sqlite is damaged .*\n.*restore the last backup/)
  })

  it('F6 does so too where only what brings it up to date meets the damaged page, and so do its commands', async () => {
    const dir = await furnishedDir()
    made.push({ remove: () => rmSync(dir, { recursive: true, force: true }) })
    smashTable(join(dir, 'wellwatch.sqlite'), 'kysely_migration_lock')
    const env = { WELLWATCH_DATA_DIR: dir, WELLWATCH_HTTP_PORT: '0', WELLWATCH_MQTT_PORT: '0' }
    for (const args of [['server/main.ts'], ['server/cli.ts', 'users', 'list']]) {
      const ran = await run(args, env)
      expect([args, ran.code]).toEqual([args, 2])
      expect(ran.err).toMatch(/wellwatch\.sqlite is damaged .*\n.*restore the last backup/)
    }
    const backup = await run(['server/cli.ts', 'backup', join(aDir(), 'backup')], env)
    expect(backup.code).toBe(2)
    expect(backup.err).toMatch(/^\S+wellwatch\.sqlite is damaged .*\n.*\n$/)
  })

  it('lives by the system’s clock: an open cover is a ticket half a minute later at most', async () => {
    const server = await aServer()
    await server.publish('dev-w1', openCover(Date.now() - 40_000, 3))
    const [ticket] = await eventually(
      () => server.as('dispatcher').tickets(),
      (tickets) => tickets.length > 0,
    )
    expect(ticket).toMatchObject({ kind: 'cover', level: 'special', state: 'dispatched' })
    expect(Math.abs(Date.parse(ticket?.openedAt ?? '') - Date.now())).toBeLessThan(15_000)
    expect(await server.as('admin').ask('PUT', '/clock', { now: '2030-01-01T00:00:00+08:00' })).toMatchObject(
      { status: 409 },
    )
  })

  it('shows a one-time code at each start until somebody has an account, and keeps it nowhere', async () => {
    const [dir, logFile] = [aDir(), join(aDir(), 'log.json')]
    const server = await serverProcess(dir, { env: { WELLWATCH_LOG_FILE: logFile } })
    made.push(server)
    const codes = () => server.said().match(/(?<=one-time code )[A-Z2-9]{4}(-[A-Z2-9]{4}){2}/g) ?? []
    await server.start()
    await server.until(/one-time code/)
    await server.stop()
    await server.start()
    await eventually(
      async () => codes().length,
      (count) => count === 2,
    )
    const [before = '', code = ''] = codes()
    expect(before).not.toBe(code)
    const setUp = (given: string) =>
      fetch(`${server.url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: given, username: 'chief', password: 'a long password 1' }),
      })
    expect((await setUp(before)).status).toBe(401)
    const answer = await setUp(code)
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ user: { id: 'chief', name: 'chief', roles: ['admin'] } })
    await server.stop()
    await server.start()
    expect((await setUp(code)).status).toBe(409)
    expect(codes()).toHaveLength(2)
    const kept = [logFile, ...filesUnder(dir)].map((path) => readFileSync(path, 'latin1'))
    expect(kept.filter((text) => [before, code].some((one) => text.includes(one)))).toEqual([])
  })

  it('takes its first administrator from the command line', async () => {
    const dir = aDir()
    const env = { WELLWATCH_DATA_DIR: dir }
    const short = await run(['server/cli.ts', 'users', 'add', 'chief', '--role', 'admin'], env, 'short\n')
    expect(short.code).toBe(1)
    const added = await run(
      ['server/cli.ts', 'users', 'add', 'chief', '--role', 'admin'],
      env,
      'a long password 1\n',
    )
    expect(added).toMatchObject({ code: 0 })
    const listed = await run(['server/cli.ts', 'users', 'list'], env)
    expect(listed.out).toMatch(/^chief\t/m)
    expect(listed.out).not.toContain('a long password')
  })
})

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Manifest } from '../../server/backup/manifest.ts'
import { at } from '../support/desk-world.ts'
import { run, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 120_000 })

const MANUAL = { WELLWATCH_CLOCK: 'manual' }
const servers: ServerProcess[] = []
let shelf: string
beforeEach(() => {
  shelf = mkdtempSync(join(tmpdir(), 'shelf-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.remove()
  rmSync(shelf, { recursive: true, force: true })
})

async function aServer(dir: string): Promise<ServerProcess> {
  const server = await serverProcess(dir, { env: MANUAL })
  servers.push(server)
  await server.start()
  return server
}
const command = (dir: string, ...args: string[]) =>
  run(['server/cli.ts', ...args], { WELLWATCH_DATA_DIR: dir })
const manifestOf = (backup: string) =>
  JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as Manifest

/** Messages of one device, one after the other, until told to stop; the last one acknowledged is known. */
function chatter(server: ServerProcess, from: number) {
  let acknowledged = 0
  let isOn = true
  const done = (async () => {
    while (isOn) {
      await server.publish('dev-w2', { ts: from + acknowledged * 10, values: { battery_v: 3.6 } })
      acknowledged += 1
    }
  })()
  return {
    acknowledged: () => acknowledged,
    async stop() {
      isOn = false
      await done
    },
  }
}

describe('F20 a backup', () => {
  it('of a running server, put back elsewhere, has its tickets, its deadlines, its rows and every message acknowledged before', async () => {
    const server = await aServer(await furnishedDir())
    await server.publish('dev-w1', openCover(at('22:50:00'), 1))
    await server.as('admin').put('/clock', { now: '2026-01-15T23:30:00+08:00' })
    const before = await server.as('dispatcher').tickets()
    expect(before).toMatchObject([{ kind: 'cover', dueAt: '2026-01-16T02:50:30+08:00' }])
    const chatting = chatter(server, at('23:00:00'))
    await vi.waitFor(() => expect(chatting.acknowledged()).toBeGreaterThan(200), 10_000)
    const promised = chatting.acknowledged()

    const backup = join(shelf, 'monday')
    const made = await command(server.dir, 'backup', backup)
    expect(made).toMatchObject({ code: 0 })
    expect(made.out).toMatch(/files of .*open deadlines, \d+ messages in the journal, checked, in .* s/)
    expect(chatting.acknowledged()).toBeGreaterThan(promised)
    await chatting.stop()
    const manifest = manifestOf(backup)
    expect(manifest.deadlines.count).toBe(1)
    expect(manifest.rows['person']).toBeGreaterThan(5)
    expect(existsSync(join(backup, 'local.key'))).toBe(false)
    expect(statSync(backup).mode & 0o077).toBe(0)

    const elsewhere = join(shelf, 'data')
    expect(await command(elsewhere, 'restore', backup)).toMatchObject({ code: 0 })
    const again = await aServer(elsewhere)
    expect(await again.as('dispatcher').tickets()).toEqual(before)
    await again.as('admin').put('/clock', { now: '2026-01-15T23:30:00+08:00' })
    expect(await again.as('dispatcher').tickets()).toEqual(before)
    const { series } = await again
      .as('engineer')
      .get<{ series: { points: unknown[] }[] }>(
        `/readings?device=dev-w2&signal=battery_v&from=${encodeURIComponent('2026-01-15T22:59:00+08:00')}&to=${encodeURIComponent('2026-01-15T23:30:00+08:00')}`,
      )
    expect(series[0]?.points.length).toBeGreaterThanOrEqual(promised)
    // Devices come in with the secrets that they had.
    await again.publish('dev-w3', { battery_v: 3.6 })
    expect(again.said()).not.toMatch(/"level":(50|60)/)
  })
})

describe('F20 a data directory of a newer version', () => {
  it('is refused in one sentence', async () => {
    const dir = await furnishedDir()
    const file = new DatabaseSync(join(dir, 'wellwatch.sqlite'))
    file.exec(`insert into kysely_migration values ('0999-tomorrow', '2030-01-01')`)
    file.close()
    const database = await run(['server/main.ts'], { WELLWATCH_DATA_DIR: dir, ...MANUAL })
    expect([database.code, database.err]).toEqual([
      2,
      expect.stringMatching(/^the database was written by a newer Wellwatch \(it has 0999-tomorrow\).*\n$/),
    ])
    rmSync(dir, { recursive: true })
  })
})

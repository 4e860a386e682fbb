import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { INHERITED, run, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 90_000 })

const DAY = 24 * 3600_000
const ROOT = new URL('../..', import.meta.url).pathname

const made: ServerProcess[] = []
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

/** A server that is not started yet, on a furnished directory. */
async function aServer(): Promise<ServerProcess> {
  const server = await serverProcess(await furnishedDir())
  made.push(server)
  return server
}

/** Starts it in the hope of a refusal; returns what it said on its way out. */
async function refusal({ env }: ServerProcess): Promise<string> {
  const { code, err } = await run(['server/main.ts'], env)
  expect([code, err.includes('    at ') ? err : '']).toEqual([2, ''])
  return err
}

async function readiness({ url }: ServerProcess) {
  const answer = await fetch(`${url}/readyz`)
  return (await answer.json()) as { ready: boolean; troubles: { part: string; text: { en: string } }[] }
}

describe('a server that was killed', () => {
  it('refuses to begin anew without its database, and finds all of it once that is back', async () => {
    const server = await aServer()
    await server.start()
    await server.publish('dev-w1', { battery_v: 3.6 })
    await server.kill()
    const elsewhere = `${server.dir}-database`
    renameSync(join(server.dir, 'wellwatch.sqlite'), elsewhere)
    const said = await refusal(server)
    expect(said).toContain(`${join(server.dir, 'wellwatch.sqlite')} is missing`)
    expect(said).toContain('restore the last backup')
    writeFileSync(join(server.dir, 'wellwatch.sqlite'), '')
    expect(await refusal(server)).toContain('wellwatch.sqlite is missing or empty')
    renameSync(elsewhere, join(server.dir, 'wellwatch.sqlite'))
    await server.start()
    expect(await server.as('engineer').get('/assets/w1')).toMatchObject({ id: 'w1' })
  })

  it('refuses a journal that another installation has written', async () => {
    const [server, other] = [await aServer(), await aServer()]
    const journal = join(server.dir, 'journal')
    rmSync(journal, { recursive: true })
    cpSync(join(other.dir, 'journal'), journal, { recursive: true })
    const [segment = ''] = readdirSync(journal)
    expect(await refusal(server)).toContain(`${join(journal, segment)} belongs to another installation`)
  })

  it('says that the end of its journal is gone, and serves', async () => {
    const server = await aServer()
    await server.start()
    for (let i = 0; i < 5; i += 1) await server.publish('dev-w1', { battery_v: 3.6 })
    expect(await server.stop()).toBe(0)
    const journal = join(server.dir, 'journal')
    const segments = readdirSync(journal).filter((name) => name.endsWith('.journal'))
    for (const name of segments) writeFileSync(join(journal, name), '')
    await server.start()
    expect((await readiness(server)).troubles.map(({ part }) => part)).toEqual(['journal', 'files'])
  })
})

describe('a server whose directory is damaged', () => {
  it('names the database that holds a row which cannot be read, and is not started again', async () => {
    const server = await aServer()
    const db = new DatabaseSync(join(server.dir, 'wellwatch.sqlite'))
    const cut = `update policy_edition set json = substr(json, 1, 40)`
    expect(db.prepare(cut).run().changes).toBe(1)
    db.close()
    expect(await refusal(server)).toMatch(/wellwatch\.sqlite is damaged .*\n.*restore the last backup/)
  })

  it('with a kept time beyond the calendar lives by the computer’s clock and stops when asked', async () => {
    const server = await aServer()
    writeFileSync(join(server.dir, 'clock'), '9e15')
    await server.start()
    expect((await readiness(server)).troubles).toEqual([])
    expect(await server.stop()).toBe(0)
  })

  it('says that a day of its history is gone', async () => {
    const server = await aServer()
    const day = join(server.dir, 'readings/raw/2026-01-15.db')
    cpSync(join(server.dir, 'sessions.sqlite'), day)
    await server.start()
    await server.stop()
    rmSync(day)
    await server.start()
    expect(await readiness(server)).toMatchObject({
      ready: true,
      troubles: [{ part: 'files', text: { en: expect.stringContaining('2026-01-15') as string } }],
    })
  })
})

describe('a server that starts', () => {
  it('400 days after its last run goes on from there until somebody confirms the new time', async () => {
    const server = await aServer()
    const last = Date.now() - 400 * DAY
    writeFileSync(join(server.dir, 'clock'), String(last))
    await server.start()
    const { troubles } = await readiness(server)
    expect(troubles).toMatchObject([
      { part: 'clock', text: { en: expect.stringContaining('400 days') as string } },
    ])
  })

  it('with too few files to open refuses in words', async () => {
    const server = await aServer()
    const ran = spawnSync('sh', ['-c', 'ulimit -n 128; exec "$0" server/main.ts', process.execPath], {
      cwd: ROOT,
      env: { ...INHERITED, ...server.env },
    })
    expect([ran.status, ran.stderr.toString()]).toEqual([
      2,
      expect.stringMatching(/128 files.*\n.*ulimit -n/),
    ])
  })
})

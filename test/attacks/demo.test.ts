import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/store/sql/database.ts'
import { createCredentialStore } from '../../server/store/sql/device-credential-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { run } from '../support/server-process.ts'
import { aWorld, type World } from '../support/world.ts'

let dir: string
let world: World
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'public-'))
  world = await aWorld({ network: 'none' })
})
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true })
  await world.close()
})
const PORTS = { WELLWATCH_HTTP_PORT: '0', WELLWATCH_MQTT_PORT: '0' }

describe('N1 N19 secrets that everybody knows', () => {
  it('are not served to others by the demo', async () => {
    const demo = await run(['server/cli.ts', 'demo'], {
      WELLWATCH_DATA_DIR: join(dir, 'demo'),
      WELLWATCH_HOST: '0.0.0.0',
      ...PORTS,
    })
    expect(demo.code).toBe(2)
    expect(demo.err).toContain('loopback only')
  })

  it('nor by npm start on a directory that a demo has made', async () => {
    writeFileSync(join(dir, 'demo.json'), '{}')
    const started = await run(['server/main.ts'], {
      WELLWATCH_DATA_DIR: dir,
      WELLWATCH_HOST: '0.0.0.0',
      ...PORTS,
    })
    expect(started.code).toBe(2)
    expect(started.err).toContain('which everybody knows')
  })

  it('are no person’s of a new installation: there is nobody, and no device', async () => {
    const db = openDatabase(':memory:')
    await migrate(db)
    expect(await createPeopleStore(db).list()).toEqual([])
    expect(await createCredentialStore(db).list()).toEqual([])
    await db.destroy()
  })

  it.each(['short', 'elevenchars', '           '])('%j is no password', async (password) => {
    const person = { id: 'chief', name: '班长', roles: ['admin'], password }
    const { status } = await world.as('admin').ask('POST', '/users', person)
    expect(status).toBe(422)
  })
})

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Migrator } from 'kysely/migration'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../server/store/sql/database.ts'
import { migrate, NewerDatabase } from '../../../server/store/sql/migrate.ts'
import * as people from '../../../server/store/sql/migrations/0001-people.ts'
import * as network from '../../../server/store/sql/migrations/0002-network.ts'
import { openUpgraded } from '../../../server/store/sql/upgrade.ts'
import { silentLog } from '../../support/silent-log.ts'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'upgrade-'))
  path = join(dir, 'wellwatch.sqlite')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A file as the first version with two migrations left it, with one person in it. */
async function anOldFile(): Promise<void> {
  const db = openDatabase(path)
  const migrations = { '0001-people': people, '0002-network': network }
  const provider = { getMigrations: () => Promise.resolve(migrations) }
  await new Migrator({ db, provider }).migrateToLatest()
  await db.destroy()
  withFile((file) =>
    file.exec(
      `insert into person (id, name, roles, password_hash, created_at) values ('chief', '老王', '["admin"]', 'x', 1)`,
    ),
  )
}

function withFile<T>(work: (db: DatabaseSync) => T, file = path): T {
  const db = new DatabaseSync(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}
const names = (file = path) =>
  withFile((db) => db.prepare('select name from kysely_migration order by name').all(), file).map(
    ({ name }) => name,
  )
const persons = (file = path) => withFile((db) => db.prepare('select id, name from person').all(), file)

describe('an upgrade', () => {
  it('brings an older file to this version, keeps what is in it, and keeps the old file beside it', async () => {
    await anOldFile()
    await (await openUpgraded(path, silentLog)).destroy()
    expect(names().length).toBeGreaterThan(10)
    expect(persons()).toEqual([{ id: 'chief', name: '老王' }])
    const [old = ''] = readdirSync(dir).filter((name) => name.includes('before-upgrade'))
    expect(old).toBe('wellwatch.sqlite.before-upgrade-of-0002-network')
    expect(names(join(dir, old))).toEqual(['0001-people', '0002-network'])
    expect(persons(join(dir, old))).toHaveLength(1)
    // The second start finds nothing to do.
    await (await openUpgraded(path, silentLog)).destroy()
    expect(readdirSync(dir).filter((name) => name.includes('before-upgrade'))).toEqual([old])
  })

  it('that fails leaves the old file as it was', async () => {
    await anOldFile()
    // A table of that name, from whatever hand, is in the way of a later migration.
    withFile((db) => db.exec('create table ticket (mine integer)'))
    await expect(openUpgraded(path, silentLog)).rejects.toThrow('could not be brought to this version')
    expect(names()).toEqual(['0001-people', '0002-network'])
    expect(persons()).toHaveLength(1)
    expect(readdirSync(dir).filter((name) => name.includes('before-upgrade'))).toEqual([])
  })

  it('that was cut off is done anew', async () => {
    await anOldFile()
    withFile((db) => db.exec('create table half (a integer)'), `${path}.upgrading`)
    await (await openUpgraded(path, silentLog)).destroy()
    expect(persons()).toHaveLength(1)
    expect(existsSync(`${path}.upgrading`)).toBe(false)
  })

  it('begins with nothing on a fresh file and copies nothing', async () => {
    await (await openUpgraded(path, silentLog)).destroy()
    expect(names().length).toBeGreaterThan(10)
    expect(readdirSync(dir)).toEqual(['wellwatch.sqlite'])
  })
})

describe('a downgrade', () => {
  it('is refused in words, and the newer file stays as it is', async () => {
    const db = openDatabase(path)
    await migrate(db)
    await db.destroy()
    withFile((file) => file.exec(`insert into kysely_migration values ('0999-tomorrow', '2030-01-01')`))
    const refusal = await openUpgraded(path, silentLog).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(NewerDatabase)
    expect(String(refusal)).toContain('newer Wellwatch (it has 0999-tomorrow)')
    expect(names()).toContain('0999-tomorrow')
  })
})

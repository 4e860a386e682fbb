import { existsSync, linkSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../flows/ports.ts'
import { openDatabase, type Database } from './database.ts'
import { migrate, migrationState, refuseNewer } from './migrate.ts'

/** Copies of the file from before an upgrade that are kept. */
const COPIES_KEPT = 2

/**
 * Opens the store of decisions in this version. A file of an older one is brought up to date in a copy,
 * which takes its place only once it is whole, so that an upgrade that fails or is cut off leaves the
 * old file as it was; that one is kept beside it.
 * @throws NewerDatabase when it was written by a newer version
 */
export async function openUpgraded(path: string, log: Log): Promise<Database> {
  const db = openDatabase(path)
  try {
    const { done, pending } = await migrationState(db)
    refuseNewer(done)
    if (done.length === 0 || pending.length === 0) {
      await migrate(db)
      return db
    }
    await db.destroy()
    await upgradeInCopy(path, { from: done.at(-1) ?? '', pending, log })
  } catch (error) {
    await db.destroy()
    throw error
  }
  return openDatabase(path)
}

async function upgradeInCopy(
  path: string,
  upgrade: { readonly from: string; readonly pending: readonly string[]; readonly log: Log },
): Promise<void> {
  const { from, pending, log } = upgrade
  const began = performance.now()
  const copy = `${path}.upgrading`
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true })
  const source = new DatabaseSync(path)
  source.prepare('vacuum into ?').run(copy)
  // Closing the last connection removes the write-ahead log, which must not be applied to the new file.
  source.close()
  const upgraded = openDatabase(copy)
  try {
    await migrate(upgraded)
  } finally {
    await upgraded.destroy()
  }
  check(copy)
  keepOld(path, from)
  renameSync(copy, path)
  log.info(
    { from, pending, ms: Math.round(performance.now() - began) },
    'the database was brought to this version; the old one is kept beside it',
  )
}

function check(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const said = db.prepare('pragma integrity_check').get()?.['integrity_check']
    const broken = db.prepare('pragma foreign_key_check').all()
    if (said !== 'ok' || broken.length > 0)
      throw new Error(`the upgraded database is not whole: ${String(said)}`)
  } finally {
    db.close()
  }
}

function keepOld(path: string, from: string): void {
  const old = `${path}.before-upgrade-of-${from}`
  if (existsSync(old)) rmSync(old)
  linkSync(path, old)
  const prefix = `${basename(path)}.before-upgrade-of-`
  const kept = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
  for (const name of kept.slice(0, -COPIES_KEPT)) rmSync(join(dirname(path), name))
}

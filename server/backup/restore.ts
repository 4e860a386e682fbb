import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { lockDataDir, RESTORING } from '../disk/data-dir.ts'
import type { Log } from '../flows/ports.ts'
import { DATABASE } from '../disk/installation.ts'
import { countRecords } from '../journal/count-records.ts'
import { refuseNewer } from '../store/sql/migrate.ts'
import { checkSqlite } from './check-sqlite.ts'
import { summaryOf } from './database-summary.ts'
import { BadBackup, checkFiles, readManifest, type Manifest } from './manifest.ts'

export interface RestoreOrder {
  readonly from: string
  readonly dataDir: string
  /** The process that restores. */
  readonly pid: number
  readonly log: Log
}

export interface Restored {
  readonly manifest: Manifest
  readonly seconds: number
}

/**
 * Puts a backup into an empty data directory. Everything is checked before and after the copy; a
 * restore that was cut off is refused by the server until the directory is emptied.
 * @throws BadBackup when the backup is not whole, or the directory is not empty
 * @throws DataDirInUse when a server runs there
 * @throws NewerDatabase when the backup is of a newer version
 */
export async function restoreBackup({ from, dataDir, pid, log }: RestoreOrder): Promise<Restored> {
  const began = performance.now()
  const manifest = await readManifest(from)
  refuseNewer(manifest.schema)
  refuseUsed(dataDir, pid)
  await checkFiles(from, manifest)
  const held = lockDataDir(dataDir, pid)
  const into = join(dataDir, RESTORING)
  try {
    await mkdir(into, { mode: 0o700 })
    for (const { path } of manifest.files) await cp(join(from, path), join(into, path))
    await checkRestored(into, manifest, log)
    for (const name of await readdir(into)) await rename(join(into, name), join(dataDir, name))
    await rm(into, { recursive: true })
  } catch (error) {
    for (const name of await readdir(dataDir)) {
      if (!name.startsWith('lock')) await rm(join(dataDir, name), { recursive: true, force: true })
    }
    throw error
  } finally {
    held.release()
  }
  return { manifest, seconds: Math.round(performance.now() - began) / 1000 }
}

function refuseUsed(dataDir: string, pid: number): void {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : []
  if (names.every((name) => name.startsWith('lock'))) return
  // Taking the lock says which server uses the directory.
  if (names.includes('lock')) lockDataDir(dataDir, pid).release()
  throw new BadBackup(`${dataDir} is not empty: move it away first; nothing was changed`)
}

async function checkRestored(dir: string, manifest: Manifest, log: Log): Promise<void> {
  for (const { path } of manifest.files) if (/\.(sqlite|db)$/.test(path)) checkSqlite(join(dir, path))
  const { rows, deadlines } = summaryOf(join(dir, DATABASE))
  if (!isDeepStrictEqual({ rows, deadlines }, { rows: manifest.rows, deadlines: manifest.deadlines })) {
    throw new BadBackup('the restored database does not hold what the backup says')
  }
  const { records } = await countRecords(join(dir, 'journal'), log)
  if (records !== manifest.journal.records) {
    throw new BadBackup(
      `the restored journal has ${String(records)} records, not ${String(manifest.journal.records)}`,
    )
  }
}

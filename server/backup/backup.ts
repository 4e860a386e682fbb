import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { Log } from '../flows/ports.ts'
import { DATABASE } from '../disk/installation.ts'
import { countRecords } from '../journal/count-records.ts'
import { holdJournal } from './copy-journal.ts'
import { copyReadings } from './copy-readings.ts'
import { copySqlite } from './copy-sqlite.ts'
import { summaryOf } from './database-summary.ts'
import { BadBackup, listFiles, MANIFEST, type Manifest } from './manifest.ts'
import { syncFolder } from '../disk/sync-folder.ts'

const SESSIONS = 'sessions.sqlite'
/** Small files that are replaced as a whole. The key of local commands and the lock are not needed. */
const SMALL = /^(stored-[a-z]+\.json|device\.key|format|demo\.json|manual-clock)$/

export interface BackupOrder {
  readonly dataDir: string
  /** A folder that is not there yet; it appears under this name only once it is whole. */
  readonly to: string
  readonly version: string
  readonly log: Log
}

/**
 * Copies a data directory, running server or not, in such an order that a server which starts on the copy
 * finds everything as after a crash: databases first, then the journal that they read from, then the history,
 * which may only be newer. Settings and an InfluxDB are not part of it.
 */
export async function makeBackup({ dataDir, to, version, log }: BackupOrder): Promise<Manifest> {
  const began = performance.now()
  refuseTarget(dataDir, to)
  const into = `${to}.partial`
  await rm(into, { recursive: true, force: true })
  await mkdir(into, { recursive: true, mode: 0o700 })
  const journal = await holdJournal(join(dataDir, 'journal'))
  try {
    for (const name of [DATABASE, SESSIONS]) {
      if (existsSync(join(dataDir, name))) await copySqlite(join(dataDir, name), join(into, name))
    }
    for (const name of (await readdir(dataDir)).filter((each) => SMALL.test(each))) {
      await copyFile(join(dataDir, name), join(into, name))
    }
    await journal.finish(join(into, 'journal'))
    await copyReadings(join(dataDir, 'readings'), join(into, 'readings'))
    await copyAttachments(join(dataDir, 'attachments'), join(into, 'attachments'))
    const { records } = await countRecords(join(into, 'journal'), log)
    // The end of a group that was being written during the copy; its messages were not acknowledged yet.
    await rm(join(into, 'journal', 'quarantine'), { recursive: true, force: true })
    const manifest: Manifest = {
      format: 1,
      version,
      createdAt: new Date().toISOString(),
      files: await listFiles(into),
      ...summaryOf(join(into, DATABASE)),
      journal: { records },
      seconds: Math.round(performance.now() - began) / 1000,
    }
    await writeFile(join(into, MANIFEST), JSON.stringify(manifest, null, 1), { mode: 0o600, flush: true })
    await syncFolder(into)
    await rename(into, to)
    return manifest
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    throw error
  } finally {
    await journal.close()
  }
}

function refuseTarget(dataDir: string, to: string): void {
  if (!existsSync(join(dataDir, DATABASE)))
    throw new BadBackup(
      `${dataDir} holds no database of Wellwatch (WELLWATCH_DATA_DIR names another directory)`,
    )
  if (existsSync(to)) throw new BadBackup(`${to} is already there; nothing was written`)
  if (`${resolve(to)}${sep}`.startsWith(`${resolve(dataDir)}${sep}`)) {
    throw new BadBackup(`${to} lies in the data directory itself`)
  }
}

async function copyAttachments(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.new') })
}

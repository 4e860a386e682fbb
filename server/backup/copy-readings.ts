import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copySqlite } from './copy-sqlite.ts'

const FRESH = 'fresh.db'
/** Each after what it is made from: a day that is moved on meanwhile is copied twice rather than not at all. */
const FOLDERS = ['raw', 'minutes', 'hours']

/** Copies the embedded readings store while it is written to. */
export async function copyReadings(from: string, to: string): Promise<void> {
  if (!existsSync(join(from, FRESH))) return
  await mkdir(to, { recursive: true, mode: 0o700 })
  await copySqlite(join(from, FRESH), join(to, FRESH))
  for (const folder of FOLDERS) await copyFolder(join(from, folder), join(to, folder))
  await addNewSeries(join(from, FRESH), join(to, FRESH))
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await mkdir(to, { recursive: true, mode: 0o700 })
  const names = (await readdir(from)).filter((name) => name.endsWith('.db')).sort()
  for (const name of names) {
    await copySqlite(join(from, name), join(to, name)).catch(async (error: unknown) => {
      if (existsSync(join(from, name))) throw error
      // Retention has dropped it meanwhile.
      await rm(join(to, name), { force: true })
    })
  }
}

/** A series that appeared after the first copy may be in a later one; its number must not be given to another. */
async function addNewSeries(from: string, to: string): Promise<void> {
  const later = `${to}.later`
  await copySqlite(from, later)
  const db = new DatabaseSync(to)
  try {
    db.prepare('attach ? as later').run(later)
    db.exec('insert or ignore into main.series select * from later.series; detach later')
  } finally {
    db.close()
    await rm(later)
  }
}

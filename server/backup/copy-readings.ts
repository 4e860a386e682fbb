import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copySqlite } from './copy-sqlite.ts'

const FRESH = 'fresh.db'
/** Each tier after the one it is made from: a day that moves on during the copy is then copied twice, not missed. */
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
      // Retention has deleted the file meanwhile.
      await rm(join(to, name), { force: true })
    })
  }
}

/** A day copied later may have a series that is newer than the first copy; its number must not be used again. */
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

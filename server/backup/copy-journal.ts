import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

const SEGMENT = /^\d{16}\.journal$/
const LOOK_EVERY_MS = 100
const CHUNK = 1024 * 1024

/** Segments as they were at any moment between the start and `finish`. */
export interface JournalCopy {
  /** Copies them to `to`; the last ones as they are now. */
  finish(to: string): Promise<void>
  close(): Promise<void>
}

/**
 * Holds every segment of a running server's journal open: what consumers pass meanwhile and the server
 * deletes can still be read here, so that no database in the backup lies before the journal's beginning.
 */
export async function holdJournal(dir: string): Promise<JournalCopy> {
  const held = new Map<string, FileHandle>()
  await look()
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => (looking = looking.then(look)), LOOK_EVERY_MS)

  async function look(): Promise<void> {
    const names = await readdir(dir).catch(() => [])
    for (const name of names.filter((each) => SEGMENT.test(each) && !held.has(each))) {
      const file = await open(join(dir, name), 'r').catch(() => undefined)
      if (file !== undefined) held.set(name, file)
    }
  }

  return {
    async finish(to) {
      clearInterval(timer)
      await looking
      await look()
      await mkdir(to, { recursive: true, mode: 0o700 })
      for (const [name, file] of [...held].sort()) await copyOpen(file, join(to, name))
    },
    async close() {
      clearInterval(timer)
      await looking
      for (const file of held.values()) await file.close()
    },
  }
}

async function copyOpen(from: FileHandle, to: string): Promise<void> {
  const target = await open(to, 'wx', 0o600)
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let at = 0; ;) {
      const { bytesRead } = await from.read(buffer, 0, CHUNK, at)
      if (bytesRead === 0) break
      await target.write(buffer, 0, bytesRead, at)
      at += bytesRead
    }
    await target.datasync()
  } finally {
    await target.close()
  }
}

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** A photo that waits in the phone; what it shows, nothing of where or by whom it was taken. */
export interface KeptFile {
  readonly id: string
  readonly name: string
  readonly bytes: Blob
  readonly takenAt: number
}

interface Pocket extends DBSchema {
  files: { key: string; value: KeptFile }
  /** What the phone knew last, by name. */
  known: { key: string; value: unknown }
}

/** A browser that keeps nothing (private, full) only forgets: everything here then answers undefined. */
let opened: Promise<IDBPDatabase<Pocket> | undefined> | undefined

function pocket(): Promise<IDBPDatabase<Pocket> | undefined> {
  opened ??= openDB<Pocket>('wellwatch', 1, {
    upgrade(db) {
      db.createObjectStore('files', { keyPath: 'id' })
      db.createObjectStore('known')
    },
  }).catch(() => undefined)
  return opened
}

async function tried<T>(work: (db: IDBPDatabase<Pocket>) => Promise<T>): Promise<T | undefined> {
  const db = await pocket()
  try {
    return db === undefined ? undefined : await work(db)
  } catch {
    return undefined // No room, or taken away by the browser meanwhile.
  }
}

/** True when the photo is safe in the phone. */
export async function keepFile(file: KeptFile): Promise<boolean> {
  return (await tried(async (db) => db.put('files', file))) !== undefined
}

export async function keptFile(id: string): Promise<KeptFile | undefined> {
  return tried((db) => db.get('files', id))
}

export async function dropFiles(ids: readonly string[]): Promise<void> {
  await tried((db) => Promise.all(ids.map((id) => db.delete('files', id))))
}

/** Photos that no waiting step names and that were taken before `before`. */
export async function dropStrayFiles(named: ReadonlySet<string>, before: number): Promise<void> {
  const files = (await tried((db) => db.getAll('files'))) ?? []
  await dropFiles(files.filter(({ id, takenAt }) => !named.has(id) && takenAt < before).map(({ id }) => id))
}

export async function keepKnown(name: string, value: unknown): Promise<void> {
  await tried((db) => db.put('known', value, name))
}

export async function known(name: string): Promise<unknown> {
  return tried((db) => db.get('known', name))
}

export async function forgetKnown(): Promise<void> {
  await tried((db) => db.clear('known'))
}

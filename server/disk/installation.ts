import { createHash, randomInt } from 'node:crypto'
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { replaceFile } from './replace-file.ts'

/** The store of decisions within the data directory. */
export const DATABASE = 'wellwatch.sqlite'
const INVENTORY = 'installation.json'
const DEVICE_KEY = 'device.key'
const JOURNAL = 'journal'
const READINGS = 'readings'
/** Without these the server does not start: tickets, acknowledged messages or every device's access are gone. */
const NEEDED = [DATABASE, DEVICE_KEY, JOURNAL, READINGS]
/** SQLite files that bear the installation's id, so that a file of another one is recognised. */
const MARKED = [DATABASE, 'sessions.sqlite', `${READINGS}/fresh.db`]
const OTHERS = ['sessions.sqlite', 'attachments', 'demo.json']
const MAX_ID = 2 ** 31 - 1

const Inventory = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: MAX_ID }),
  deviceKey: Type.String(),
  parts: Type.Array(Type.String()),
})
type Inventory = Static<typeof Inventory>

/** The directory is half restored or not writable, or a part is missing or belongs to another installation. */
export class UnusableDataDir extends Error {
  override readonly name = 'UnusableDataDir'
}

/** The inventory of a data directory, kept in `installation.json`, so that a missing part is noticed. */
export interface Installation {
  /** A random number that no other data directory has. */
  readonly id: number
  /** Updates the inventory. */
  look(): void
  /** Parts that were missing at the start, and that the server can run without. */
  missing(): readonly string[]
  /** Damaged files that the server has kept beside the good ones. */
  setAside(): readonly string[]
}

/**
 * Checks that the parts of a data directory are all there and belong together. A directory without an
 * inventory is taken as it is.
 * @param options.readings false where the history is elsewhere
 * @throws UnusableDataDir naming the part that is missing or is another installation's
 */
export function openInstallation(dir: string, { readings = true } = {}): Installation {
  const inventory = readInventory(dir)
  let present = partsIn(dir)
  const expected = new Set(inventory?.parts)
  if (!readings) for (const part of expected) if (part.startsWith(READINGS)) expected.delete(part)
  // The database is created first, so where they are it must have been.
  if (present.has(JOURNAL) || present.has(READINGS)) expected.add(DATABASE)
  const lost = NEEDED.find((part) => expected.has(part) && !present.has(part))
  if (lost !== undefined) throw unusable(dir, lost, 'is missing or empty')
  if (expected.has(DATABASE) && hasNoTables(dir)) throw unusable(dir, DATABASE, 'is empty')
  if (inventory !== undefined && inventory.deviceKey !== '' && inventory.deviceKey !== keyCheck(dir)) {
    throw unusable(dir, DEVICE_KEY, 'is not the key that the secrets of the devices were made with')
  }
  const id = inventory?.id ?? (idOf(join(dir, DATABASE)) || randomInt(1, MAX_ID))
  const foreign = MARKED.find((name) => ![undefined, 0, id].includes(idOf(join(dir, name))))
  if (foreign !== undefined) throw unusable(dir, foreign)
  const unmarked = new Set(MARKED)
  let saved = inventory === undefined ? '' : JSON.stringify(inventory)

  return {
    id,
    look() {
      // Without the right to look nothing is known to be gone; what cannot be written tells of itself.
      if (!isReadable(dir)) return
      const before = present
      present = partsIn(dir)
      // Retention and upgrades remove files while the server runs.
      for (const part of before) if (!present.has(part)) expected.delete(part)
      mark()
      save()
    },
    missing: () => [...expected].filter((part) => !present.has(part)).sort(),
    setAside: () => filesSetAside(dir),
  }

  function mark(): void {
    for (const name of unmarked) {
      const path = join(dir, name)
      if (isFilled(path) && (idOf(path) === id || writeId(path, id))) unmarked.delete(name)
    }
  }

  function save(): void {
    const parts = [...new Set([...expected, ...present])].sort()
    const text = JSON.stringify({ id, deviceKey: keyCheck(dir), parts } satisfies Inventory)
    if (text === saved) return
    try {
      replaceFile(join(dir, INVENTORY), text, { flush: true, mode: 0o600 })
      saved = text
    } catch {
      // A full disk is reported elsewhere; the next call tries again.
    }
  }
}

const BELONGS_TO_ANOTHER = 'belongs to another installation'

/** @param part the file of `dir` that does not fit */
export function unusable(dir: string, part: string, why = BELONGS_TO_ANOTHER): UnusableDataDir {
  const goOn =
    part === DATABASE
      ? ''
      : ` To go on with what is there, and without what is lost, delete ${join(dir, INVENTORY)}.`
  return new UnusableDataDir(
    `${join(dir, part)} ${why}: nothing was changed. Put it back, or keep the directory as it is and ` +
      `restore the last backup into another one (README, Backup).${goOn}`,
  )
}

function readInventory(dir: string): Inventory | undefined {
  try {
    const known: unknown = JSON.parse(readFileSync(join(dir, INVENTORY), 'utf8'))
    return Value.Check(Inventory, known) ? known : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isReadable(dir: string): boolean {
  try {
    accessSync(dir, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Known parts that are there and not empty. */
function partsIn(dir: string): Set<string> {
  const parts = [DATABASE, DEVICE_KEY, ...OTHERS].filter((name) => isFilled(join(dir, name)))
  if (namesIn(join(dir, JOURNAL)).some((name) => name.endsWith('.journal'))) parts.push(JOURNAL)
  const history = readingsFiles(dir).filter((path) => path.endsWith('.db') && isFilled(join(dir, path)))
  return new Set([...parts, ...history, ...(history.length > 0 ? [READINGS] : [])])
}

function filesSetAside(dir: string): string[] {
  const damaged = [...namesIn(dir), ...readingsFiles(dir)]
  const segments = namesIn(join(dir, JOURNAL, 'quarantine')).map((name) => `${JOURNAL}/quarantine/${name}`)
  return [...damaged.filter((path) => /\.damaged-\d+$/.test(path)), ...segments]
}

function readingsFiles(dir: string): string[] {
  const folders = [READINGS, ...['raw', 'minutes', 'hours'].map((tier) => `${READINGS}/${tier}`)]
  return folders.flatMap((folder) => namesIn(join(dir, folder)).map((name) => `${folder}/${name}`))
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

/** A folder or file with something in it. */
function isFilled(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return false
  return found.isDirectory() ? namesIn(path).length > 0 : found.size > 0
}

function hasNoTables(dir: string): boolean {
  const count = (db: DatabaseSync) => db.prepare('select count(*) as n from sqlite_schema').get()?.['n']
  return withSqlite(join(dir, DATABASE), count) === 0
}

function keyCheck(dir: string): string {
  const path = join(dir, DEVICE_KEY)
  return isFilled(path) ? createHash('sha256').update(readFileSync(path, 'utf8').trim()).digest('hex') : ''
}

/** The id of an SQLite file, 0 for none; undefined when there is no file or it cannot be read now. */
function idOf(path: string): number | undefined {
  if (!isFilled(path)) return undefined
  return withSqlite(path, (db) => Number(db.prepare('pragma application_id').get()?.['application_id']))
}

/** False while the file is in use by another or the disk is full. */
function writeId(path: string, id: number): boolean {
  return withSqlite(path, (db) => db.exec(`pragma application_id = ${String(id)}`) === undefined) ?? false
}

/** Runs `work`; undefined after any error, because the code that uses the file reports damage itself. */
function withSqlite<T>(path: string, work: (db: DatabaseSync) => T): T | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    return work(db)
  } catch {
    return undefined
  } finally {
    db?.close()
  }
}

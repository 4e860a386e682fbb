import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { randomBytes } from 'node:crypto'
import { openInstallation, UnusableDataDir, type Installation } from './installation.ts'
import { replaceFile } from './replace-file.ts'
import { isBusy } from './sqlite-errors.ts'

/** A folder that is there during a restore; one that was cut off leaves it behind. */
export const RESTORING = 'restoring'
/** Grows when the journal, the readings or the sessions are written in a way that older versions cannot read. */
const FORMAT = 2
const KEY_BYTES = 32

export interface DataDir {
  readonly path: string
  readonly installation: Installation
  /** A random secret of this installation, made once, readable by the owner only. */
  secret(name: string): string
  /** True once the directory was removed, moved or replaced: nothing written from then on is kept. */
  isGone(): Promise<boolean>
  release(): void
}

export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse'
}

/**
 * Takes the data directory for one process. The lock is the operating system's own (SQLite's exclusive
 * lock), so a killed process leaves none behind; `server.pid` is for people and scripts.
 * @throws DataDirInUse when a server runs there
 * @throws UnusableDataDir when it cannot be written, or what it holds does not belong together
 */
export function takeDataDir(
  path: string,
  pid: number,
  options: { readonly readings?: boolean } = {},
): DataDir {
  const held = lockDataDir(path, pid)
  try {
    refuseHalfRestored(path)
    refuseNewerFormat(path)
    refuseUnwritable(path)
    const installation = openInstallation(path, options)
    return {
      path,
      installation,
      secret: (name) => ownSecret(join(path, `${name}.key`)),
      isGone: held.isGone,
      release() {
        installation.look()
        held.release()
      },
    }
  } catch (error) {
    held.release()
    throw error
  }
}

/** Takes only the lock, for a command that empties or fills the directory whatever its state. */
export function lockDataDir(path: string, pid: number): Pick<DataDir, 'isGone' | 'release'> {
  const lockFile = join(path, 'lock')
  const lock = openLock(path, lockFile)
  const pidFile = join(path, 'server.pid')
  const unlock = (): void => {
    lock.exec('rollback')
    lock.close()
  }
  try {
    writeFileSync(pidFile, `${String(pid)}\n`)
  } catch (error) {
    unlock()
    throw unwritable(pidFile, error)
  }
  const held = statSync(lockFile).ino
  return {
    isGone: () =>
      stat(lockFile).then(
        ({ ino }) => ino !== held,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
      ),
    release() {
      try {
        rmSync(pidFile, { force: true })
      } catch {
        // A folder without write permission keeps it; the lock alone says who is there.
      }
      unlock()
    },
  }
}

const WRITABLE = 'the user that the server runs as must own the data directory and all that is in it'

function unwritable(file: string, error: unknown): UnusableDataDir {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  // SQLite's code is the same for all, a file's message names it once more.
  const why = code === undefined || code === 'ERR_SQLITE_ERROR' ? message : code
  return new UnusableDataDir(`${file} cannot be written (${why}): ${WRITABLE}`, { cause: error })
}

function openLock(path: string, lockFile: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    lock = new DatabaseSync(lockFile)
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive')
    // SQLite opens a file without write permission for reading, and locks no other process out: a write fails.
    lock.exec('pragma user_version = 1')
    return lock
  } catch (error) {
    lock?.close()
    if (!isBusy(error)) throw unwritable(lockFile, error)
    const holder = runningPid(path)
    const by = holder === undefined ? '' : ` (pid ${String(holder)})`
    throw new DataDirInUse(`${path} is in use by another Wellwatch server${by}`, { cause: error })
  }
}

/** Finds files without write permission now, and not when there is something to save. */
function refuseUnwritable(path: string): void {
  for (const name of [
    '.',
    ...filesOf(path, '.'),
    ...filesOf(path, 'journal'),
    ...filesOf(path, 'readings'),
  ]) {
    try {
      accessSync(join(path, name), constants.R_OK | constants.W_OK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw unwritable(join(path, name), error)
    }
  }
}

/** Names below a folder; of the directory itself only those that lie in it. */
function filesOf(path: string, folder: string): string[] {
  if (!existsSync(join(path, folder))) return []
  return readdirSync(join(path, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) =>
    join(folder, name),
  )
}

function refuseHalfRestored(path: string): void {
  if (!existsSync(join(path, RESTORING))) return
  throw new UnusableDataDir(
    `a restore into ${path} was cut off: empty the directory and restore again, or start another one`,
  )
}

function refuseNewerFormat(path: string): void {
  const file = join(path, 'format')
  const text = read(file) ?? ''
  const format = Number(text)
  if (!(format <= FORMAT)) {
    throw new UnusableDataDir(
      `${path} was written by a newer Wellwatch (format ${text}, this one knows ${String(FORMAT)}): ` +
        'start that version again, or restore a backup of this one',
    )
  }
  if (format < FORMAT) replaceFile(file, `${String(FORMAT)}\n`, { flush: true })
}

/** The pid that a server wrote there, whether it still runs or not. */
export function runningPid(path: string): number | undefined {
  const text = read(join(path, 'server.pid'))
  return text === undefined ? undefined : Number(text)
}

/** The key by which commands on this machine speak to the running server; undefined before its first start. */
export function localKey(path: string): string | undefined {
  return read(join(path, 'local.key'))
}

function ownSecret(file: string): string {
  const known = read(file)
  // A truncated key would be easier to guess.
  if (known !== undefined && Buffer.from(known, 'base64url').length >= KEY_BYTES) return known
  const made = randomBytes(KEY_BYTES).toString('base64url')
  // The key is on disk before it is used: after a power cut a new one would fit no device.
  replaceFile(file, made, { mode: 0o600, flush: true })
  return made
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What the demo remembers between its starts; only a directory with demo people and demo secrets has it. */
export const DEMO_FILE = 'demo.json'

/** True when this data directory holds demo people and demo secrets. */
export function isDemoDir(dataDir: string): boolean {
  return existsSync(join(dataDir, DEMO_FILE))
}

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { randomBytes } from 'node:crypto'
import { replaceFile } from './replace-file.ts'

/** The store of decisions within the data directory. */
export const DATABASE = 'wellwatch.sqlite'
/** There while a backup is put back; left behind by one that was cut off. */
export const RESTORING = 'restoring'
/** Grows when the journal, the readings or the sessions are written in a way that older versions cannot read. */
const FORMAT = 1

export interface DataDir {
  readonly path: string
  /** A random secret of this installation, made once, readable by the owner only. */
  secret(name: string): string
  /** True once the directory was removed, moved or replaced: what is written now lies nowhere. */
  isGone(): Promise<boolean>
  release(): void
}

export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse'
}

/** Written by a newer version, or left half restored. */
export class UnusableDataDir extends Error {
  override readonly name = 'UnusableDataDir'
}

/**
 * Takes the data directory for one process. The lock is the operating system's own (SQLite's exclusive
 * lock), so a killed process leaves none behind; `server.pid` is for people and scripts.
 */
export function takeDataDir(path: string, pid: number): DataDir {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lockFile = join(path, 'lock')
  const lock = new DatabaseSync(lockFile)
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    const holder = runningPid(path)
    const by = holder === undefined ? '' : ` (pid ${String(holder)})`
    throw new DataDirInUse(`${path} is in use by another Wellwatch server${by}`, { cause: error })
  }
  try {
    refuseHalfRestored(path)
    refuseNewerFormat(path)
  } catch (error) {
    lock.close()
    throw error
  }
  const held = statSync(lockFile).ino
  const pidFile = join(path, 'server.pid')
  writeFileSync(pidFile, `${String(pid)}\n`)
  return {
    path,
    secret: (name) => ownSecret(join(path, `${name}.key`)),
    isGone: () =>
      stat(lockFile).then(
        ({ ino }) => ino !== held,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
      ),
    release() {
      rmSync(pidFile, { force: true })
      lock.exec('rollback')
      lock.close()
    },
  }
}

function refuseHalfRestored(path: string): void {
  if (!existsSync(join(path, RESTORING))) return
  throw new UnusableDataDir(
    `a restore into ${path} was cut off: empty the directory and restore again, or start another one`,
  )
}

function refuseNewerFormat(path: string): void {
  const file = join(path, 'format')
  const format = Number(read(file) ?? FORMAT)
  if (format > FORMAT) {
    throw new UnusableDataDir(
      `${path} was written by a newer Wellwatch (format ${String(format)}, this one knows ${String(FORMAT)}): ` +
        'start that version again, or restore a backup of this one',
    )
  }
  if (!existsSync(file)) writeFileSync(file, `${String(FORMAT)}\n`)
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
  if (known !== undefined && known !== '') return known
  const made = randomBytes(32).toString('base64url')
  // On disk before anything is sealed with it: after a power cut another one would fit no device.
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

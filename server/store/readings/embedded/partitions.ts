import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { makeFile, openForReading, openForWriting } from './sqlite.ts'

interface OpenFile {
  readonly db: DatabaseSync
  /** Tells a file from its successor of the same name. */
  readonly inode: number
}

/**
 * A folder of SQLite files, one for each stretch of time and named so that they sort by it. Dropping
 * a stretch is removing a file, which works on a full disk where SQLite cannot even delete.
 */
export class Partitions {
  readonly #dir: string
  readonly #tables: string
  readonly #readOnly: boolean
  readonly #open = new Map<string, OpenFile>()

  constructor(dir: string, tables: string, readOnly: boolean) {
    this.#dir = dir
    this.#tables = tables
    this.#readOnly = readOnly
    mkdirSync(dir, { recursive: true })
  }

  /** Names of the files there are, oldest first. */
  names(): string[] {
    const files = readdirSync(this.#dir, { withFileTypes: true })
    const names = files.filter((file) => file.name.endsWith('.db')).map((file) => file.name.slice(0, -3))
    for (const name of this.#open.keys()) if (!names.includes(name)) this.#forget(name)
    return names.sort()
  }

  /** False for an empty file, too: a power cut may leave a name without what it names. */
  has(name: string): boolean {
    return (statSync(this.#path(name), { throwIfNoEntry: false })?.size ?? 0) > 0
  }

  /** The file of that name; made when it is missing and may be. */
  file(name: string): DatabaseSync | undefined {
    const path = this.#path(name)
    const inode = statSync(path, { throwIfNoEntry: false })?.ino
    const known = this.#open.get(name)
    if (known !== undefined && known.inode === inode) return known.db
    this.#forget(name)
    if (this.#readOnly) return this.has(name) ? this.#opened(name, openForReading(path)) : undefined
    if (!this.has(name)) makeFile(path, this.#tables, () => undefined)
    return this.#opened(name, openForWriting(path))
  }

  /** Makes a file of that name; before the name is there, `prepare` has filled it and done what must be done first. */
  begin(name: string, prepare: (db: DatabaseSync) => void): DatabaseSync {
    this.#forget(name)
    makeFile(this.#path(name), this.#tables, prepare)
    return this.#opened(name, openForWriting(this.#path(name)))
  }

  #opened(name: string, db: DatabaseSync): DatabaseSync {
    this.#open.set(name, { db, inode: statSync(this.#path(name)).ino })
    return db
  }

  drop(name: string): void {
    this.#forget(name)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#path(name)}${suffix}`, { force: true })
  }

  /** Keeps a damaged file beside the others, with its write-ahead log, and returns where. */
  setAside(name: string): string {
    this.#forget(name)
    const path = this.#path(name)
    const kept = `${path}.damaged-${String(Date.now())}`
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${kept}${suffix}`)
    }
    return kept
  }

  /** Bytes on disk. */
  size(): number {
    return readdirSync(this.#dir)
      .map((file) => statSync(join(this.#dir, file), { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, size) => sum + size, 0)
  }

  close(): void {
    for (const name of [...this.#open.keys()]) this.#forget(name)
  }

  #forget(name: string): void {
    this.#open.get(name)?.db.close()
    this.#open.delete(name)
  }

  #path(name: string): string {
    return join(this.#dir, `${name}.db`)
  }
}

import { mkdir, open, readdir, rename, rm, statfs, type FileHandle } from 'node:fs/promises'
import { syncFolder } from '../disk/sync-folder.ts'

/** One open file. Writes and reads are whole: a short one is continued or thrown. */
export interface DiskFile {
  write(bytes: Uint8Array, position: number): Promise<void>
  /** Fills as much of `into` as the file holds from `position` on; returns how much. */
  read(into: Uint8Array, position: number): Promise<number>
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** What the journal asks of a file system. Injected, so that tests can make it fail at a chosen call. */
export interface Disk {
  create(path: string): Promise<DiskFile>
  open(path: string, mode: 'read' | 'write'): Promise<DiskFile>
  makeFolder(path: string): Promise<void>
  list(path: string): Promise<readonly string[]>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Makes created, renamed and removed names durable. */
  syncFolder(path: string): Promise<void>
  space(path: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }>
}

export const realDisk: Disk = {
  create: async (path) => fileOf(await open(path, 'wx', 0o600)),
  open: async (path, mode) => fileOf(await open(path, mode === 'read' ? 'r' : 'r+')),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  list: (path) => readdir(path),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  async space(path) {
    const { bavail, blocks, bsize } = await statfs(path)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  },
}

function fileOf(handle: FileHandle): DiskFile {
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    },
    async read(into, position) {
      let done = 0
      while (done < into.length) {
        const { bytesRead } = await handle.read(into, done, into.length - done, position + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return done
    },
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  }
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'])

/** The disk has no room, as opposed to being broken. */
export function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NO_ROOM.has(String(error.code))
}

export function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

export function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

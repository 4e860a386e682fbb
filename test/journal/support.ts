import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DeviceMessage } from '../../server/domain/telemetry/reading.ts'
export { numberOf } from './record-number.ts'
import type { JournalEntry, JournalReader } from '../../server/flows/ports.ts'
import { realDisk, type Disk, type DiskFile } from '../../server/journal/disk.ts'
import { silentLog } from '../support/silent-log.ts'
import { openJournal, type JournalOptions, type OpenJournal } from '../../server/journal/journal.ts'

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'journal-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Small segments, so that a few messages fill several. */
export const SMALL_SEGMENT = 80 * 1024

export function aJournal(dir: string, options: Partial<JournalOptions> = {}): Promise<OpenJournal> {
  return openJournal({
    dir,
    log: silentLog,
    consumers: [{ name: 'detector', mayLose: false }],
    segmentBytes: SMALL_SEGMENT,
    keepFree: 0,
    ...options,
  })
}

export function aMessage(number: number, bodyBytes = 60): DeviceMessage {
  const body = Buffer.alloc(bodyBytes, 0x20)
  body.write(`{"n":${number}}`)
  return {
    deviceId: `device-${number % 7}`,
    channel: 'telemetry',
    receivedAt: 1_700_000_000_000 + number,
    body,
  }
}

/** Resolves when the message is on disk, rejects when it is not. */
export function append(journal: OpenJournal, message: DeviceMessage): Promise<void> {
  return new Promise((resolve, reject) =>
    journal.append(message, (error) => (error === undefined ? resolve() : reject(error))),
  )
}

export async function appendAll(
  journal: OpenJournal,
  from: number,
  to: number,
  bodyBytes = 60,
): Promise<void> {
  await Promise.all(
    Array.from({ length: to - from }, (_, i) => append(journal, aMessage(from + i, bodyBytes))),
  )
}

export async function readAll(
  journal: JournalReader,
  from = 0,
  maxBytes = 16 * 1024,
): Promise<JournalEntry[]> {
  const all: JournalEntry[] = []
  for (let at = from; ;) {
    const entries = await journal.read(at, maxBytes)
    const last = entries.at(-1)
    if (last === undefined) return all
    all.push(...entries)
    at = last.next
  }
}

export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i)

export function segmentFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.journal'))
    .toSorted()
    .map((name) => join(dir, name))
}

export interface Faults {
  /** What the next write, sync or allocation meets. */
  write?: NodeJS.ErrnoException | undefined
  datasync?: NodeJS.ErrnoException | undefined
  read?: NodeJS.ErrnoException | undefined
  open?: NodeJS.ErrnoException | undefined
  rename?: NodeJS.ErrnoException | undefined
  syncFolder?: NodeJS.ErrnoException | undefined
  list?: NodeJS.ErrnoException | undefined
  remove?: NodeJS.ErrnoException | undefined
  freeBytes?: number | undefined
  /** Held before every datasync until it resolves. */
  hold?: Promise<void> | undefined
  datasyncs: number
}

export function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code })
}

/** The real disk, failing where `faults` says so. */
export function faultyDisk(faults: Faults): Disk {
  const meet = (what: 'write' | 'read' | 'open' | 'rename' | 'syncFolder' | 'list' | 'remove'): void => {
    const found = faults[what]
    if (found !== undefined) throw found
  }
  const faulty = (file: DiskFile): DiskFile => ({
    ...file,
    async write(bytes, position) {
      meet('write')
      await file.write(bytes, position)
    },
    async read(into, position) {
      meet('read')
      return file.read(into, position)
    },
    async datasync() {
      faults.datasyncs += 1
      await faults.hold
      if (faults.datasync !== undefined) throw faults.datasync
      await file.datasync()
    },
  })
  return {
    ...realDisk,
    async create(path) {
      meet('open')
      return faulty(await realDisk.create(path))
    },
    async open(path, mode) {
      meet('open')
      return faulty(await realDisk.open(path, mode))
    },
    async rename(from, to) {
      meet('rename')
      await realDisk.rename(from, to)
    },
    async syncFolder(path) {
      meet('syncFolder')
      await realDisk.syncFolder(path)
    },
    async list(path) {
      meet('list')
      return realDisk.list(path)
    },
    async remove(path) {
      meet('remove')
      await realDisk.remove(path)
    },
    space: async (path) => {
      const real = await realDisk.space(path)
      return { ...real, freeBytes: faults.freeBytes ?? real.freeBytes }
    },
  }
}

/** The real disk with room for so many bytes in all: a write beyond it finds no room. */
export function budgetDisk(root: string, totalBytes: number): Disk {
  const used = (): number =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  return {
    ...realDisk,
    create: async (path) => {
      const file = await realDisk.create(path)
      return {
        ...file,
        async write(bytes, position) {
          const growth = Math.max(0, position + bytes.length - (await file.size()))
          if (used() + growth > totalBytes) throw fault('ENOSPC')
          await file.write(bytes, position)
        },
      }
    },
    space: async () => ({ freeBytes: totalBytes - used(), totalBytes }),
  }
}

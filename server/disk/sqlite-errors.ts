import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../flows/ports.ts'

const BUSY = 5
const READ_ONLY = 8
const IO_ERROR = 10
const DAMAGED = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26

/** SQLite's own code of an error, without its details; undefined when the error is none of SQLite's. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: number } | null)?.errcode
  return code === undefined ? undefined : code & 0xff
}

/** Another process holds the lock of the file. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY
}

/** Pages of the file are not what was written, so a retry changes nothing; errors caused by this count too. */
export function isDamaged(error: unknown): boolean {
  if ([DAMAGED, NOT_A_DATABASE].includes(codeOf(error) ?? 0)) return true
  return error instanceof Error && error.cause !== undefined && isDamaged(error.cause)
}

/** Checks every page; about a tenth of a second for each 100 MB. */
export function isWhole(open: () => DatabaseSync | undefined): boolean {
  try {
    return (open()?.prepare('pragma quick_check(1)').get()?.['quick_check'] ?? 'ok') === 'ok'
  } catch (error) {
    if (isDamaged(error)) return false
    throw error
  }
}

/** Turns a full disk, a lock or a disk error into StoreUnavailable; any other error is a bug and stays. */
export function asUnavailable(error: unknown): unknown {
  const code = codeOf(error)
  const system = (error as { code?: string }).code
  if (system === 'ENOSPC' || system === 'EDQUOT' || code === FULL) {
    return new StoreUnavailable('the disk is full', { cause: error })
  }
  if (code === BUSY) return new StoreUnavailable('another program holds the file', { cause: error })
  if (system === 'EIO' || system === 'EROFS') {
    return new StoreUnavailable(`the disk refuses: ${system}`, { cause: error })
  }
  if (code === undefined || ![READ_ONLY, IO_ERROR, CANNOT_OPEN].includes(code)) return error
  return new StoreUnavailable(`the disk refuses: ${(error as Error).message}`, { cause: error })
}

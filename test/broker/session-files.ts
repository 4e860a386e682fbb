import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LIMITS, type BrokerLimits } from '../../broker/limits.ts'
import { DiskPersistence } from '../../broker/persistence.ts'

let directory: string | undefined
let files = 0

/** A path in a directory that `removeFiles` takes away when the test file ends. */
export function newFile(): string {
  directory ??= mkdtempSync(join(tmpdir(), 'wellwatch-persistence-'))
  return join(directory, `${files++}.db`)
}

export function removeFiles(): void {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
  directory = undefined
}

export interface Opening {
  readonly path?: string
  readonly limits?: Partial<BrokerLimits>
  readonly now?: () => number
  readonly maySubscribe?: (clientId: string, filter: string) => boolean
  readonly keepsWill?: (clientId: string) => boolean
}

export function openPersistence({ path = newFile(), limits = {}, ...more }: Opening = {}): DiskPersistence {
  return new DiskPersistence({
    path,
    limits: { ...DEFAULT_LIMITS, ...limits },
    maySubscribe: () => true,
    keepsWill: () => false,
    now: Date.now,
    ...more,
  })
}

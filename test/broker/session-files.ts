import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { DEFAULT_LIMITS, type BrokerLimits } from '../../broker/limits.ts'
import { DiskPersistence } from '../../broker/persistence.ts'

const directory = mkdtempSync(join(tmpdir(), 'wellwatch-persistence-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
let files = 0
export const newFile = () => join(directory, `${files++}.db`)

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

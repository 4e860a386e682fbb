import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { instantText } from '../domain/instant.ts'
import type { ChainReport } from '../flows/access/audit.ts'
import { createAuditStore } from '../store/sql/audit-store.ts'
import { openDatabase } from '../store/sql/database.ts'

export interface AuditAsked {
  readonly dataDir: string
  /** A head that an earlier run printed and somebody has noted. */
  readonly head?: string
  /** Prints the newest accesses instead. */
  readonly list: boolean
}

const NEWEST = 200

/** `npm run audit`: whether the history still is what was written; beside a running server too. */
export async function runAudit(asked: AuditAsked, print: (line: string) => void): Promise<boolean> {
  const file = join(asked.dataDir, 'wellwatch.sqlite')
  if (!existsSync(file)) {
    print(`${asked.dataDir} holds no database (WELLWATCH_DATA_DIR names another directory)`)
    return false
  }
  const db = openDatabase(file)
  try {
    const store = createAuditStore(db)
    if (asked.list) {
      const { items } = await store.list({ limit: NEWEST })
      for (const { at, who, address = '', action, subject, status } of items) {
        print([instantText(at), who, address, action, subject, status].join('\t'))
      }
      return true
    }
    const { events, access } = await store.verify(asked.head)
    print(lineOf('events of tickets', events))
    print(lineOf('accesses', access))
    const isFound = asked.head === undefined || events.found === true || access.found === true
    if (!isFound) print(`the head ${String(asked.head)} is in neither: records behind it are gone`)
    return isFound && events.brokenAt === undefined && access.brokenAt === undefined
  } finally {
    await db.destroy()
  }
}

function lineOf(what: string, { records, head, brokenAt }: ChainReport): string {
  if (brokenAt !== undefined)
    return `${what}: BROKEN at record ${String(brokenAt)}, ${String(records)} good before it`
  return `${what}: ${String(records)} unbroken, head ${head === '' ? '(none)' : head}`
}

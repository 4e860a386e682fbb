import type { Instant } from '../../domain/instant.ts'
import { pause } from '../pause.ts'
import type { Log } from '../ports.ts'

/** Who did what from where: sign-ins, exports, and every request that may change something. */
export interface AuditEntry {
  readonly at: Instant
  /** Sign-in name, or `local` for commands on this machine. */
  readonly who: string
  readonly address?: string
  /** `sign_in`, `sign_in_failed`, `export`, or the method and route. */
  readonly action: string
  readonly subject: string
  /** Status of the answer. */
  readonly status: number
}
interface AuditRecord extends AuditEntry {
  readonly seq: number
  readonly link: string
}

/** One of the two chains: `events` of tickets, `access` by people. */
export interface ChainReport {
  readonly records: number
  /** Link of the newest record; noted elsewhere, it proves what stood before it. */
  readonly head: string
  /** Number of the first record that does not follow from those before. */
  readonly brokenAt?: number
  /** Whether the link asked for is in the chain. */
  readonly found?: boolean
}

/** Where the audit is kept: appended to, never changed, never deleted. */
export interface AuditStore {
  add(entries: readonly AuditEntry[]): Promise<void>
  list(filter: {
    who?: string
    cursor?: string
    limit: number
  }): Promise<{ readonly items: readonly AuditRecord[]; readonly next?: string }>
  /** Walks both chains from their first record; `link` is looked for on the way. */
  verify(link?: string): Promise<{ readonly events: ChainReport; readonly access: ChainReport }>
}

export interface Audit {
  record(entry: AuditEntry): void
  list: AuditStore['list']
  /** Resolves when what was recorded is on disk, or is in the log because the disk took nothing to the end. */
  close(): Promise<void>
}

const MAX_WAITING = 10_000
const RETRY_MS = 1000

/** Records in the order in which they come, many to a commit; what the disk refuses waits for it. */
export function createAudit(store: AuditStore, log: Log): Audit {
  let waiting: AuditEntry[] = []
  let writing: Promise<void> | undefined
  let isRefused = false
  const stopping = new AbortController()

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const entries = waiting
      waiting = []
      try {
        await store.add(entries)
        isRefused = false
      } catch (error) {
        if (stopping.signal.aborted) {
          log.error({ err: error, entries: entries.slice(0, 100) }, 'the end of the audit is lost')
          break
        }
        if (!isRefused) log.error({ err: error }, 'the audit cannot be written and waits')
        isRefused = true
        waiting = [...entries, ...waiting]
        await pause(RETRY_MS, stopping.signal)
      }
    }
    writing = undefined
  }
  return {
    record(entry) {
      if (waiting.length >= MAX_WAITING) {
        log.error({ entry }, 'the audit cannot follow')
        return
      }
      waiting.push(entry)
      writing ??= Promise.resolve().then(write)
    },
    list: (filter) => store.list(filter),
    async close() {
      stopping.abort()
      await writing
    },
  }
}

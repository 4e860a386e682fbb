import type { Log } from '../flows/ports.ts'
import { realDisk } from './disk.ts'
import { createReader } from './reader.ts'
import { recover } from './recover.ts'
import { createQuarantine } from './quarantine.ts'
import { sharedState } from './shared-state.ts'

const STEP_BYTES = 1024 * 1024

/**
 * Reads a journal that nobody writes to from its beginning to its end, as a start would, and cuts its
 * last segment to its records.
 */
export async function countRecords(
  dir: string,
  log: Log,
): Promise<{ readonly records: number; readonly badStretches: number }> {
  const state = sharedState()
  const quarantine = createQuarantine(dir, realDisk, state, log)
  const { sealed, recordsEnd } = await recover(dir, realDisk, quarantine)
  state.setStart(sealed[0]?.after ?? recordsEnd)
  state.setEnd(recordsEnd)
  const reader = createReader({ dir, disk: realDisk, state, quarantine })
  let records = 0
  for (let at = state.start(); ;) {
    const entries = await reader.read(at, STEP_BYTES)
    const last = entries.at(-1)
    if (last === undefined) return { records, badStretches: state.badStretches() }
    records += entries.length
    at = last.next
  }
}

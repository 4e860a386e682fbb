import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal, type OpenJournal } from '../../server/journal/journal.ts'
import { silentLog } from '../support/silent-log.ts'

/**
 * Commits of the journal: so many devices publish at the same instant, each waits for its
 * acknowledgement, then all publish again. Prints one row for each size of group.
 */
const GROUPS = [1, 10, 200] as const
const SECONDS_A_GROUP = 2
const BODY = Buffer.from(
  JSON.stringify({
    ts: Date.now(),
    values: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`primary_supply_${i}`, 0.61 + i])),
  }),
)

const dir = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'bench-journal-'))
try {
  const consumers = [{ name: 'bench', mayLose: false }]
  const journal = await openJournal({ dir, log: silentLog, consumers })
  const rows = []
  for (const group of GROUPS) rows.push(await measureAppends(journal, group))
  rows.push(await measureReading(journal))
  console.table(rows)
  await journal.close()
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function measureAppends(journal: OpenJournal, group: number) {
  const delays: number[] = []
  const began = performance.now()
  while (performance.now() - began < SECONDS_A_GROUP * 1000) {
    delays.push(...(await commitGroup(journal, group)))
  }
  const seconds = (performance.now() - began) / 1000
  delays.sort((a, b) => a - b)
  const at = (share: number): number => Number((delays[Math.floor(delays.length * share)] ?? 0).toFixed(2))
  return {
    what: `append, groups of ${group}`,
    'messages/s': Math.round(delays.length / seconds),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'max ms': at(1 - 1 / delays.length),
  }
}

/** Milliseconds from each append to its acknowledgement. */
function commitGroup(journal: OpenJournal, group: number): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>()
  const delays: number[] = []
  const began = performance.now()
  for (let i = 0; i < group; i += 1) {
    const message = { deviceId: `device-${i}`, channel: 'telemetry', receivedAt: began, body: BODY } as const
    journal.append(message, (error) => {
      if (error !== undefined) return reject(error)
      delays.push(performance.now() - began)
      if (delays.length === group) resolve(delays)
    })
  }
  return promise
}

async function measureReading(journal: OpenJournal) {
  const began = performance.now()
  let messages = 0
  for (let at = 0; ;) {
    const entries = await journal.read(at, 1024 * 1024)
    messages += entries.length
    const last = entries.at(-1)
    if (last === undefined) break
    at = last.next
  }
  const seconds = (performance.now() - began) / 1000
  return { what: 'read back', 'messages/s': Math.round(messages / seconds) }
}

import { parentPort, workerData } from 'node:worker_threads'
import { openJournalReader } from '../../server/journal/reader.ts'
import { silentLog } from '../support/silent-log.ts'
import { numberOf } from './record-number.ts'

/** A consumer in a thread of its own: reads until it has as many records as asked, then reports them. */
const { dir, shared, until } = workerData as { dir: string; shared: SharedArrayBuffer; until: number }
const reader = openJournalReader(dir, shared, silentLog)
const keepAlive = setInterval(() => {}, 60_000)
const stop = new AbortController()
const seen: number[] = []
for (let at = 0; seen.length < until;) {
  const entries = await reader.read(at, 8 * 1024)
  seen.push(...entries.map(numberOf))
  at = entries.at(-1)?.next ?? at
  if (entries.length === 0) await reader.waitBeyond(at, stop.signal)
}
parentPort?.postMessage(seen)
clearInterval(keepAlive)

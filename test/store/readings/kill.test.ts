import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { NO_NETWORK } from '../../../server/domain/network/build.ts'
import { createQuarantine } from '../../../server/flows/readings/quarantine.ts'
import { openJournal } from '../../../server/journal/journal.ts'
import { openReadingsHistory } from '../../../server/store/readings/open-readings.ts'
import { startForwarder } from '../../../server/store/readings/start-forwarder.ts'
import { silentLog } from '../../support/silent-log.ts'
import { embeddedSettings } from './embedded-settings.ts'

const T0 = Date.UTC(2026, 0, 15, 4)
const KILL_AFTER_MS = [300, 520, 710, 400]

/** Starts the process and kills it in full flight; the greatest number that it had acknowledged. */
async function runAndKill(dataDir: string, first: number, afterMs: number): Promise<number> {
  const script = new URL('./forwarder-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await once(child, 'close')
  return Number(said.split('\n').at(-2))
}

it('has every acknowledged sample in the history, once, after the process was killed again and again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  let last = -1
  for (const afterMs of KILL_AFTER_MS) last = await runAndKill(dataDir, last + 1, afterMs)
  expect(last).toBeGreaterThan(100)

  const journalDir = join(dataDir, 'journal')
  const consumers = [{ name: 'store', mayLose: true }]
  const journal = await openJournal({ dir: journalDir, log: silentLog, segmentBytes: 256 * 1024, consumers })
  const settings = embeddedSettings(dataDir)
  const forwarder = startForwarder({
    settings,
    journal,
    journalDir,
    quarantine: createQuarantine(),
    log: silentLog,
    network: { current: () => NO_NETWORK, asOf: () => NO_NETWORK, onChange: () => () => undefined },
  })
  await forwarder.catchUp()
  const history = openReadingsHistory(settings)
  const values = new Map<number, unknown>()
  let points = 0
  for (const deviceId of ['d0', 'd1', 'd2', 'd3', 'd4']) {
    const series = await history.query({ deviceId, from: T0, to: T0 + 100_000_000 })
    for (const [at, value] of series[0]?.points ?? []) {
      values.set(at - T0, value)
      points++
    }
  }
  expect(points).toBe(values.size)
  const missing = Array.from({ length: last + 1 }, (_, i) => i).filter(
    (number) => values.get(number) !== number,
  )
  expect(missing).toEqual([])
  await history.close()
  await forwarder.close()
  await journal.close()
}, 60_000)

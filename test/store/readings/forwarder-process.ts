import { join } from 'node:path'
import type { Network } from '../../../server/domain/network/network.ts'
import { createQuarantine } from '../../../server/flows/readings/quarantine.ts'
import { openJournal } from '../../../server/journal/journal.ts'
import { startForwarder } from '../../../server/store/readings/start-forwarder.ts'
import { NO_NETWORK } from '../../../server/domain/network/build.ts'
import { silentLog } from '../../support/silent-log.ts'
import { embeddedSettings } from './embedded-settings.ts'

/**
 * Appends numbered messages and stores them, until it is killed; prints the number of every message
 * that was acknowledged. Arguments: data directory, first number.
 */
const [dataDir = '', first = '0'] = process.argv.slice(2)
const journalDir = join(dataDir, 'journal')
const journal = await openJournal({
  dir: journalDir,
  log: silentLog,
  segmentBytes: 256 * 1024,
  consumers: [{ name: 'store', mayLose: true }],
})
const network: Network = NO_NETWORK
startForwarder({
  settings: embeddedSettings(dataDir),
  journal,
  journalDir,
  quarantine: createQuarantine(),
  log: silentLog,
  network: { current: () => network, asOf: () => network, onChange: () => () => undefined },
})
for (let number = Number(first); ; number += 20) {
  const group = Array.from({ length: 20 }, (_, i) => number + i)
  await Promise.all(group.map(appended))
  process.stdout.write(`${String(number + 19)}\n`)
}

function appended(number: number): Promise<void> {
  const ts = Date.UTC(2026, 0, 15, 4) + number
  const body = Buffer.from(JSON.stringify({ ts, values: { chamber_c: number } }))
  const message = { deviceId: `d${String(number % 5)}`, channel: 'telemetry', receivedAt: ts, body } as const
  return new Promise((resolve, reject) => {
    journal.append(message, (error) => (error === undefined ? resolve() : reject(error)))
  })
}

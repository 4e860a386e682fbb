import { setTimeout as pause } from 'node:timers/promises'
import { openJournal } from '../../server/journal/journal.ts'
import { silentLog } from '../support/silent-log.ts'

/** Appends numbered messages without pause and prints each number once it is acknowledged. */
const [dir = '', first = '0'] = process.argv.slice(2)
const journal = await openJournal({
  dir,
  log: silentLog,
  consumers: [{ name: 'detector', mayLose: false }],
  segmentBytes: 80 * 1024,
})
for (let number = Number(first); ; number += 1) {
  const body = Buffer.from(`{"n":${number}}`.padEnd(40 + (number % 50)))
  journal.append({ deviceId: `d${number % 9}`, channel: 'telemetry', receivedAt: number, body }, (error) => {
    if (error === undefined) process.stdout.write(`${number}\n`)
  })
  if (number % 50 === 0) await pause(1)
}

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createBroker } from '../../../broker/broker.ts'
import { openJournal } from '../../../server/journal/journal.ts'
import { silentLog } from '../../support/silent-log.ts'
import { tellPort } from './child-port.ts'

/** Our broker and journal, with nothing behind them: `node door.ts DIRECTORY`. */
const dir = mkdtempSync(join(process.argv[2] ?? '.', 'bench-door-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
process.once('disconnect', () => process.exit())

const journal = await openJournal({
  dir: join(dir, 'journal'),
  consumers: [{ name: 'nobody', mayLose: true }],
  log: silentLog,
})
setInterval(() => journal.advance('nobody', journal.durableEnd()), 500)
const broker = createBroker({
  authenticate: () => Promise.resolve(true),
  persistencePath: join(dir, 'sessions.sqlite'),
  log: silentLog,
  ingest: ({ deviceId, channel, body }, done) =>
    journal.append({ deviceId, channel, receivedAt: Date.now(), body }, (error) => done(error)),
})
const { mqttPort } = await broker.listen({ host: '127.0.0.1', mqttPort: 0 })
tellPort(mqttPort)

import { join } from 'node:path'
import { createChannels } from '../../server/notify/create-channels.ts'
import { createNotifier } from '../../server/wiring/notifier.ts'
import { runSchedule } from '../../server/process/schedule.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { silentLog } from '../support/silent-log.ts'

/** A server's outbox alone, to be killed: `outbox-process.ts DIR URL [ID]` adds ID and delivers for ever. */
const [dir = '', url = '', id] = process.argv.slice(2)
const db = openDatabase(join(dir, 'decisions.sqlite'))
await migrate(db)
const decisions = createDecisionStore(db)
const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const clock = { now: () => Date.now() }
const { delivery } = await createNotifier({
  db,
  tickets: decisions.read.tickets,
  channels: createChannels({
    language: 'zh',
    allow: ['127.0.0.1'],
    channel: [{ id: 'erp', type: 'webhook', url, secret }],
  }),
  people: createPeopleStore(db),
  live: { publish: () => undefined },
  clock,
  log: silentLog,
  waits: false,
})
if (id !== undefined) {
  const at = clock.now()
  await decisions.transact(async (repositories) => {
    const body = { type: 'ticket.overdue', timestamp: 'x', data: {} } as const
    const event = { id, audience: 'programs', ticketId: 't', number: 'n', channel: 'erp', body } as const
    await repositories.outbox.add([{ ...event, dueAt: at, exercise: false }], at)
    return true
  })
}
runSchedule([delivery], clock, silentLog)

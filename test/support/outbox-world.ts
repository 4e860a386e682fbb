import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '#contract/problem.ts'
import type { Instant } from '../../server/domain/instant.ts'
import type { Contact } from '../../server/domain/notification/reach.ts'
import type { Outgoing } from '../../server/domain/notification/notification.ts'
import type { OnDuty, OutboxEntry } from '../../server/flows/notification/outbox.ts'
import { createNotifier, type Notifier } from '../../server/wiring/notifier.ts'
import { createChannels } from '../../server/notify/create-channels.ts'
import type { ChannelSettings } from '../../server/notify/settings.ts'
import { openDatabase, type Database } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { createPeopleStore } from '../../server/store/sql/people-store.ts'
import { silentLog } from './silent-log.ts'

export interface OutboxWorld {
  readonly notifying: Notifier
  readonly alarms: string[]
  /** Writes as a transaction of an event would. */
  add(...outgoing: readonly Outgoing[]): Promise<void>
  entry(id: string): Promise<OutboxEntry>
  states(): Promise<Record<string, string>>
  /** Moves the clock, visiting every due instant on the way; returns those instants. */
  advance(ms: number): Promise<readonly Instant[]>
  now(): Instant
  restart(channels?: readonly ChannelSettings[]): Promise<void>
  close(): Promise<void>
}

const CREW: Contact = { id: 'crew', name: '值班员', phone: '13800000001' }

/** An outbox on real SQLite with real channels and a clock that stands until it is moved. */
export async function anOutboxWorld(options: {
  channels: readonly ChannelSettings[]
  onDuty?: OnDuty
  start: Instant
  waits?: boolean
  /** What passes with every look at the clock [ms]. */
  lookMs?: number
  /** An existing directory, which stays. */
  dir?: string
}): Promise<OutboxWorld> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'outbox-'))
  const alarms: string[] = []
  let { channels } = options
  let now = options.start
  let db: Database
  let notifying: Notifier

  const look = (): Instant => (now += options.lookMs ?? 0)
  const boot = async (): Promise<void> => {
    db = openDatabase(join(dir, 'decisions.sqlite'))
    await migrate(db)
    notifying = await createNotifier({
      db,
      tickets: createDecisionStore(db).read.tickets,
      channels: createChannels({ language: 'zh', allow: ['127.0.0.1'], channel: [...channels] }),
      people: createPeopleStore(db),
      onDuty: options.onDuty ?? ((_department, rung) => (rung === 'crew' ? [CREW] : [])),
      contact: (id) => (id === CREW.id ? CREW : undefined),
      live: { publish: (_event, _id, data) => void alarms.push((data as { text: { en: string } }).text.en) },
      clock: { now: look },
      log: silentLog,
      waits: options.waits ?? true,
    })
  }
  await boot()
  const list = async () => (await notifying.outbox.list({ limit: 200 })).items

  return {
    get notifying() {
      return notifying
    },
    alarms,
    now: look,
    async add(...outgoing) {
      const done = await createDecisionStore(db).transact(async (repositories) => {
        await repositories.outbox.add(outgoing, now)
        return true
      })
      if (isRefusal(done)) throw new Error(done.detail)
    },
    async entry(id) {
      const found = (await list()).find((each) => each.id === id)
      if (found === undefined) throw new Error(`no entry ${id}`)
      return found
    },
    states: async () => Object.fromEntries((await list()).map(({ id, state }) => [id, state])),
    async advance(ms) {
      const to = now + ms
      const visited: Instant[] = []
      for (let rounds = 0; rounds < 1000; rounds += 1) {
        const due = await notifying.delivery.nextDue()
        if (due === undefined || due > to) {
          now = to
          return visited
        }
        now = Math.max(now, due)
        if (visited.at(-1) !== now) visited.push(now)
        await notifying.delivery.run(now)
      }
      throw new Error('the outbox stays due')
    },
    async restart(others) {
      channels = others ?? channels
      await notifying.delivery.close()
      await db.destroy()
      await boot()
    },
    async close() {
      await notifying.delivery.close()
      await db.destroy()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}

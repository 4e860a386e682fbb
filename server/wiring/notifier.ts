import { randomUUIDv7 } from 'node:crypto'
import { handlingOf, stintOf } from '../domain/ticket/ticket.ts'
import type { Contact } from '../domain/notification/reach.ts'
import type { DecisionStore } from '../flows/decisions/decisions.ts'
import { createChannelWatch } from '../flows/notification/channel-watch.ts'
import {
  createNotificationDelivery,
  type NotificationDelivery,
} from '../flows/notification/deliver-notifications.ts'
import { createOutboxAdministration, type OutboxAdministration } from '../flows/notification/manage-outbox.ts'
import type { Channel, OnDuty } from '../flows/notification/outbox.ts'
import { everybodyOnDuty } from '../flows/duty/people-on-duty.ts'
import type { PeopleStore } from '../flows/access/people.ts'
import type { Clock, LiveFeed, Log } from '../flows/ports.ts'
import type { Database } from '../store/sql/database.ts'
import { createOutboxStore } from '../store/sql/outbox-store.ts'

export interface NotifierOptions {
  readonly db: Database
  readonly tickets: DecisionStore['read']['tickets']
  readonly channels: readonly Channel[]
  readonly people: PeopleStore
  /** The roster; where it knows nobody on any rung, everybody whose account has the role is told. */
  readonly onDuty?: OnDuty
  /** How somebody whom a ticket names is reached, as the roster knows it. */
  readonly contact?: (personId: string) => Contact | undefined
  readonly live: LiveFeed
  readonly clock: Clock
  readonly log: Log
  readonly waits: boolean
}

export interface Notifier {
  readonly delivery: NotificationDelivery
  readonly outbox: OutboxAdministration
  counts(): NotifyCounts
  /** How many channels reach people, and which channels fail. */
  channels(): { readonly configured: number; readonly failing: readonly string[] }
}

interface NotifyCounts {
  readonly sent: Readonly<Record<string, number>>
  readonly failures: Readonly<Record<string, number>>
}

/** The outbox with its channels, which carry messages about tickets to people and programs. */
export async function createNotifier(options: NotifierOptions): Promise<Notifier> {
  const { db, tickets, channels, people, onDuty, live, clock, log, waits } = options
  const store = createOutboxStore(db)
  const alarming = { live, newId: () => randomUUIDv7() }
  const watch = await createChannelWatch({ store, channels, alarming, log })
  const routing = {
    onDuty: [...(onDuty === undefined ? [] : [onDuty]), everybodyOnDuty(people)],
    contacts: async (ids: readonly string[]) => {
      const found = await Promise.all(ids.map((id) => options.contact?.(id) ?? accountOf(people, id)))
      return found.filter((contact) => contact !== undefined)
    },
    isAccepted: async (ticketId: string) => {
      // Of one that cannot be read nobody knows that it was accepted, and somebody is told.
      const [history] = await tickets.loadAll([ticketId])
      return history !== undefined && stintOf(handlingOf(history.ticket))?.acceptedAt !== undefined
    },
  }
  const delivery = createNotificationDelivery({
    store,
    channels,
    watch,
    routing,
    alarming,
    clock,
    log,
    waits,
  })
  const toPeople = channels.filter(({ audience }) => audience === 'people').length
  const outbox = createOutboxAdministration({ store, channels, watch, clock })
  return {
    delivery,
    outbox,
    counts: () => watch.counts(),
    channels: () => ({ configured: toPeople, failing: watch.failing() }),
  }
}

/** A person whom the roster does not know has a name only. */
async function accountOf(people: PeopleStore, id: string): Promise<Contact | undefined> {
  const found = await people.find(id)
  return found === undefined ? undefined : { id, name: found.person.name }
}

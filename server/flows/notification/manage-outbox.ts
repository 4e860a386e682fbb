import { refuse, type Refusal } from '#contract/problem.ts'
import type { Clock } from '../ports.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { ChannelWatch } from './channel-watch.ts'
import type { Page } from '../decisions/decisions.ts'
import type { Channel, OutboxEntry, OutboxState, OutboxStore } from './outbox.ts'
import { channelsOfEntry, NO_CHANNEL } from './route-outgoing.ts'

/** What people see of the outbox, and the one thing that they can do with it. */
export interface OutboxAdministration {
  list(filter: { state?: OutboxState; cursor?: string; limit: number }): Promise<Page<OutboxEntry>>
  channels(): readonly ChannelStanding[]
  /** How many there are in each state. */
  counts(): Promise<Readonly<Record<OutboxState, number>>>
  /** Did it not go out though it was meant to, and is there a channel for it now? */
  canRetry(entry: OutboxEntry): boolean
  /** Sends a dead or withheld one anew, and lets its channels be tried again. */
  retry(id: string): Promise<OutboxEntry | Refusal>
}

interface ChannelStanding {
  readonly id: string
  readonly type: string
  readonly name: LocalizedText
  readonly ok: boolean
  readonly why?: string
  readonly restUntil?: number
}

export function createOutboxAdministration(options: {
  readonly store: OutboxStore
  readonly channels: readonly Channel[]
  readonly watch: ChannelWatch
  readonly clock: Clock
}): OutboxAdministration {
  const { store, channels, watch, clock } = options
  function canRetry(entry: OutboxEntry): boolean {
    if (entry.outgoing.exercise || entry.state === 'waiting' || entry.state === 'sent') return false
    return channelsOfEntry(entry, channels).some((id) => channels.some((channel) => channel.id === id))
  }
  return {
    list: (filter) => store.list(filter),
    channels: () =>
      channels.map(({ id, type, name }) => {
        const { failures, isOff, why, restUntil } = watch.stateOf(id)
        return {
          id,
          type,
          name,
          ok: failures === 0 && !isOff,
          ...(why === undefined ? {} : { why }),
          ...(restUntil > clock.now() ? { restUntil } : {}),
        }
      }),
    async counts() {
      const [waiting, sent, dead, withheld] = await Promise.all([
        store.count('waiting'),
        store.count('sent'),
        store.count('dead'),
        store.count('withheld'),
      ])
      return { waiting, sent, dead, withheld }
    },
    canRetry,
    async retry(id) {
      const entry = await store.load(id)
      if (entry === undefined)
        return refuse('not-found', { zh: '没有这条通知', en: 'there is no such message' })
      if (entry.outgoing.exercise)
        return refuse('conflict', { zh: '演练通知不对外发送', en: 'messages of a drill are not sent' })
      if (entry.state === 'waiting' || entry.state === 'sent')
        return refuse(
          'conflict',
          entry.state === 'sent'
            ? { zh: '该通知已送达', en: 'this message has been delivered' }
            : { zh: '该通知正在发送', en: 'this message is being sent' },
        )
      if (!canRetry(entry)) return refuse('conflict', NO_CHANNEL)
      for (const channel of channelsOfEntry(entry, channels)) await watch.reopen(channel)
      const { outgoing, createdAt } = entry
      const again: OutboxEntry = {
        id,
        outgoing,
        createdAt,
        state: 'waiting',
        dueAt: clock.now(),
        failures: 0,
      }
      await store.save(again)
      return again
    },
  }
}

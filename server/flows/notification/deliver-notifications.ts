import { DAY, type Instant } from '../../domain/instant.ts'
import type { Packet } from '../../domain/notification/digest.ts'
import { nextTry, type Outcome, type Unsent } from '../../domain/notification/outcome.ts'
import type { ChannelWatch } from './channel-watch.ts'
import type { Channel, OutboxEntry, OutboxStore } from './outbox.ts'
import { parcelsOf, sendParcel } from './parcel.ts'
import type { Clock, Log, Timed } from '../ports.ts'
import { channelsOfEntry, routeOutgoing, type Routing } from './route-outgoing.ts'
import { raiseSystemAlarm, type Alarming } from '../self-monitoring/system-alarm.ts'

const AT_ONCE = 200
const SEND_TIMEOUT_MS = 10_000
const KEEP_MS = 30 * DAY

export interface NotificationDeliveryOptions {
  readonly store: OutboxStore
  readonly channels: readonly Channel[]
  readonly watch: ChannelWatch
  readonly routing: Omit<Routing, 'channels'>
  readonly alarming: Alarming
  readonly clock: Clock
  readonly log: Log
  /** With the manual clock an instant is over only once its messages are; live, nothing waits for a robot. */
  readonly waits: boolean
}

export interface NotificationDelivery extends Timed {
  close(): Promise<void>
}

/**
 * Sends what is due: at least once, each channel in a lane of its own, so that a slow one delays neither
 * the others nor a ticket. Progress is on disk before and after every attempt; the id stays the same.
 */
export function createNotificationDelivery(options: NotificationDeliveryOptions): NotificationDelivery {
  const { store, channels, watch, clock, log } = options
  const routing: Routing = { ...options.routing, channels }
  const stopping = new AbortController()
  const lanes = new Map<string, Promise<void>>()
  let isKnown = false
  let nextTidy = 0

  async function routeDue(at: Instant): Promise<void> {
    for (;;) {
      const entries = await store.unrouted(at, AT_ONCE)
      if (entries.length === 0) return
      for (const entry of entries) await store.save(await routeOutgoing(entry, routing, at))
    }
  }

  /** One after the other until nothing is due, the tokens are spent, or the channel does not answer. */
  async function runLane(channel: Channel): Promise<void> {
    while (!stopping.signal.aborted) {
      const at = clock.now()
      const waiting = await store.waiting(channel.id, at, AT_ONCE)
      if (waiting.length === 0) return
      if (!watch.isOpen(channel, at)) return leave(channel, waiting, at)
      const parcels = parcelsOf(channel, waiting, watch.tokens(channel, at))
      if (parcels.length === 0) return
      for (const parcel of parcels) {
        await watch.take(channel, at)
        const outcome = await attempt(channel, parcel)
        if (stopping.signal.aborted && outcome.kind !== 'sent') return
        const then = clock.now()
        await watch.note(channel, outcome, then)
        for (const entry of parcel) await settle(entry, outcome, then)
        if (!watch.isOpen(channel, then)) break
      }
    }
  }

  async function attempt(channel: Channel, parcel: Packet<OutboxEntry>): Promise<Outcome> {
    const timeout = AbortSignal.timeout(SEND_TIMEOUT_MS)
    try {
      return await sendParcel(channel, parcel, AbortSignal.any([stopping.signal, timeout]))
    } catch (error) {
      log.error({ err: error, channel: channel.id }, 'a notification channel failed in an unforeseen way')
      return { kind: 'failed', why: '通道内部错误' }
    }
  }

  async function settle(entry: OutboxEntry, outcome: Outcome, at: Instant): Promise<void> {
    if (outcome.kind === 'sent') await store.save({ ...entry, state: 'sent', doneAt: at })
    else await step(entry, outcome, at)
  }

  async function step(entry: OutboxEntry, outcome: Unsent, at: Instant): Promise<void> {
    const next = nextTry(
      { failures: entry.failures, channels: channelsOfEntry(entry, channels) },
      outcome,
      at,
    )
    const failed = { ...entry, ...next, why: `${entry.channel ?? ''}: ${outcome.why}` }
    if (next.state === 'waiting') return store.save(failed)
    log.error({ id: entry.id, why: failed.why }, 'a notification could not be delivered')
    await store.save({ ...failed, doneAt: at })
    const { audience, number, ticketId } = entry.outgoing
    if (audience === 'programs') return
    const text =
      number === undefined
        ? { zh: '值班通知未能送达', en: 'a notification of duty could not be delivered' }
        : { zh: `${number} 的通知未能送达`, en: `a notification of ${number} could not be delivered` }
    const of = ticketId === undefined ? {} : { ticketId }
    raiseSystemAlarm(options.alarming, { at, text, ...of, isTrouble: true })
  }

  /** A channel at rest is not waited for where there is another; a switched-off one not at all. */
  async function leave(channel: Channel, waiting: readonly OutboxEntry[], at: Instant): Promise<void> {
    const { isOff, why = '' } = watch.stateOf(channel.id)
    for (const entry of waiting) {
      const hasOther = channelsOfEntry(entry, channels).length > 1
      if (isOff || hasOther) await step(entry, { kind: isOff ? 'gone' : 'refused', why }, at)
    }
  }

  function start(channel: Channel): Promise<void> {
    const lane = runLane(channel)
      .catch((error: unknown) => {
        log.error({ err: error, channel: channel.id }, 'deliveries of a channel stopped')
      })
      .finally(() => lanes.delete(channel.id))
    lanes.set(channel.id, lane)
    return lane
  }

  return {
    name: 'notifications',
    async nextDue() {
      if (!isKnown) await store.unroute(channels.map(({ id }) => id))
      isKnown = true
      const now = clock.now()
      const first = await store.firstDue()
      const dues = channels.flatMap((channel) => {
        const due = first.get(channel.id)
        if (due === undefined || lanes.has(channel.id)) return []
        return [Math.max(due, dueOfLane(watch, channel, now))]
      })
      const unrouted = first.get('')
      return earliest(unrouted === undefined ? dues : [...dues, unrouted])
    },
    async run(at) {
      await routeDue(at)
      const first = await store.firstDue()
      const due = channels.filter(({ id }) => !lanes.has(id) && (first.get(id) ?? Infinity) <= at)
      const started = due.map(start)
      if (options.waits) await Promise.all(started)
      if (at < nextTidy) return
      nextTidy = at + DAY
      await store.forget(at - KEEP_MS)
    },
    async close() {
      stopping.abort()
      await Promise.all(lanes.values())
    },
  }
}

/**
 * A switched-off channel is due at once, to be left; a resting one when it may be tried again. What is due
 * is due since ever, not since now: whoever asks has looked at the clock a moment before.
 */
function dueOfLane(watch: ChannelWatch, channel: Channel, at: Instant): Instant {
  const ready = watch.readyAt(channel, at)
  return ready === undefined || ready <= at ? -Infinity : ready
}

function earliest(dues: readonly Instant[]): Instant | undefined {
  return dues.length === 0 ? undefined : Math.min(...dues)
}

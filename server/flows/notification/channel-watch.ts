import type { Instant } from '../../domain/instant.ts'
import {
  afterAttempt,
  freshChannel,
  isOpen,
  type ChannelState,
} from '../../domain/notification/channel-state.ts'
import type { Outcome } from '../../domain/notification/outcome.ts'
import { readyAt, takeOne, tokensAt } from '../../domain/notification/rate.ts'
import type { Channel, OutboxStore } from './outbox.ts'
import type { Log } from '../ports.ts'
import { raiseSystemAlarm, type Alarming } from '../self-monitoring/system-alarm.ts'

const FAILURES_TO_ALARM = 2

/** What is known of each channel, on disk before it matters: a restart loop cannot outrun a rate limit. */
export interface ChannelWatch {
  isOpen(channel: Channel, at: Instant): boolean
  tokens(channel: Channel, at: Instant): number
  /** The first instant at which something may be sent; undefined while it is switched off. */
  readyAt(channel: Channel, at: Instant): Instant | undefined
  take(channel: Channel, at: Instant): Promise<void>
  note(channel: Channel, outcome: Outcome, at: Instant): Promise<void>
  /** A person wants it tried again. */
  reopen(id: string): Promise<void>
  stateOf(id: string): ChannelState
  /** Ids of the channels that do not work. */
  failing(): readonly string[]
  counts(): {
    readonly sent: Readonly<Record<string, number>>
    readonly failures: Readonly<Record<string, number>>
  }
}

export interface ChannelWatchOptions {
  readonly store: Pick<OutboxStore, 'channels' | 'saveChannel'>
  readonly channels: readonly Channel[]
  readonly alarming: Alarming
  readonly log: Log
}

export async function createChannelWatch(options: ChannelWatchOptions): Promise<ChannelWatch> {
  const { store, channels, alarming, log } = options
  const states = new Map((await store.channels()).map((state) => [state.id, state]))
  const none = () => Object.fromEntries(channels.map(({ id }) => [id, 0]))
  const sent: Record<string, number> = none()
  const failures: Record<string, number> = none()
  const stateOf = (id: string): ChannelState => states.get(id) ?? freshChannel(id)

  async function save(state: ChannelState): Promise<void> {
    await store.saveChannel(state)
    states.set(state.id, state)
  }

  function tell(before: ChannelState, after: ChannelState, at: Instant): void {
    const isDown = doesNotWork(after)
    if (doesNotWork(before) === isDown) return
    const { id, why = '' } = after
    if (isDown) log.warn({ channel: id, why }, 'a notification channel does not work')
    else log.info({ channel: id }, 'a notification channel works again')
    const text = isDown
      ? { zh: `通知通道 ${id} 故障:${why}`, en: `notification channel ${id} does not work: ${why}` }
      : { zh: `通知通道 ${id} 已恢复`, en: `notification channel ${id} works again` }
    raiseSystemAlarm(alarming, { at, text, isTrouble: isDown })
  }

  return {
    isOpen: ({ id }, at) => isOpen(stateOf(id), at),
    tokens: ({ id, rate }, at) => tokensAt(stateOf(id).fullAt, rate, at),
    readyAt({ id, rate }, at) {
      const { isOff, restUntil, fullAt } = stateOf(id)
      return isOff ? undefined : Math.max(restUntil, readyAt(fullAt, rate, at))
    },
    async take({ id, rate }, at) {
      const state = stateOf(id)
      await save({ ...state, fullAt: takeOne(state.fullAt, rate, at) })
    },
    async note({ id }, outcome, at) {
      const before = stateOf(id)
      const after = afterAttempt(before, outcome, at)
      if (outcome.kind === 'sent') sent[id] = (sent[id] ?? 0) + 1
      else failures[id] = (failures[id] ?? 0) + 1
      await save(after)
      tell(before, after, at)
    },
    async reopen(id) {
      await save({ ...freshChannel(id), fullAt: stateOf(id).fullAt })
    },
    stateOf,
    failing: () => channels.filter(({ id }) => doesNotWork(stateOf(id))).map(({ id }) => id),
    counts: () => ({ sent, failures }),
  }
}

function doesNotWork({ failures, isOff }: ChannelState): boolean {
  return failures >= FAILURES_TO_ALARM || isOff
}

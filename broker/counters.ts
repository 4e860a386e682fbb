import { REFUSALS, type RefusalReason } from './refusals.ts'

export interface BrokerStats {
  /** Devices connected now. */
  readonly clients: number
  /** Connections that have not signed in yet. */
  readonly pending: number
  /** Connections and messages since the start. */
  readonly connects: number
  readonly messages: number
  readonly messagesPerMinute: number
  readonly refused: Readonly<Record<RefusalReason, number>>
  /** Queued or retained messages that a cap has dropped. */
  readonly dropped: number
  /** Why sessions are not on disk; undefined while they are. */
  readonly unsaved: string | undefined
}

/** Counts since the start; messages also per second, for the rate of the last minute. */
export function createCounters() {
  const refused = new Map<RefusalReason, number>(REFUSALS.map((reason) => [reason, 0]))
  const seconds = new Array<number>(60).fill(0)
  let second = 0
  let connects = 0
  let messages = 0
  return {
    countRefusal: (reason: RefusalReason) => refused.set(reason, (refused.get(reason) ?? 0) + 1),
    countConnect: () => connects++,
    countMessage: () => {
      messages++
      seconds[second] = (seconds[second] ?? 0) + 1
    },
    /** Called once a second. */
    roll: () => {
      second = (second + 1) % 60
      seconds[second] = 0
    },
    read: () => ({
      connects,
      messages,
      messagesPerMinute: seconds.reduce((sum, count) => sum + count, 0),
      refused: Object.fromEntries(refused) as Record<RefusalReason, number>,
    }),
  }
}
export type Counters = ReturnType<typeof createCounters>

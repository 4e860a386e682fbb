import { HOUR, MINUTE, SECOND, type Instant } from '../instant.ts'

/** What became of one attempt. Success is only what the provider itself calls one. */
export type Outcome =
  | { readonly kind: 'sent' }
  /** Nobody answered: time-out, no route, no such name. It speaks for everything that waits there. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It answered that it could not (5xx): worth trying again. */
  | { readonly kind: 'failed'; readonly why: string }
  /** It answered no: a wrong signature, a refused address. The same again gets the same answer. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Too many messages; it wants to be left alone for so long. */
  | { readonly kind: 'limited'; readonly why: string; readonly restMs: number }
  /** It asks never to be written to again (410). */
  | { readonly kind: 'gone'; readonly why: string }
export type Unsent = Exclude<Outcome, { kind: 'sent' }>

export type Next =
  | {
      readonly state: 'waiting'
      readonly channel: string
      readonly dueAt: Instant
      readonly failures: number
    }
  | { readonly state: 'dead'; readonly failures: number }

/** Waits between rounds over all channels (Standard Webhooks: seconds at first, a day at last). */
const BACKOFF_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  24 * HOUR,
]
const TRIES = 2

/**
 * What a failed attempt leads to: the same channel once more, then at once the next one, and after the
 * last a new round, later each time. A channel that is down or says no is left at once when there is
 * another. After the last round the entry is dead: kept, shown, and tried again only when asked.
 */
export function nextTry(
  entry: { readonly failures: number; readonly channels: readonly string[] },
  outcome: Unsent,
  at: Instant,
): Next {
  const { channels } = entry
  const tries = triesOf(channels)
  const slot = Math.floor(entry.failures / tries)
  const failures = outcome.kind === 'failed' ? entry.failures + 1 : (slot + 1) * tries
  const nextSlot = Math.floor(failures / tries)
  const round = Math.floor(nextSlot / channels.length)
  const channel = channelOf({ failures, channels })
  const isOver = outcome.kind === 'gone' && channels.length === 1
  if (channel === undefined || isOver || round > BACKOFF_MS.length) return { state: 'dead', failures }
  const isRest = outcome.kind === 'limited' && channels.length === 1
  const wait = Math.max(waitBefore({ slot, nextSlot, round }, channels.length), isRest ? outcome.restMs : 0)
  return { state: 'waiting', channel, dueAt: at + wait, failures }
}

/** The channel that an entry is with after so many failures. */
export function channelOf({
  failures,
  channels,
}: {
  readonly failures: number
  readonly channels: readonly string[]
}): string | undefined {
  return channels[Math.floor(failures / triesOf(channels)) % channels.length]
}

/** With nowhere else to go, every failure is a round of its own. */
function triesOf(channels: readonly string[]): number {
  return channels.length > 1 ? TRIES : 1
}

function waitBefore(
  { slot, nextSlot, round }: { readonly slot: number; readonly nextSlot: number; readonly round: number },
  channels: number,
): number {
  if (slot === nextSlot) return BACKOFF_MS[round] ?? 0
  const isNewRound = nextSlot % channels === 0
  return isNewRound ? (BACKOFF_MS[round - 1] ?? 0) : 0
}

/** How long a channel that nobody answers on is left alone after so many failures in a row. */
export function restAfter(failures: number): number {
  return Math.min(5 * SECOND * 2 ** Math.min(failures - 1, 10), 5 * MINUTE)
}

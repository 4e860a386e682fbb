import type { UnknownReason } from '#contract/unknown-senders.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import type { Memory } from './keep-memories.ts'
import { printable } from './printable.ts'

/** Somebody who was heard and from whom nothing is taken. */
export interface HeardSender {
  /** As it names itself: anything. */
  readonly clientId: string
  readonly reason: UnknownReason
  readonly topic?: string
  readonly body?: Uint8Array
  /** What a platform calls it, and the gateway that said so. */
  readonly alias?: string
  readonly gateway?: string
  /** Of the vocabulary, in what it sent. */
  readonly signals?: readonly string[]
}

export interface UnknownSender {
  readonly key: string
  readonly clientId: string
  readonly reason: UnknownReason
  readonly topic: string
  readonly count: number
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly sample: string
  readonly alias?: string
  readonly gateway?: string
  readonly signals?: readonly string[]
}

/** Whoever a door refused, in the door's own words. */
export interface RefusedSender extends Omit<HeardSender, 'reason'> {
  readonly reason: string
}

export interface UnknownSenders extends Memory<readonly UnknownSender[]> {
  hear(sender: HeardSender): void
  refused(sender: RefusedSender): void
  /** Of the last seven days, newest first. */
  list(): readonly UnknownSender[]
  /** Forgotten since the start because there were too many. */
  dropped(): number
  /** Of this sender nothing is unknown any more. */
  forget(clientId: string): void
  find(key: string): UnknownSender | undefined
}

/** What the doors call a refusal, as people are told of it; whatever is not here is no matter of a device. */
const REASONS: Readonly<Record<string, UnknownReason>> = {
  wrong_secret: 'wrong_secret',
  foreign_topic: 'foreign_topic',
  id_mismatch: 'id_mismatch',
  client_id: 'bad_id',
  user_name: 'bad_id',
  anonymous: 'anonymous',
}

/** Of each of both kinds. */
const MAX_SENDERS = 500
const KEPT_MS = 7 * DAY
const MAX_NAME = 64
const MAX_TOPIC = 256
const MAX_SAMPLE = 512

/**
 * Senders that were refused, so that somebody can see and mend it. A million invented names push out one
 * another, never one that has come again: those that were heard once wait apart.
 */
export function createUnknownSenders(
  now: () => Instant,
  isKnown: (deviceId: string) => boolean,
): UnknownSenders {
  const once = new Map<string, UnknownSender>()
  const again = new Map<string, UnknownSender>()
  let dropped = 0

  return {
    hear,
    refused,
    list,
    dropped: () => dropped,
    forget,
    find: (key) => again.get(key) ?? once.get(key),
    snapshot: list,
    restore,
  }

  function hear({ clientId, reason, topic = '', body, alias, gateway, signals }: HeardSender): void {
    const name = printable(clientId, MAX_NAME)
    const key = `${reason}:${name}`
    const known = again.get(key) ?? once.get(key)
    const at = now()
    once.delete(key)
    again.delete(key)
    keep(known === undefined ? once : again, {
      key,
      clientId: name,
      reason,
      topic: topic === '' ? (known?.topic ?? '') : printable(topic, MAX_TOPIC),
      count: (known?.count ?? 0) + 1,
      firstAt: known?.firstAt ?? at,
      lastAt: at,
      sample: body === undefined ? (known?.sample ?? '') : printable(body, MAX_SAMPLE),
      ...(alias === undefined ? {} : { alias }),
      ...(gateway === undefined ? {} : { gateway }),
      ...(signals === undefined ? {} : { signals: [...new Set([...(known?.signals ?? []), ...signals])] }),
    })
  }

  function refused({ reason: refusal, ...sender }: RefusedSender): void {
    const reason = Object.hasOwn(REASONS, refusal) ? REASONS[refusal] : undefined
    if (reason === undefined) return
    const isUnknown = reason === 'wrong_secret' && !isKnown(sender.clientId)
    hear({ ...sender, reason: isUnknown ? 'unknown_device' : reason })
  }

  /** The map's order is that of the last time: the oldest falls out. */
  function keep(into: Map<string, UnknownSender>, sender: UnknownSender): void {
    into.set(sender.key, sender)
    const [oldest] = into.keys()
    if (into.size <= MAX_SENDERS || oldest === undefined) return
    into.delete(oldest)
    dropped += 1
  }

  function list(): readonly UnknownSender[] {
    const since = now() - KEPT_MS
    return [...once.values(), ...again.values()]
      .filter(({ lastAt }) => lastAt > since)
      .reverse()
      .sort((a, b) => b.lastAt - a.lastAt)
  }

  function forget(clientId: string): void {
    for (const kept of [once, again]) {
      for (const { key, clientId: of } of kept.values()) if (of === clientId) kept.delete(key)
    }
  }

  function restore(saved: readonly UnknownSender[]): void {
    for (const sender of saved.toReversed()) keep(sender.count > 1 ? again : once, sender)
  }
}

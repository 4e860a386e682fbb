import type { TroublePart } from '#contract/live.ts'
import type { PartTrouble } from '../../domain/self-monitoring/trouble.ts'
import { MINUTE } from '../../domain/instant.ts'
import type { Log } from '../ports.ts'

/** A sign of life to somebody outside, who raises the alarm when it stays away (a dead man's handle). */
export interface Heartbeat {
  /** Why nobody outside is reached, after a few failures on end. */
  problem(): string | undefined
  /** Epoch seconds of the last one that arrived, 0 before the first. */
  lastAt(): number
  close(): Promise<void>
}

export interface HeartbeatOptions {
  /** Sends one; undefined when it arrived, else what went wrong, in a word. */
  readonly send: (signal: AbortSignal) => Promise<string | undefined>
  readonly troubles: () => readonly PartTrouble[]
  readonly log: Log
  readonly everyMs?: number
}

const FAILURES_TO_SAY = 3
const TIMEOUT_MS = 10_000
/** What a person on this side sees and mends; the main job goes on. */
const BEATS_ANYWAY: ReadonlySet<TroublePart> = new Set(['device', 'disk', 'clock', 'heartbeat', 'wall'])

export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { send, troubles, log, everyMs = MINUTE } = options
  const stopping = new AbortController()
  let failures = 0
  let why: string | undefined
  let lastAt = 0
  let isHeld = false
  let running: Promise<void> | undefined
  const timer = setInterval(begin, everyMs)
  queueMicrotask(begin)

  function begin(): void {
    running ??= beat().finally(() => (running = undefined))
  }

  async function beat(): Promise<void> {
    const reasons = troubles().filter(({ part }) => !BEATS_ANYWAY.has(part))
    const wasHeld = isHeld
    isHeld = reasons.length > 0
    if (isHeld) {
      if (!wasHeld) log.warn({ parts: reasons.map(({ part }) => part) }, 'the heartbeat is held back')
      return
    }
    const wrong = await send(AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]))
    if (stopping.signal.aborted) return
    failures = wrong === undefined ? 0 : failures + 1
    why = wrong
    if (wrong === undefined) lastAt = Math.floor(Date.now() / 1000)
    else log.warn({ why: wrong, failures }, 'the heartbeat did not arrive')
  }

  return {
    problem: () => (failures >= FAILURES_TO_SAY ? why : undefined),
    lastAt: () => lastAt,
    async close() {
      clearInterval(timer)
      stopping.abort()
      await running
    },
  }
}

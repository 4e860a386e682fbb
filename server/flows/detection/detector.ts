import { detectionAccount } from '../../domain/detection/account.ts'
import type { Finding } from '../../domain/detection/core/finding.ts'
import type { DetectionContext } from '../../domain/detection/core/context.ts'
import { step } from '../../domain/detection/step.ts'
import { nextDue, resume, tick } from '../../domain/detection/tick.ts'
import { MINUTE, type Instant } from '../../domain/instant.ts'
import { decodeMessage, type Decoded } from '../../domain/telemetry/decode.ts'
import type { DeviceMessage } from '../../domain/telemetry/reading.ts'
import { breathe } from '../pause.ts'
import { createCheckpoints, restore } from './checkpoint.ts'
import type { Detector, DetectorParts } from './detector-parts.ts'
import type { SavedTick } from './detection-store.ts'
import { isFarBehind } from '../far-behind.ts'
import { pause } from '../pause.ts'
import type { Cursor, JournalEntry } from '../ports.ts'
import type { DecodedEntry } from '../readings/recent-messages.ts'

const NAME = 'detector'
const BATCH_BYTES = 1 << 20
/** The loop belongs to everybody: after so long the others have a turn. */
const SLICE_MS = 8
/** Fewer messages than this are a trickle: the next ones may gather a little before the files are read. */
const TRICKLE = 500
const GATHER_MS = 10
/** A restart reads so much of the journal again, a second's work; the devices of a town take seconds to write. */
const CHECKPOINT_EVERY_MS = 60_000
/** After so long without a message. */
const CHECKPOINT_WHEN_IDLE_MS = 2000
const ALIVE_EVERY_MS = 30_000
const RETRY_MS = 1000
/** A record's size while none has been seen. */
const TYPICAL_RECORD_BYTES = 160
/** Away for longer than this, nobody's silence is held against him. */
const AWAY_MS = 5 * MINUTE

/**
 * Reads the journal by cursor and says what it means. State and cursor are saved together; between two
 * checkpoints a restart reads the same records again, with ticks at the same places, and says the same
 * findings with the same ids.
 */
export async function createDetector(parts: DetectorParts): Promise<Detector> {
  const { journal, store, clock, log, watch } = parts
  const saved = await store.load()
  const state = restore(saved)
  watch?.seed(state)
  let cursor: Cursor = Math.max(saved?.cursor ?? journal.start(), journal.start())
  if (saved !== undefined && saved.cursor < cursor) {
    log.error(
      { lostBytes: cursor - saved.cursor },
      'the journal no longer has what the detector has not seen',
    )
  }
  // Ticks are kept against a checkpoint, so there has to be a first one.
  const checkpoints = createCheckpoints(store, state)
  if (saved === undefined) await checkpoints.save({ cursor, aliveAt: clock.now() })
  const ticks: SavedTick[] = [...(saved?.ticks ?? [])]
  const aliveAt = saved?.aliveAt ?? 0
  let awayUntil = clock.now() - aliveAt > AWAY_MS ? clock.now() : undefined
  let saving: Promise<void> | undefined
  let savedCursor = cursor
  let checkpointDue = performance.now() + CHECKPOINT_EVERY_MS
  let consumedAt = performance.now()
  let aliveSavedAt = performance.now()
  let lastSeen = { clock: clock.now(), monotonic: performance.now() }
  let dirty = false
  let trouble: string | undefined
  /** Why the last checkpoint is not on disk. */
  let unsaved: string | undefined
  let repeats = 0
  let consumed = 0
  let consumedBytes = 0
  /** Said by the state and not taken by anybody: then this state must not be saved. */
  let undelivered = false
  const { checkInAt, worksAt, isMute } = parts
  const context: DetectionContext = {
    get network() {
      return parts.network.current()
    },
    settings: parts.settings,
    touched: checkpoints.deviceTouched,
    zoneTouched: checkpoints.zoneTouched,
    get responses() {
      return parts.responses?.()
    },
    repeated: () => (repeats += 1),
    ...(checkInAt === undefined ? {} : { checkInAt }),
    ...(worksAt === undefined ? {} : { worksAt }),
    ...(isMute === undefined ? {} : { isMute }),
  }
  const stopping = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()
  const loop = consumeForEver()

  return {
    name: NAME,
    catchUp,
    lag,
    position: () => cursor,
    close,
    nextDue: due,
    run,
    problem: () => trouble,
    unsaved: () => unsaved,
    isolated: () => state.isolated,
    account: () => detectionAccount({ state, context }),
    repeats: () => repeats,
  }

  /** State and cursor are only touched by one at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  async function consumeForEver(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const read = await inTurn(consumeBatch)
        if (read === 0 || trouble !== undefined) await inTurn(saveIfDue)
        worksAgain()
        if (read > 0 && read < TRICKLE) await pause(GATHER_MS, stopping.signal)
        if (read > 0) continue
        // A checkpoint under way may yet fail.
        const isSettled = !dirty && saving === undefined
        const waitMs = isSettled ? ALIVE_EVERY_MS : CHECKPOINT_WHEN_IDLE_MS
        await journal.waitBeyond(cursor, AbortSignal.any([stopping.signal, AbortSignal.timeout(waitMs)]))
      } catch (error) {
        if (trouble === undefined) log.error({ err: error }, 'the detector failed and tries again')
        trouble = error instanceof Error ? error.message : String(error)
        await pause(RETRY_MS, stopping.signal)
      }
    }
  }

  /** Said at once: on a quiet day the next message is long in coming, under load the next rest. */
  function worksAgain(): void {
    if (trouble !== undefined) log.info({}, 'the detector works again')
    trouble = undefined
  }

  /** One batch of the journal; the number of records in it. */
  async function consumeBatch(): Promise<number> {
    const entries = await nextEntries()
    let since = performance.now()
    for (const entry of entries) {
      const { cursor: from, next, message } = entry
      if (ticks.length > 0) await repeatTicks(from)
      resumeBefore(message.receivedAt)
      const { deviceId, receivedAt } = message
      const decoded = 'decoded' in entry ? entry.decoded : decode(entry.message)
      const findings = step(state, { deviceId, receivedAt, decoded }, context)
      if (findings.length > 0) await deliver(findings)
      watch?.observe(message, decoded)
      cursor = next
      dirty = true
      consumed += 1
      consumedBytes += next - from
      if (performance.now() - since < SLICE_MS) continue
      await breathe()
      since = performance.now()
    }
    if (entries.length > 0) consumedAt = performance.now()
    const isPressing = unsaved === undefined && isFarBehind(journal, cursor, savedCursor)
    if (consumedAt >= checkpointDue || isPressing) checkpoint()
    return entries.length
  }

  /** As the door handed them on, or else from the files. */
  async function nextEntries(): Promise<readonly (JournalEntry | DecodedEntry)[]> {
    const recent = parts.recent?.take(cursor) ?? []
    return recent.length > 0 ? recent : journal.read(cursor, BATCH_BYTES)
  }

  /** Ticks that had spoken before a crash speak again, at the same place in the journal. */
  async function repeatTicks(upTo: Cursor): Promise<void> {
    for (let first = ticks[0]; first !== undefined && first.cursor <= upTo; first = ticks[0]) {
      await deliver(tick(state, first.at, context))
      ticks.shift()
    }
  }

  function resumeBefore(at: Instant): void {
    // What came sooner came before it was away, and is judged again as it was then.
    if (awayUntil === undefined || at <= aliveAt + AWAY_MS) return
    resume(state, awayUntil)
    awayUntil = undefined
    dirty = true
  }

  /** Hands findings on until they are taken: what was seen is never forgotten. */
  async function deliver(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return
    watch?.find(findings)
    await untilTaken(() => parts.raise(findings, clock.now()))
  }

  /** The state has spoken and does not say it again: until it was heard there is no way on. */
  async function untilTaken(take: () => Promise<void>): Promise<void> {
    undelivered = true
    for (;;) {
      try {
        await take()
        undelivered = false
        worksAgain()
        return
      } catch (error) {
        if (stopping.signal.aborted) throw error
        if (trouble === undefined) log.error({ err: error }, 'findings could not be raised; trying again')
        trouble = error instanceof Error ? error.message : String(error)
        await pause(RETRY_MS, stopping.signal)
      }
    }
  }

  async function saveIfDue(): Promise<void> {
    const now = performance.now()
    const isQuiet = now - consumedAt >= CHECKPOINT_WHEN_IDLE_MS
    if (isQuiet || now >= checkpointDue) checkpoint()
    if (now - aliveSavedAt < ALIVE_EVERY_MS) return
    await store.saveAlive(clock.now())
    aliveSavedAt = now
  }

  /** Begins one of the state as it stands; the detector goes on meanwhile. */
  function checkpoint(): void {
    if (!dirty || undelivered || saving !== undefined) return
    const place = { cursor, aliveAt: clock.now() }
    dirty = false
    saving = checkpoints
      .save(place)
      .then(
        () => {
          if (unsaved !== undefined) log.info({}, 'the state of the detector is on disk again')
          unsaved = undefined
          aliveSavedAt = performance.now()
          checkpointDue = aliveSavedAt + CHECKPOINT_EVERY_MS
          savedCursor = place.cursor
          journal.advance(NAME, savedCursor)
        },
        (error: unknown) => {
          if (unsaved === undefined) log.error({ err: error }, 'the state of the detector cannot be saved')
          unsaved = error instanceof Error ? error.message : String(error)
          checkpointDue = performance.now() + RETRY_MS
          dirty = true
        },
      )
      .finally(() => (saving = undefined))
  }

  async function catchUp(): Promise<void> {
    const end = journal.durableEnd()
    while (cursor < end && (await inTurn(consumeBatch)) > 0);
  }

  function due(): Instant | undefined {
    return nextDue(state)
  }

  async function run(at: Instant): Promise<void> {
    await catchUp()
    await inTurn(async () => {
      await repeatTicks(Infinity)
      noticeJump(at)
      resumeBefore(at)
      const findings = tick(state, at, context)
      dirty = true
      if (findings.length > 0) await untilTaken(() => store.saveTick({ cursor, at }))
      await deliver(findings)
    })
  }

  /** A clock that was set forward, or a machine that slept, makes no device silent (F7). */
  function noticeJump(at: Instant): void {
    const monotonic = performance.now()
    const jumped = at - lastSeen.clock - (monotonic - lastSeen.monotonic)
    lastSeen = { clock: at, monotonic }
    if (jumped <= AWAY_MS || parts.manualClock === true) return
    log.warn({ jumpedMs: jumped }, 'the clock jumped; silence is counted from now')
    resume(state, at)
  }

  /** Messages, by the size of those seen so far. */
  function lag(): number {
    const each = consumed === 0 ? TYPICAL_RECORD_BYTES : consumedBytes / consumed
    return Math.ceil(Math.max(0, journal.durableEnd() - cursor) / each)
  }

  async function close(): Promise<void> {
    stopping.abort()
    await loop
    await saving
    await inTurn(async () => checkpoint())
    await saving
    log.debug({ consumed }, 'the detector has stopped')
  }
}

function decode({ channel, body, receivedAt }: DeviceMessage): Decoded {
  return decodeMessage(channel, body, receivedAt)
}

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Consumer, Journal, Log, NetworkSource, Quarantine, Rejected } from '../../flows/ports.ts'
import { deviceTagsOf } from '../../flows/readings/reading-mapper.ts'
import type { ForwarderProgress } from '../../flows/readings/forward-readings.ts'
import { createBisection } from './bisect.ts'
import type { ReadingsSettings } from './open-readings.ts'
import { createRestarts } from './restarts.ts'
import { SharedAttempt } from './shared-attempt.ts'
import { createUnstorable, type Unstorable } from './unstorable.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

export interface ForwarderOptions {
  readonly settings: ReadingsSettings
  readonly journal: Pick<Journal, 'advance' | 'durableEnd' | 'start'> & { readonly shared: SharedArrayBuffer }
  readonly journalDir: string
  readonly network: NetworkSource
  readonly quarantine: Quarantine
  readonly log: Log
}

export interface ReadingsForwarder extends Consumer {
  /** What was stored since the start, for `/metrics`. */
  progress(): ForwarderProgress
  /** How often the thread has fallen since the start. */
  falls(): number
  /** Threads in a row that stored something and fell all the same. */
  relapses(): number
  /** Acknowledged messages that kill the thread, kept as files. */
  readonly unstorable: Pick<Unstorable, 'count' | 'dir'>
}

/** The journal must know this consumer, as one that may lose samples when it is full. */
export const STORE_CONSUMER = 'store'
/** Of the thread's memory, for what lives briefly: enough for its load, and little when somebody floods it. */
const YOUNG_MB = 48
/** While it is narrowed down which message the thread dies of. */
const BISECTING_MS = 100
/** A record's size while none has been seen. */
const TYPICAL_RECORD_BYTES = 160

/** Runs the forwarder in a thread of its own; the thread is started again should it ever fall. */
export function startForwarder(options: ForwarderOptions): ReadingsForwarder {
  const { settings, journal, journalDir, network, quarantine, log } = options
  const waiting = new Map<number, () => void>()
  const attempt = new SharedAttempt()
  const bisection = createBisection()
  const restarts = createRestarts()
  const unstorable = createUnstorable(settings.dataDir, log)
  let asked = 0
  let progress: ForwarderProgress = {
    cursor: journal.start(),
    savedCursor: journal.start(),
    messages: 0,
    messageBytes: 0,
    samples: 0,
    rejected: 0,
    lostBytes: 0,
    writeSeconds: 0,
  }
  let fallen: string | undefined
  let closing = false
  let settleClosed: ((value: undefined) => void) | undefined
  let restart: NodeJS.Timeout | undefined
  let falls = 0
  let worker = launch()
  const forget = network.onChange((changed) => post({ kind: 'places', places: deviceTagsOf(changed) }))

  return {
    name: STORE_CONSUMER,
    progress: () => progress,
    falls: () => falls,
    relapses: () => restarts.relapses(),
    unstorable,
    catchUp() {
      const id = ++asked
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        post({ kind: 'catch-up', id })
      })
    },
    lag() {
      const bytes = journal.durableEnd() - progress.cursor
      const each = progress.messageBytes / progress.messages
      return bytes <= 0 ? 0 : Math.ceil(bytes / (each > 0 ? each : TYPICAL_RECORD_BYTES))
    },
    position: () => progress.cursor,
    problem: () => fallen ?? progress.problem,
    async close() {
      closing = true
      forget()
      clearTimeout(restart)
      if (worker.threadId > 0) {
        const { promise: closed, resolve } = Promise.withResolvers<undefined>()
        settleClosed = resolve
        post({ kind: 'close' })
        await Promise.race([closed, once(worker, 'exit')])
        // Sockets to a store that does not answer would keep it alive.
        await worker.terminate()
      }
      for (const resolve of waiting.values()) resolve()
    },
  }

  function launch(): Worker {
    const places = deviceTagsOf(network.current())
    attempt.records = 0
    restarts.begun()
    const workerData: WorkerStart = {
      settings,
      journalDir,
      shared: journal.shared,
      places,
      attempt: attempt.memory,
      caution: bisection.caution(),
    }
    const thread = new Worker(new URL('./forwarder-worker.ts', import.meta.url), {
      workerData,
      name: 'forwarder',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    thread.on('message', (message: FromWorker) => hear(message))
    let why: unknown = new Error('the forwarder thread ended')
    thread.on('error', (error: unknown) => (why = error))
    thread.on('exit', () => {
      if (closing) return
      fallen = why instanceof Error ? why.message : String(why)
      falls += 1
      const inMs = bisection.died(attempt) ? BISECTING_MS : restarts.fell()
      log.error({ err: why, inMs }, 'the forwarder thread fell and is started again')
      restart = setTimeout(relaunch, inMs)
    })
    return thread
  }

  function relaunch(): void {
    // What has gone stops the server: opened again it would be there, empty.
    if (!existsSync(journalDir)) return
    worker = launch()
    for (const id of waiting.keys()) post({ kind: 'catch-up', id })
  }

  function post(message: ToWorker): void {
    worker.postMessage(message)
  }

  function hear(message: FromWorker): void {
    switch (message.kind) {
      case 'progress':
        fallen = undefined
        restarts.worked()
        progress = message.progress
        bisection.reached(progress.savedCursor, progress.samples > 0)
        journal.advance(STORE_CONSUMER, progress.savedCursor)
        break
      case 'set-aside':
        for (const one of message.rejected) setAside(one)
        break
      case 'caught-up':
        waiting.get(message.id)?.()
        waiting.delete(message.id)
        break
      case 'closed':
        settleClosed?.(undefined)
        break
      case 'log':
        log[message.level](message.facts, message.text)
    }
  }

  function setAside(rejected: Rejected): void {
    if (rejected.reason === 'unstorable') unstorable.keep(rejected)
    quarantine.setAside(rejected)
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import type { Log } from '../../flows/ports.ts'
import { forwardReadings, type ForwarderProgress } from '../../flows/readings/forward-readings.ts'
import { openJournalReader } from '../../journal/reader.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { checkpointPath, openReadingsWriter } from './open-readings.ts'
import { SharedAttempt } from './shared-attempt.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

/** The forwarder thread: reads the journal's files itself, so that merging and compressing block nobody. */
const port = parentPort
if (port === null) throw new Error('this file is the forwarder thread; start it with startForwarder')
const start = workerData as WorkerStart
let { places } = start

function tell(message: FromWorker): void {
  port?.postMessage(message)
}

function say(level: 'debug' | 'info' | 'warn' | 'error') {
  return (facts: object, text: string): void => tell({ kind: 'log', level, facts, text })
}
const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }

const REPORT_EVERY_MS = 250
let reportedAt = -Infinity
let reported: ForwarderProgress | undefined
let latest: ForwarderProgress | undefined

function report(progress: ForwarderProgress): void {
  latest = progress
  const same = progress.problem === reported?.problem && progress.savedCursor === reported?.savedCursor
  if (same && performance.now() - reportedAt < REPORT_EVERY_MS) return
  send()
}
function send(): void {
  if (latest === undefined || latest === reported) return
  reportedAt = performance.now()
  reported = latest
  tell({ kind: 'progress', progress: latest })
}

const forwarder = forwardReadings({
  journal: openJournalReader(start.journalDir, start.shared, log),
  writer: openReadingsWriter(start.settings, log, (one) => tell({ kind: 'set-aside', rejected: [one] })),
  checkpoints: checkpointFile(checkpointPath(start.settings), log),
  places: () => places,
  log,
  report,
  setAside: (rejected) => tell({ kind: 'set-aside', rejected }),
  attempt: new SharedAttempt(start.attempt),
  ...(start.caution && { caution: start.caution }),
})

port.on('message', (message: ToWorker) => {
  if (message.kind === 'places') places = message.places
  else if (message.kind === 'catch-up') {
    void forwarder.catchUp().then(() => {
      send()
      tell({ kind: 'caught-up', id: message.id })
    })
  } else {
    void forwarder.close().then(() => {
      send()
      tell({ kind: 'closed' })
    })
  }
})

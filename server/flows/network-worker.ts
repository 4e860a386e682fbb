import { parentPort, workerData } from 'node:worker_threads'
import { doNetworkWork, type NetworkWork, type NetworkWorkDone } from './network-work.ts'

/** What the worker says: some features at a time, so that no message takes long to receive, then the rest. */
export type WorkerMessage =
  | { readonly kind: 'features'; readonly features: Extract<NetworkWorkDone, { kind: 'good' }>['features'] }
  | { readonly kind: 'done'; readonly done: NetworkWorkDone }

const FEATURES_A_MESSAGE = 1000

const port = parentPort
if (port === null) throw new Error('network-worker.ts runs as a worker thread')
const say = (message: WorkerMessage) => {
  port.postMessage(message)
}

const done = doNetworkWork(workerData as NetworkWork)
if (done.kind === 'good') {
  for (let i = 0; i < done.features.length; i += FEATURES_A_MESSAGE) {
    say({ kind: 'features', features: done.features.slice(i, i + FEATURES_A_MESSAGE) })
  }
  say({ kind: 'done', done: { ...done, features: [] } })
} else {
  say({ kind: 'done', done })
}

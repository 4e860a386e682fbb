import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { doNetworkWork, type NetworkMade, type NetworkWork, type NetworkWorkDone } from './network-work.ts'

/** What the worker says: some features at a time, each waiting to be taken, then the rest. */
export type WorkerMessage =
  | { readonly kind: 'features'; readonly features: NetworkMade['features'] }
  | { readonly kind: 'done'; readonly done: NetworkWorkDone }

/** So many are received in a few milliseconds; 10,000 at once would hold up deliveries. */
const FEATURES_A_MESSAGE = 1000

const port = parentPort
if (port === null) throw new Error('network-worker.ts runs as a worker thread')
const say = (message: WorkerMessage) => {
  port.postMessage(message)
}

const done = doNetworkWork(workerData as NetworkWork)
if (done.kind === 'bad' || done.made === undefined) {
  say({ kind: 'done', done })
} else {
  const { features } = done.made
  for (let i = 0; i < features.length; i += FEATURES_A_MESSAGE) {
    const taken = once(port, 'message')
    say({ kind: 'features', features: features.slice(i, i + FEATURES_A_MESSAGE) })
    await taken
  }
  say({ kind: 'done', done: { ...done, made: { ...done.made, features: [] } } })
}
port.close()

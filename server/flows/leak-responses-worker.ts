import { parentPort, workerData } from 'node:worker_threads'
import { leakResponses } from '../domain/detection/spatial/responses.ts'
import type { Network } from '../domain/network/network.ts'

const port = parentPort
if (port === null) throw new Error('leak-responses-worker.ts runs as a worker thread')
port.postMessage(leakResponses(workerData as Network))
port.close()

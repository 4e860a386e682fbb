import { parentPort, workerData } from 'node:worker_threads'
import { leakResponses } from '../../domain/detection/spatial/responses.ts'
import { networkFrom, type PackedNetwork } from '../network/network-work.ts'

const port = parentPort
if (port === null) throw new Error('leak-responses-worker.ts runs as a worker thread')
port.postMessage(leakResponses(networkFrom(workerData as PackedNetwork)))
port.close()

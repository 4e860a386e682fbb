import { parentPort, workerData } from 'node:worker_threads'
import { understandDevices } from '../flows/network/import-devices.ts'
import { understandLayers } from '../flows/network/read-delivery.ts'
import { BadFile } from './bad-file.ts'
import type { DeliveryNews, DeliveryWork } from './delivery-news.ts'
import { readDelivery } from './read-delivery.ts'

const port = parentPort
if (port === null) throw new Error('delivery-worker.ts runs as a worker thread')

/** Reading is about half of the work. */
const READ_SHARE = 0.5

try {
  const work = workerData as DeliveryWork
  const layers = await readDelivery(work.files)
  const news: DeliveryNews = { kind: 'progress', share: READ_SHARE }
  port.postMessage(news)
  const done: DeliveryNews = {
    kind: 'done',
    read: work.as === 'devices' ? understandDevices(layers, work) : understandLayers(layers, work),
  }
  port.postMessage(done, done.read.kind === 'read' ? [done.read.geoJson.buffer] : [])
} catch (error) {
  if (!(error instanceof BadFile)) throw error
  const bad: DeliveryNews = { kind: 'done', read: { kind: 'bad', said: error.said } }
  port.postMessage(bad)
}
port.close()

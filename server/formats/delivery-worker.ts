import { parentPort, workerData } from 'node:worker_threads'
import { understandLayers, type DeliveryOrder } from '../flows/network/read-delivery.ts'
import { BadFile } from './bad-file.ts'
import type { DeliveryNews } from './delivery-news.ts'
import { readDelivery } from './read-delivery.ts'

const port = parentPort
if (port === null) throw new Error('delivery-worker.ts runs as a worker thread')

/** Reading is about half of the work. */
const READ_SHARE = 0.5

try {
  const { files, ...order } = workerData as DeliveryOrder
  const layers = await readDelivery(files)
  const news: DeliveryNews = { kind: 'progress', share: READ_SHARE }
  port.postMessage(news)
  const done: DeliveryNews = { kind: 'done', read: understandLayers(layers, order) }
  port.postMessage(done, done.read.kind === 'read' ? [done.read.geoJson.buffer] : [])
} catch (error) {
  if (!(error instanceof BadFile)) throw error
  const bad: DeliveryNews = { kind: 'done', read: { kind: 'bad', said: error.said } }
  port.postMessage(bad)
}
port.close()

import { Worker } from 'node:worker_threads'
import type { DeviceTableRead, ReadDeviceTable } from '../flows/network/import-devices.ts'
import type { DeliveryRead, Progress, ReadDelivery } from '../flows/network/read-delivery.ts'
import type { DeliveryNews, DeliveryWork } from './delivery-news.ts'

const MAX_MS = 120_000
const MAX_MEMORY_MB = 2048
const TOO_MUCH = {
  kind: 'bad' as const,
  said: {
    zh: '文件过于庞大复杂,读取耗尽了时间或内存;请拆分后再导入',
    en: 'the files are too large or too involved: reading them took all the time or memory allowed; split them',
  },
}

/** Reads a delivery in a thread of its own, which no file can make last for ever or take all memory. */
export const deliveryThread: ReadDelivery = (order, progress) =>
  readInThread<DeliveryRead>({ as: 'network', ...order }, progress)

/** The same for a table of devices. */
export const deviceTableThread: ReadDeviceTable = (order) =>
  readInThread<DeviceTableRead>({ as: 'devices', ...order })

async function readInThread<Read>(work: DeliveryWork, progress?: Progress): Promise<Read> {
  const worker = new Worker(new URL('./delivery-worker.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
  })
  const { promise, resolve, reject } = Promise.withResolvers<DeliveryRead | DeviceTableRead>()
  const tooLong = setTimeout(() => resolve(TOO_MUCH), MAX_MS)
  worker.on('message', (news: DeliveryNews) => {
    if (news.kind === 'progress') progress?.(news.share)
    else resolve(news.read)
  })
  worker.once('error', (error) => {
    const isMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    if (isMemory) resolve(TOO_MUCH)
    else reject(new Error('the reading of a delivery broke off', { cause: error }))
  })
  worker.once('exit', () => reject(new Error('the thread that reads a delivery stopped')))
  try {
    // What is asked for is what the thread makes.
    return (await promise) as Read
  } finally {
    clearTimeout(tooLong)
    await worker.terminate()
  }
}

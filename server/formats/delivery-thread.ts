import { Worker } from 'node:worker_threads'
import type { DeliveryRead, ReadDelivery } from '../flows/network/read-delivery.ts'
import type { DeliveryNews } from './delivery-news.ts'

const MAX_MS = 120_000
const MAX_MEMORY_MB = 2048
const TOO_MUCH: DeliveryRead = {
  kind: 'bad',
  said: {
    zh: '文件过于庞大复杂,读取耗尽了时间或内存;请拆分后再导入',
    en: 'the files are too large or too involved: reading them took all the time or memory allowed; split them',
  },
}

/** Reads a delivery in a thread of its own, which no file can make last for ever or take all memory. */
export const deliveryThread: ReadDelivery = async (order, progress) => {
  const worker = new Worker(new URL('./delivery-worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
  })
  const { promise, resolve, reject } = Promise.withResolvers<DeliveryRead>()
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
    return await promise
  } finally {
    clearTimeout(tooLong)
    await worker.terminate()
  }
}

import { Worker } from 'node:worker_threads'
import type { NetworkFile } from '#contract/network.ts'
import { doNetworkWork, type NetworkWork, type NetworkWorkDone } from './network-work.ts'
import type { WorkerMessage } from './network-worker.ts'

/** Up to this many bytes the work is done in the main thread: it takes less than starting a worker. */
const SMALL_BYTES = 200 * 1024
const PACKED_SMALL_BYTES = 20 * 1024
/** A file that takes longer, or more memory, is made to. */
const MAX_MS = 120_000
const MAX_MEMORY_MB = 2048
const TOO_MUCH: NetworkWorkDone = {
  kind: 'bad',
  mistakes: [{ featureId: '', path: '', message: '文件过于庞大复杂,检查耗尽了时间或内存;请拆分后再导入' }],
}

/** Does the work of an import without holding up deliveries: a big one in a thread of its own. */
export async function networkWork(
  work: NetworkWork,
  most: { readonly ms: number; readonly memoryMb: number } = { ms: MAX_MS, memoryMb: MAX_MEMORY_MB },
): Promise<NetworkWorkDone> {
  const standing = work.standing?.byteLength ?? 0
  const incoming = work.incoming instanceof Uint8Array ? work.incoming.byteLength : 0
  if (incoming <= SMALL_BYTES && standing <= PACKED_SMALL_BYTES) return doNetworkWork(work)

  const worker = new Worker(new URL('./network-worker.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: most.memoryMb },
  })
  const late = Promise.withResolvers<NetworkWorkDone>()
  const tooLong = setTimeout(() => late.resolve(TOO_MUCH), most.ms)
  try {
    return await Promise.race([resultOf(worker), late.promise])
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') return TOO_MUCH
    throw new Error('the check of a network file broke off', { cause: error })
  } finally {
    clearTimeout(tooLong)
    await worker.terminate()
  }
}

function resultOf(worker: Worker): Promise<NetworkWorkDone> {
  const features: NetworkFile['features'][number][] = []
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'features') {
        features.push(...message.features)
        setImmediate(() => {
          worker.postMessage('taken')
        })
        return
      }
      const { done } = message
      const whole = done.kind === 'good' && done.made !== undefined
      resolve(whole ? { ...done, made: { ...done.made, features } } : done)
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      reject(new Error('its thread stopped'))
    })
  })
}

import { Worker } from 'node:worker_threads'
import { leakResponses } from '../../domain/detection/spatial/responses.ts'
import type { LeakResponses } from '../../domain/detection/core/leak-response.ts'
import { HOUR, MINUTE } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import type { NetworkRegistry } from '../network/change-network.ts'
import type { PackedNetwork } from '../network/network-work.ts'
import type { Log, NetworkSource } from '../ports.ts'

export interface LeakResponding {
  /** Of the network that stands; undefined while they are being computed, or could not be. */
  current(): LeakResponses | undefined
  close(): Promise<void>
}

/** Up to so many pipes it takes less than starting a worker. */
const SMALL_PIPES = 150
/** A network that takes longer is made to take long. */
const MAX_MS = 120_000
/** After one that failed, and twice as long after each that follows; out of memory today may be well tomorrow. */
const AGAIN_MS = 10 * MINUTE
const MAX_PAUSE_MS = 6 * HOUR

/**
 * How pressures answer leaks, computed apart from the event loop whenever the network changes. Resolves
 * when those of the network that stands are there, so that a restart goes on as it stopped.
 */
export async function createLeakResponding(parts: {
  readonly network: NetworkSource & Pick<NetworkRegistry, 'packed'>
  readonly log: Log
}): Promise<LeakResponding> {
  const { network, log } = parts
  let known: { readonly version: number; readonly responses: LeakResponses } | undefined
  let running: Worker | undefined
  let again: NodeJS.Timeout | undefined
  let pauseMs = AGAIN_MS
  let closed = false

  async function renew(wanted: Network): Promise<void> {
    clearTimeout(again)
    await running?.terminate()
    try {
      const packed = network.packed()
      const responses =
        packed === undefined || wanted.pipes.size <= SMALL_PIPES
          ? leakResponses(wanted)
          : await elsewhere(packed, (it) => (running = it))
      pauseMs = AGAIN_MS
      if (network.current().version === wanted.version) known = { version: wanted.version, responses }
    } catch (error) {
      if (closed || network.current().version !== wanted.version) return
      log.error(
        { err: error },
        'leaks cannot be located: the hydraulics of the network could not be computed',
      )
      again = setTimeout(() => void renew(network.current()), pauseMs)
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)
    }
  }

  const stop = network.onChange((changed) => {
    pauseMs = AGAIN_MS
    // An import is answered before: until they are there, sensors are judged against their own past.
    void renew(changed)
  })
  await renew(network.current())
  return {
    current: () => (known?.version === network.current().version ? known.responses : undefined),
    async close() {
      closed = true
      clearTimeout(again)
      stop()
      await running?.terminate()
    },
  }
}

async function elsewhere(network: PackedNetwork, began: (worker: Worker) => void): Promise<LeakResponses> {
  const worker = new Worker(new URL('./leak-responses-worker.ts', import.meta.url), { workerData: network })
  began(worker)
  const tooLong = setTimeout(() => void worker.terminate(), MAX_MS)
  try {
    return await new Promise<LeakResponses>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => {
        reject(new Error('the computation of leak responses stopped before its end'))
      })
    })
  } finally {
    clearTimeout(tooLong)
    await worker.terminate()
  }
}

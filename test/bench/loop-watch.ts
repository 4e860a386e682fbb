import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded before the server (`node --import`): answers over IPC what the main thread's event loop and
 * the whole process cost since the question before.
 */
export interface ProcessCost {
  readonly loopP999Ms: number
  readonly loopMaxMs: number
  /** All threads. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

const RESOLUTION_MS = 5
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
let cpu = process.cpuUsage()

process.on('message', (message) => {
  if (message !== 'cost') return
  const used = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  const cost: ProcessCost = {
    loopP999Ms: late(delay.percentile(99.9)),
    loopMaxMs: late(delay.max),
    cpuSeconds: (used.user + used.system) / 1e6,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }
  delay.reset()
  process.send?.(cost)
})
process.channel?.unref()

import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded before the server (`node --import`): answers over IPC what the main thread's event loop and
 * the whole process cost since the question before.
 */
export interface ProcessCost {
  readonly loopP999Ms: number
  readonly loopMaxMs: number
  /** The longest stretch by the thread's own processor time: what others take of the machine is not in it. */
  readonly loopOwnMs: number
  /** All threads. */
  readonly cpuSeconds: number
  readonly rssMb: number
}

const RESOLUTION_MS = 5
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
let cpu = process.cpuUsage()

const ownNow = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
let ownBefore = ownNow()
let ownMs = 0
setInterval(() => {
  const now = ownNow()
  ownMs = Math.max(ownMs, now - ownBefore)
  ownBefore = now
}, RESOLUTION_MS).unref()

process.on('message', (message) => {
  if (message !== 'cost') return
  const used = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  const cost: ProcessCost = {
    loopP999Ms: late(delay.percentile(99.9)),
    loopMaxMs: late(delay.max),
    loopOwnMs: ownMs,
    cpuSeconds: (used.user + used.system) / 1e6,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }
  delay.reset()
  ownMs = 0
  process.send?.(cost)
})
process.channel?.unref()

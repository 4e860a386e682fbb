import { cpus } from 'node:os'

/** Seconds that all cores together were busy since the machine started. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}

/** Begins to measure; the answer takes our own CPU seconds and says how many cores all others had. */
export function foreignCores(): (ownSeconds: number) => number {
  const [busy, began] = [busySeconds(), performance.now()]
  return (own) => Math.max(0, busySeconds() - busy - own) / ((performance.now() - began) / 1000)
}

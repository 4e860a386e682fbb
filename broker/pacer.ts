/** A token bucket per device: what exceeds it waits its turn, in order, and its socket is not read. */
export interface Pacer {
  /** Runs at once, or when the device's bucket has a token again. */
  take(deviceId: string, run: () => void): void
  /** Forgets buckets that are full again. */
  sweep(): void
  close(): void
}

interface Bucket {
  tokens: number
  at: number
  readonly waiting: (() => void)[]
  timer?: NodeJS.Timeout
}

export function createPacer(limits: { readonly messagesPerS: number; readonly burst: number }): Pacer {
  const { messagesPerS, burst } = limits
  const buckets = new Map<string, Bucket>()

  function refill(bucket: Bucket): void {
    const now = performance.now()
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * messagesPerS) / 1000)
    bucket.at = now
  }

  function drain(bucket: Bucket): void {
    delete bucket.timer
    refill(bucket)
    while (bucket.tokens >= 1 && bucket.waiting.length > 0) {
      bucket.tokens--
      bucket.waiting.shift()?.()
    }
    if (bucket.waiting.length > 0) schedule(bucket)
  }

  function schedule(bucket: Bucket): void {
    const untilNextMs = Math.ceil(((1 - bucket.tokens) * 1000) / messagesPerS)
    bucket.timer ??= setTimeout(drain, Math.max(1, untilNextMs), bucket).unref()
  }

  return {
    take(deviceId, run) {
      let bucket = buckets.get(deviceId)
      if (bucket === undefined) {
        bucket = { tokens: burst, at: performance.now(), waiting: [] }
        buckets.set(deviceId, bucket)
      }
      // The clock is asked only when it matters; `sweep` fills the others up.
      if (bucket.tokens < 1) refill(bucket)
      if (bucket.waiting.length === 0 && bucket.tokens >= 1) {
        bucket.tokens--
        return run()
      }
      bucket.waiting.push(run)
      schedule(bucket)
    },
    sweep() {
      for (const [deviceId, bucket] of buckets) {
        refill(bucket)
        if (bucket.tokens >= burst && bucket.waiting.length === 0) buckets.delete(deviceId)
      }
    },
    close() {
      for (const bucket of buckets.values()) clearTimeout(bucket.timer)
      buckets.clear()
    },
  }
}

/** A token bucket per device: messages beyond it wait in order, and the device's socket is not read. */
export interface RateLimiter {
  /** Takes a token; false when there is none or others wait already. */
  tryTake(deviceId: string): boolean
  /**
   * Runs the waiter when the device's bucket has a token again, or drops it without a token when its sender
   * is gone: a message without an answer is sent again.
   */
  enqueue(deviceId: string, waiter: Waiter): void
  /** Called every second: advances the clock of the buckets and, once a minute, deletes full ones. */
  sweep(): void
  close(): void
}

export interface Waiter {
  run(): void
  isGone(): boolean
  drop(): void
}

interface Bucket {
  tokens: number
  at: number
  waiting: Waiter[]
  /** Index of the first that still waits; shifting a long array would move all of it. */
  first: number
  timer?: NodeJS.Timeout
}

const MAX_PASSED = 1000
/** Buckets are kept between messages, since there are no more of them than devices. */
const SWEEP_EVERY_MS = 60_000

export function createRateLimiter(limits: {
  readonly messagesPerS: number
  readonly burst: number
}): RateLimiter {
  const { messagesPerS, burst } = limits
  const buckets = new Map<string, Bucket>()
  /** When this second began. */
  let secondAt = performance.now()
  let sweptAt = secondAt

  function bucketOf(deviceId: string): Bucket {
    const known = buckets.get(deviceId)
    if (known !== undefined) return known
    const made = { tokens: burst, at: performance.now(), waiting: [], first: 0 }
    buckets.set(deviceId, made)
    return made
  }

  function refill(bucket: Bucket, now: number): void {
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * messagesPerS) / 1000)
    bucket.at = now
  }

  function drain(bucket: Bucket): void {
    delete bucket.timer
    refill(bucket, performance.now())
    for (;;) {
      const waiter = bucket.waiting[bucket.first]
      if (waiter === undefined) return forget(bucket)
      const isGone = waiter.isGone()
      if (!isGone && bucket.tokens < 1) break
      bucket.first++
      if (isGone) waiter.drop()
      else {
        bucket.tokens--
        waiter.run()
      }
    }
    if (bucket.first > MAX_PASSED) {
      bucket.waiting = bucket.waiting.slice(bucket.first)
      bucket.first = 0
    }
    schedule(bucket)
  }

  function forget(bucket: Bucket): void {
    bucket.waiting = []
    bucket.first = 0
  }

  function schedule(bucket: Bucket): void {
    const untilNextMs = Math.ceil(((1 - bucket.tokens) * 1000) / messagesPerS)
    bucket.timer ??= setTimeout(drain, Math.max(1, untilNextMs), bucket).unref()
  }

  return {
    tryTake(deviceId) {
      const bucket = bucketOf(deviceId)
      if (bucket.at < secondAt) refill(bucket, secondAt)
      // Reading the clock for each message would cost more than the rest of this.
      if (bucket.tokens < 1) refill(bucket, performance.now())
      if (bucket.waiting.length > 0 || bucket.tokens < 1) return false
      bucket.tokens--
      return true
    },
    enqueue(deviceId, waiter) {
      const bucket = bucketOf(deviceId)
      bucket.waiting.push(waiter)
      schedule(bucket)
    },
    sweep() {
      secondAt = performance.now()
      if (secondAt - sweptAt < SWEEP_EVERY_MS) return
      sweptAt = secondAt
      for (const [deviceId, bucket] of buckets) {
        refill(bucket, secondAt)
        if (bucket.tokens >= burst && bucket.waiting.length === 0) buckets.delete(deviceId)
      }
    },
    close() {
      for (const bucket of buckets.values()) clearTimeout(bucket.timer)
      buckets.clear()
    },
  }
}

/** A token bucket per device: what exceeds it waits its turn, in order, and its socket is not read. */
export interface Pacer {
  /** Whether its turn is now; that takes a token. */
  admits(deviceId: string): boolean
  /**
   * Runs when the device's bucket has a token again. `isGone`: whoever sent it has left without an answer
   * and will send it again; then it does not wait any longer, and `leave` runs instead.
   */
  wait(deviceId: string, turn: Turn): void
  /** Called every second: lets the buckets fill, and now and then forgets those that are full again. */
  sweep(): void
  close(): void
}

export interface Turn {
  run(): void
  isGone(): boolean
  leave(): void
}

interface Bucket {
  tokens: number
  at: number
  waiting: Turn[]
  /** Those before it have had their turn. A long list is not shifted: that would move all of it. */
  first: number
  timer?: NodeJS.Timeout
}

const MOST_PASSED = 1000
/** There are no more of them than devices; to make and forget one for each message costs more. */
const FORGET_EVERY_MS = 60_000

export function createPacer(limits: { readonly messagesPerS: number; readonly burst: number }): Pacer {
  const { messagesPerS, burst } = limits
  const buckets = new Map<string, Bucket>()
  /** When this second began. */
  let secondAt = performance.now()
  let forgottenAt = secondAt

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
      const turn = bucket.waiting[bucket.first]
      if (turn === undefined) return forget(bucket)
      const isGone = turn.isGone()
      if (!isGone && bucket.tokens < 1) break
      bucket.first++
      if (isGone) turn.leave()
      else {
        bucket.tokens--
        turn.run()
      }
    }
    if (bucket.first > MOST_PASSED) {
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
    admits(deviceId) {
      const bucket = bucketOf(deviceId)
      if (bucket.at < secondAt) refill(bucket, secondAt)
      // The clock is asked only when it matters.
      if (bucket.tokens < 1) refill(bucket, performance.now())
      if (bucket.waiting.length > 0 || bucket.tokens < 1) return false
      bucket.tokens--
      return true
    },
    wait(deviceId, turn) {
      const bucket = bucketOf(deviceId)
      bucket.waiting.push(turn)
      schedule(bucket)
    },
    sweep() {
      secondAt = performance.now()
      if (secondAt - forgottenAt < FORGET_EVERY_MS) return
      forgottenAt = secondAt
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

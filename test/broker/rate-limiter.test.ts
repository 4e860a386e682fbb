import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRateLimiter, type Waiter } from '../../broker/rate-limiter.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('a token bucket per device', () => {
  it('gives no more at once than the burst, however long nothing came', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const rateLimiter = createRateLimiter({ messagesPerS: 2, burst: 10 })
    const passed = (): number => {
      let count = 0
      while (rateLimiter.tryTake('d1')) count += 1
      return count
    }
    const lets = (seconds: number): void => {
      for (let second = 0; second < seconds; second += 1) {
        vi.advanceTimersByTime(1000)
        rateLimiter.sweep()
      }
    }
    expect(passed()).toBe(10)
    lets(3)
    expect(passed()).toBe(6)
    lets(4)
    expect(rateLimiter.tryTake('d1')).toBe(true)
    // Beyond the minute after which full ones are forgotten.
    lets(90)
    expect(passed()).toBe(10)
    vi.advanceTimersByTime(1000)
    expect(passed()).toBe(2)
    rateLimiter.close()
  })

  it('lets all through in their order, leaves those out whose sender has gone, and forgets nobody', async () => {
    const rateLimiter = createRateLimiter({ messagesPerS: 100_000, burst: 10 })
    const done: string[] = []
    const turn = (n: number): Waiter => ({
      run: () => done.push(`ran ${String(n)}`),
      isGone: () => n % 3 === 0,
      drop: () => done.push(`left ${String(n)}`),
    })
    const count = 5000
    for (let n = 1; n <= count; n += 1) {
      if (rateLimiter.tryTake('d1')) turn(n).run()
      else rateLimiter.enqueue('d1', turn(n))
    }
    await expect.poll(() => done.length, { timeout: 5000 }).toBe(count)
    rateLimiter.close()
    const numbers = done.map((word) => Number(word.split(' ')[1]))
    expect(numbers).toEqual(Array.from({ length: count }, (_, at) => at + 1))
    const left = done.filter((word) => word.startsWith('left')).map((word) => Number(word.split(' ')[1]))
    expect(left.every((n) => n % 3 === 0)).toBe(true)
    // Whoever came while there were tokens was not asked whether it has gone.
    expect(left.length).toBeGreaterThan(1000)
  })
})

import { describe, expect, it } from 'vitest'
import { createBisection } from '../../../server/store/readings/bisect.ts'

const SIZE = 10

/** Stores records 0 … count − 1 in batches as the thread does; how often it died, and what it left out. */
function storeAll(count: number, batch: number, poison: ReadonlySet<number>, checkpoint = 0) {
  const bisection = createBisection()
  const stored = new Set<number>()
  let deaths = 0
  let saved = checkpoint
  while (saved < count) {
    const caution = bisection.caution()
    let at = saved
    let most = caution === undefined || at >= caution.until / SIZE ? batch : caution.records
    for (let alive = true; alive && at < count;) {
      const end = Math.min(at + most, count)
      const taken = Array.from({ length: end - at }, (_, n) => at + n).filter(
        (record) => !(caution?.skip.includes(record * SIZE) ?? false),
      )
      alive = !taken.some((record) => poison.has(record))
      if (!alive) {
        deaths += 1
        bisection.died({ from: at * SIZE, next: end * SIZE, records: end - at })
        if (deaths > 1000) throw new Error('for ever')
        continue
      }
      for (const record of taken) stored.add(record)
      at = end
      if (caution === undefined && at < count) continue
      saved = at
      bisection.reached(saved * SIZE, taken.length > 0)
      most = at < (caution?.until ?? 0) / SIZE ? 2 * most : batch
    }
  }
  return { deaths, leftOut: Array.from({ length: count }, (_, n) => n).filter((n) => !stored.has(n)) }
}

describe('the search for messages that kill the forwarder thread', () => {
  it.each([
    ['none', []],
    ['the first', [0]],
    ['the last', [99]],
    ['one in the middle', [57]],
    ['two apart', [3, 90]],
    ['several side by side', [40, 41, 42, 43, 44, 45]],
  ])('leaves out %s and nothing else', (_what, poison) => {
    const { deaths, leftOut } = storeAll(100, 64, new Set(poison))
    expect(leftOut).toEqual(poison)
    expect(deaths).toBeLessThanOrEqual(2 + 14 * poison.length)
  })

  it('suspects no batch that has killed it once, and no work beside batches', () => {
    const bisection = createBisection()
    expect(bisection.died({ from: 0, next: 100, records: 10 })).toBe(false)
    expect(bisection.died({ from: 100, next: 200, records: 10 })).toBe(false)
    expect(bisection.died({ from: 100, next: 200, records: 0 })).toBe(false)
    expect(bisection.caution()).toBeUndefined()
    expect(bisection.died({ from: 100, next: 200, records: 10 })).toBe(true)
    expect(bisection.caution()).toEqual({ until: 200, records: 5, skip: [] })
    bisection.reached(200, true)
    expect(bisection.caution()).toBeUndefined()
  })

  it('is in no haste where one message after the other cannot be stored, until one can', () => {
    const bisection = createBisection()
    const dies = (n: number, records = 1) => bisection.died({ from: n * SIZE, next: 1000, records })
    expect([dies(0, 100), dies(0, 100), dies(0, 2)]).toEqual([false, true, true])
    const eachOf = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => {
        bisection.reached((from + n) * SIZE, false)
        return dies(from + n)
      })
    expect(eachOf(0, 10)).toEqual([...Array<boolean>(8).fill(true), false, false])
    bisection.reached(10 * SIZE, true)
    expect(dies(10)).toBe(true)
  })

  it('blames no message that was left out already', () => {
    const bisection = createBisection()
    const dies = () => bisection.died({ from: 0, next: SIZE, records: 1 })
    expect([dies(), dies(), dies(), dies()]).toEqual([false, true, false, false])
    expect(bisection.caution()?.skip).toEqual([0])
  })
})

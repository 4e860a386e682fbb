import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../server/domain/instant.ts'
import { createRestarts } from '../../../server/store/readings/restarts.ts'

/** Threads that live so long each and do work or none: the pause after each fall in seconds, and the relapses then. */
function lives(...each: readonly { readonly ms: number; readonly works: boolean }[]) {
  let now = 0
  const restarts = createRestarts(() => now)
  return each.map(({ ms, works }) => {
    restarts.begun()
    if (works) restarts.worked()
    now += ms
    const pause = restarts.fell()
    now += pause
    return [pause / SECOND, restarts.relapses()]
  })
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

describe('the start of another thread', () => {
  it.each([
    ['that never works waits twice as long each time, up to a minute', false, 0],
    ['that works and falls at once does so too, and is counted', true, 1],
  ])('after one %s', (_what, works, counted) => {
    const pauses = [2, 4, 8, 16, 32, 60, 60, 60]
    expect(lives(...times(8, { ms: 3 * SECOND, works }))).toEqual(
      pauses.map((pause, n) => [pause, counted * (n + 1)]),
    )
  })

  it('is soon again after one that had stayed for five minutes', () => {
    const brief = { ms: SECOND, works: true }
    expect(lives(brief, brief, { ms: 5 * MINUTE, works: true }, brief)).toEqual([
      [2, 1],
      [4, 2],
      [2, 1],
      [4, 2],
    ])
  })

  it('is not sooner after one that only stood still for five minutes', () => {
    expect(lives(...times(3, { ms: 6 * MINUTE, works: false })).map(([pause]) => pause)).toEqual([2, 4, 8])
  })

  it('is forgotten while a thread goes on', () => {
    let now = 0
    const restarts = createRestarts(() => now)
    const live = () => {
      restarts.begun()
      restarts.worked()
    }
    live()
    restarts.fell()
    live()
    restarts.fell()
    live()
    expect(restarts.relapses()).toBe(2)
    now += 5 * MINUTE
    expect(restarts.relapses()).toBe(0)
  })
})

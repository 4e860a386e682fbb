import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readyAt, takeOne, tokensAt, type Rate } from '../../../server/domain/notification/rate.ts'

const DINGTALK: Rate = { burst: 6, perMinute: 12 }

/** Sends whenever it may, asked at each of the given instants. */
function sendings(rate: Rate, asked: readonly number[]): number[] {
  let fullAt = 0
  return asked.filter((at) => {
    if (tokensAt(fullAt, rate, at) === 0) return false
    fullAt = takeOne(fullAt, rate, at)
    return true
  })
}

describe('the rate limit', () => {
  it('never lets more than burst and rate together out within any minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (steps) => {
        let at = 1_000_000
        const sent = sendings(
          DINGTALK,
          steps.map((step) => (at += step)),
        )
        for (const first of sent) {
          expect(sent.filter((each) => each >= first && each <= first + 60_000).length).toBeLessThanOrEqual(
            18,
          )
        }
      }),
    )
  })

  it('lets the burst out at once, then one every five seconds', () => {
    const asked = [...Array(60).keys()].map((second) => 1_000_000 + second * 1000)
    expect(sendings(DINGTALK, Array<number>(10).fill(1_000_000))).toHaveLength(6)
    expect(sendings(DINGTALK, asked).map((at) => (at - 1_000_000) / 1000)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55,
    ])
  })

  it('is ready at exactly the instant it names', () => {
    const fullAt = [...Array(6)].reduce<number>((full) => takeOne(full, DINGTALK, 5000), 0)
    const ready = readyAt(fullAt, DINGTALK, 5000)
    expect(tokensAt(fullAt, DINGTALK, ready)).toBe(1)
    expect(tokensAt(fullAt, DINGTALK, ready - 1)).toBe(0)
  })

  it('is not blocked for an hour by a clock that was set back an hour', () => {
    const fullAt = takeOne(0, DINGTALK, 10_000_000)
    const back = 10_000_000 - 3_600_000
    expect(readyAt(fullAt, DINGTALK, back)).toBeLessThanOrEqual(back + 5000)
  })
})

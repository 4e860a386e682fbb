import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianInterval, poisson, wilson } from './interval.ts'

describe('intervals of 95 %', () => {
  it.each([
    // Newcombe (1998), table I: r of n, Wilson score without correction.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [29, 29, 0.883, 1],
  ])('of a share: %d of %d', (count, of, low, high) => {
    const [from = 0, to = 0] = wilson(count, of) ?? []
    expect(from).toBeCloseTo(low, 3)
    expect(to).toBeCloseTo(high, 3)
  })

  it.each([
    // Garwood (1936): exact limits of a Poisson mean.
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [5, 1.623, 11.668],
    [20, 12.217, 30.888],
  ])('of a count: %d', (count, low, high) => {
    const [from = 0, to = 0] = poisson(count, 1) ?? []
    expect(Math.abs(from - low)).toBeLessThan(0.03)
    expect(Math.abs(to - high)).toBeLessThan(0.03)
  })

  it('holds what it is an interval of, within what is possible', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, part) => {
          const count = Math.round(of * part)
          const [low = NaN, high = NaN] = wilson(count, of) ?? []
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(low).toBeLessThanOrEqual(count / of + 1e-12)
          expect(high).toBeGreaterThanOrEqual(count / of - 1e-12)
        },
      ),
    )
  })

  it('is none of nothing, and none of a median of few', () => {
    expect(wilson(0, 0)).toBeUndefined()
    expect(poisson(3, 0)).toBeUndefined()
    expect(medianInterval([1, 2, 3])).toBeUndefined()
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([2, 9])
  })
})

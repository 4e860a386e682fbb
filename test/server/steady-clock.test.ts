import { describe, expect, it } from 'vitest'
import { createSteadyClock } from '../../server/clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 15)

/** A computer whose clock can be set apart from the time that really passes. */
function aComputer() {
  let wall = START
  let passed = 0
  const clock = createSteadyClock(
    () => wall,
    () => passed,
  )
  return {
    clock,
    pass(ms: number) {
      wall += ms
      passed += ms
      return clock.now() - START
    },
    set(byMs: number) {
      wall += byMs
      return clock.now() - START
    },
  }
}

describe('F7 the clock of the server', () => {
  it('follows the computer’s clock, its slow corrections and its small steps', () => {
    const { clock, pass, set } = aComputer()
    expect(pass(HOUR)).toBe(HOUR)
    expect(set(4 * MINUTE)).toBe(HOUR + 4 * MINUTE)
    expect(set(-4 * MINUTE)).toBe(HOUR)
    expect(clock.held()).toBeUndefined()
  })

  it.each([
    ['an hour ahead', HOUR],
    ['an hour back', -HOUR],
    ['a year ahead', 365 * 24 * HOUR],
    ['to 1970', -START],
  ])('goes on as before when the computer’s leaps %s', (_name, leap) => {
    const { clock, pass, set } = aComputer()
    pass(MINUTE)
    expect(set(leap)).toBe(MINUTE)
    expect(clock.held()).toBe(leap)
    expect(pass(2 * HOUR)).toBe(MINUTE + 2 * HOUR)
    expect(clock.held()).toBe(leap)
  })

  it('believes a clock that is set right again', () => {
    const { clock, pass, set } = aComputer()
    set(HOUR)
    pass(MINUTE)
    expect(set(-HOUR + 1000)).toBe(MINUTE + 1000)
    expect(clock.held()).toBeUndefined()
    expect(pass(1000)).toBe(MINUTE + 2000)
  })

  it('takes the new time once somebody has confirmed it', () => {
    const { clock, pass, set } = aComputer()
    set(HOUR)
    clock.accept()
    expect(clock.now() - START).toBe(HOUR)
    expect(pass(MINUTE)).toBe(HOUR + MINUTE)
    expect(clock.held()).toBeUndefined()
  })

  it('adds up leaps that follow each other', () => {
    const { clock, set } = aComputer()
    set(HOUR)
    expect(set(HOUR)).toBe(0)
    expect(clock.held()).toBe(2 * HOUR)
  })
})

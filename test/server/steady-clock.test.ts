import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../server/config.ts'
import { clockOf, createSteadyClock } from '../../server/process/clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 15)

/** A computer whose clock can be set apart from the time that really passes. */
function aComputer({ wall = START, kept = undefined as number | undefined } = {}) {
  let passed = 0
  const clock = createSteadyClock(
    { load: () => kept, save: (at) => void (kept = at) },
    () => wall,
    () => passed,
  )
  return {
    clock,
    kept: () => kept,
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

  it('is written down once a minute, and at once when it was confirmed', () => {
    const { clock, pass, set, kept } = aComputer()
    clock.remember()
    expect(kept()).toBeUndefined()
    pass(MINUTE)
    clock.remember()
    expect(kept()).toBe(START + MINUTE)
    pass(MINUTE / 2)
    set(HOUR)
    clock.remember()
    expect(kept()).toBe(START + MINUTE)
    clock.accept()
    clock.remember()
    expect(kept()).toBe(START + 1.5 * MINUTE + HOUR)
  })
})

describe('F7 a start with the clock', () => {
  it.each([
    ['at 1970', 0],
    ['an hour behind the last run', START - HOUR],
  ])('%s goes on from the last run’s time, and says so', (_name, wall) => {
    const { clock, pass } = aComputer({ wall, kept: START })
    expect(clock.now()).toBe(START)
    expect(clock.held()).toBe(wall - START)
    pass(2 * MINUTE)
    expect(clock.now()).toBe(START + 2 * MINUTE)
  })

  it('behind believes it as soon as it has passed the last run’s time, however far', () => {
    const { clock, pass, set } = aComputer({ wall: 0, kept: START })
    pass(MINUTE)
    set(START + 3 * HOUR)
    expect(clock.held()).toBeUndefined()
    expect(clock.now()).toBe(START + 3 * HOUR + MINUTE)
    set(HOUR)
    expect(clock.held()).toBe(HOUR)
  })

  it('a month after the last run goes on from its end until somebody confirms the new time', () => {
    const { clock, pass } = aComputer({ kept: START - 400 * 24 * HOUR })
    expect(clock.held()).toBe(400 * 24 * HOUR)
    expect(pass(HOUR)).toBe(-400 * 24 * HOUR + HOUR)
    clock.accept()
    expect(clock.now()).toBe(START + HOUR)
    expect(clock.held()).toBeUndefined()
  })

  it.each([
    ['four weeks after the last run', START - 28 * 24 * HOUR],
    ['a day after the last run', START - 24 * HOUR],
    ['four minutes before the end of the last run', START + 4 * MINUTE],
    ['and no last run', undefined],
  ])('%s takes it as it is', (_name, kept) => {
    const { clock } = aComputer({ kept })
    expect(clock.now()).toBe(START)
    expect(clock.held()).toBeUndefined()
  })
})

describe('F7 the time kept on disk', () => {
  const config = { clock: 'system', clockStart: '' } as Config
  it.each(['9e15', '-9e15', '8640000000000001', 'NaN', '', '\0\0\0\0', '1e400', '{}'])(
    'is not believed when it is no time: %j',
    (text) => {
      const dir = mkdtempSync(join(tmpdir(), 'clock-'))
      writeFileSync(join(dir, 'clock'), text)
      const clock = clockOf(config, dir)
      expect(Math.abs(clock.now() - Date.now())).toBeLessThan(MINUTE)
      // Where the computer's clock was reset meanwhile, the database still says when it was written.
      const future = new Date(Date.now() + 365 * 24 * HOUR)
      writeFileSync(join(dir, 'wellwatch.sqlite'), 'x')
      utimesSync(join(dir, 'wellwatch.sqlite'), future, future)
      expect(clockOf(config, dir).now()).toBeGreaterThan(future.getTime() - MINUTE)
      rmSync(dir, { recursive: true })
    },
  )
})

import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '../../../server/domain/instant.ts'
import { UNKNOWN_CLOCK, type DeviceClock } from '../../../server/domain/telemetry/device-clock.ts'
import { learnClock, readingsOf } from '../../../server/domain/telemetry/sample-time.ts'
import type { Reading, Sample } from '../../../server/domain/telemetry/reading.ts'

const NOW: Instant = Date.UTC(2026, 0, 15, 14, 50)
const sample = (ts: Instant | undefined): Sample => ({ ts, values: { pressure_mpa: 0.6 } })

/** One device: sends messages and remembers what became of its times. */
function aDevice(start: DeviceClock = UNKNOWN_CLOCK) {
  let clock = start
  return {
    clock: () => clock,
    skew: () => clock.skewMs,
    send(receivedAt: Instant, ...times: (Instant | undefined)[]): readonly Reading[] {
      const result = readingsOf({ deviceId: 'd1', receivedAt }, times.map(sample), clock)
      clock = result.clock
      return result.readings
    },
    /** A message a minute whose newest sample lies `offsetMs` behind its arrival. */
    live(minutes: number, offsetMs: number, from = NOW): Instant {
      for (let i = 0; i < minutes; i += 1) {
        this.send(from + i * MINUTE, from + i * MINUTE - offsetMs - (i % 3) * SECOND)
      }
      return from + minutes * MINUTE
    },
  }
}

describe('a device whose clock is right', () => {
  it('keeps its own times', () => {
    const device = aDevice()
    const now = device.live(20, 2 * SECOND)
    expect(device.send(now, now - 5000)[0]).toEqual({
      deviceId: 'd1',
      signal: 'pressure_mpa',
      value: 0.6,
      receivedAt: now,
      at: now - 5000,
    })
  })

  it('is not skewed by 90 seconds', () => {
    const device = aDevice()
    device.live(20, 90 * SECOND)
    expect(device.skew()).toBe(0)
  })

  it('keeps the times of a late batch', () => {
    const device = aDevice()
    const now = device.live(20, 2 * SECOND)
    const [first, last] = device.send(now, now - 6 * HOUR, now - 3 * HOUR)
    expect([first?.at, last?.at]).toEqual([now - 6 * HOUR, now - 3 * HOUR])
    expect(first?.corrected).toBeUndefined()
  })

  it('keeps its times while it drains three days of backlog, fast or slowly, from its first message on', () => {
    for (const samplesAMinute of [2, 5, 60, 300]) {
      const device = aDevice()
      let ts = NOW - 3 * DAY
      for (let i = 0; i < 200; i += 1) {
        const received = NOW + i * MINUTE
        const burst = Array.from({ length: samplesAMinute }, (_, k) => ts + k * MINUTE).filter(
          (t) => t <= received,
        )
        if (burst.length === 0) break
        device.send(received, ...burst)
        ts += samplesAMinute * MINUTE
        expect(device.skew(), `${samplesAMinute} a minute, minute ${i}`).toBe(0)
      }
    }
  })
})

describe('F8 a device whose clock is wrong', () => {
  it('ahead by eight hours is first given server time, then corrected to the millisecond of its zone', () => {
    const device = aDevice()
    const [first] = device.send(NOW, NOW + 8 * HOUR)
    expect(first).toMatchObject({ at: NOW, deviceTime: NOW + 8 * HOUR, corrected: 'future' })
    const now = device.live(4, -8 * HOUR + SECOND, NOW + MINUTE)
    expect(device.send(now, now + 8 * HOUR - 1500)[0]).toMatchObject({ at: now - 1500, corrected: 'skew' })
  })

  it('behind by eight hours is corrected, and its late batch keeps its order', () => {
    const device = aDevice()
    const now = device.live(12, 8 * HOUR + SECOND)
    const [early, late] = device.send(now, now - 10 * HOUR, now - 8 * HOUR)
    expect(early).toMatchObject({ at: now - 2 * HOUR, deviceTime: now - 10 * HOUR, corrected: 'skew' })
    expect(late?.at).toBe(now)
  })

  it('behind by ten minutes is corrected after eight minutes that agree, not before', () => {
    const device = aDevice()
    device.live(7, 10 * MINUTE)
    expect(device.skew()).toBe(0)
    device.live(3, 10 * MINUTE, NOW + 7 * MINUTE)
    expect(device.skew()).toBe(10 * MINUTE)
  })

  it('is believed again two minutes after it was set right', () => {
    const device = aDevice()
    const now = device.live(12, 8 * HOUR)
    expect(device.skew()).toBe(8 * HOUR)
    const later = device.live(2, SECOND, now)
    expect(device.skew()).toBe(0)
    expect(device.send(later, later - SECOND)[0]?.corrected).toBeUndefined()
  })

  it('gives a redelivered sample the same time again', () => {
    const device = aDevice()
    const now = device.live(14, 10 * MINUTE + 3 * SECOND)
    const ts = now - 10 * MINUTE - 3 * SECOND
    const first = device.send(now, ts)[0]?.at
    device.live(5, 10 * MINUTE + SECOND, now + MINUTE)
    expect(device.send(now + 10 * MINUTE, ts)[0]?.at).toBe(first)
  })

  it('never puts a sample more than five minutes ahead of its arrival', () => {
    const device = aDevice()
    const now = device.live(12, 8 * HOUR)
    expect(device.send(now, now - SECOND)[0]).toMatchObject({ at: now, corrected: 'future' })
  })
})

it('survives being saved as JSON', () => {
  const device = aDevice()
  device.live(12, 8 * HOUR)
  const saved = JSON.parse(JSON.stringify(device.clock())) as DeviceClock
  expect(saved).toEqual(device.clock())
  expect(aDevice(saved).send(NOW + HOUR, NOW - 7 * HOUR)[0]?.at).toBe(NOW + HOUR)
})

it('learns nothing from a message without a time, which happens when it arrives', () => {
  expect(learnClock(UNKNOWN_CLOCK, [sample(undefined)], NOW)).toBe(UNKNOWN_CLOCK)
  expect(aDevice().send(NOW, undefined)[0]?.at).toBe(NOW)
  const lost: Sample = { ts: undefined, timeUnusable: true, values: { water: true } }
  expect(readingsOf({ deviceId: 'd1', receivedAt: NOW }, [lost], UNKNOWN_CLOCK).readings[0]).toMatchObject({
    at: NOW,
    corrected: 'unusable',
  })
})

import { describe, expect, it } from 'vitest'
import { FAULTS, faultById, passThrough } from '../../simulators/faults/catalogue.ts'
import type { AppliedFault } from '../../simulators/faults/fault.ts'
import type { Sending } from '../../simulators/sample.ts'
import { HOUR, MINUTE } from '../../simulators/time.ts'
import type { Values } from '../../simulators/sample.ts'

const valuesAt = (at: number): Values => ({
  primary_supply_mpa: 0.8 + at / 1e12,
  humidity_pct: 60,
  water_level_m: 0.01,
  cover_open: false,
  temperature_c: 90,
})
const sendingAt = (ts: number): Sending => ({ sendAt: ts, sample: { ts, values: valuesAt(ts) } })

function under(fault: string, at: number, more: Partial<AppliedFault> = {}) {
  const applied = { deviceId: 'd', fault, from: 0, ...more }
  return passThrough(sendingAt(at), { deviceId: 'd', seed: 1, faults: [applied], valuesAt })
}

describe('sensor faults', () => {
  it('has every way of failing of the list', () => {
    expect(FAULTS.map(({ id }) => id).sort()).toEqual(
      (
        'clock-skew condensation drift duplicates late-batch low-battery offset open-circuit out-of-order ' +
        'quantisation silence spike stuck swapped switch-bounce wrong-unit'
      ).split(' '),
    )
    expect(faultById('nothing')).toBeUndefined()
  })

  it.each([
    ['stuck', 'primary_supply_mpa', 0.8],
    ['drift', 'primary_supply_mpa', 0.803],
    ['offset', 'primary_supply_mpa', 0.85],
    ['open-circuit', 'temperature_c', -39.9],
    ['open-circuit', 'primary_supply_mpa', 0],
    ['wrong-unit', 'primary_supply_mpa', 8],
    ['swapped', 'primary_supply_mpa', 0.576],
    ['condensation', 'humidity_pct', 100],
    ['quantisation', 'primary_supply_mpa', 0.8],
  ])('%s makes %s %d after an hour', (fault, signal, value) => {
    expect(under(fault, HOUR)[0]?.sample.values[signal]).toBeCloseTo(value, 3)
  })

  it('drops, repeats, delays and reorders messages', () => {
    expect(under('silence', HOUR)).toEqual([])
    expect(under('duplicates', HOUR)).toHaveLength(3)
    expect(under('late-batch', HOUR, { until: 6 * HOUR })[0]?.sendAt).toBe(6 * HOUR)
    expect(under('out-of-order', HOUR)[0]?.sendAt).toBeGreaterThan(HOUR)
    expect(under('clock-skew', 10 * HOUR)[0]?.sample.ts).toBe(2 * HOUR)
    expect(under('switch-bounce', HOUR).map(({ sample }) => sample.values['cover_open'])).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('spikes some samples, not most, and the same ones every time', () => {
    const jumped = () =>
      [...Array(200).keys()].filter(
        (i) => Number(under('spike', i * MINUTE)[0]?.sample.values['primary_supply_mpa']) > 1,
      )
    expect(jumped().length).toBeGreaterThan(20)
    expect(jumped().length).toBeLessThan(60)
    expect(jumped()).toEqual(jumped())
  })

  it('runs a battery down', () => {
    expect(Number(under('low-battery', HOUR)[0]?.sample.values['battery_v'])).toBeLessThan(3.25)
  })

  it('leaves other devices and other times alone', () => {
    const sending = sendingAt(HOUR)
    const context = { seed: 1, valuesAt, faults: [{ deviceId: 'd', fault: 'silence', from: 2 * HOUR }] }
    expect(passThrough(sending, { ...context, deviceId: 'd' })).toEqual([sending])
    expect(passThrough(sendingAt(3 * HOUR), { ...context, deviceId: 'e' })).toHaveLength(1)
  })
})

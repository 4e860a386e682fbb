import { describe, expect, it } from 'vitest'
import {
  deviceName,
  SIGNALS,
  signalDefinition,
  signalName,
  type SignalDefinition,
} from '#contract/signals.ts'
import { traitOf, traitsAt } from '../../../server/domain/detection/core/traits.ts'
import { measured } from '../../../simulators/physics/sensor.ts'

const rows = Object.entries<SignalDefinition>(SIGNALS)

describe('the row of a signal', () => {
  it.each(rows)('%s has words in both languages and a range with its noise inside', (signal, row) => {
    expect(row.words.zh).toMatch(/\p{Script=Han}/u)
    expect(row.words.en).toMatch(/^[A-Z][a-z]/)
    expect(signalName(signal, 'en')).toBe(row.words.en)
    if (row.type === 'boolean') return
    const { min = Infinity, max = -Infinity, noise } = row
    expect(max).toBeGreaterThan(min)
    expect(noise?.sigma ?? 0).toBeLessThan(max - min)
  })

  it.each(rows)(
    '%s is judged by its behaviour and range',
    (signal, { behaviour, min = -Infinity, max = Infinity }) => {
      expect(traitOf(signal)).toEqual({ ...behaviour, min, max })
    },
  )

  it('says where the signal can stand', () => {
    expect(traitsAt('station').has('cover_tilt_deg')).toBe(false)
    expect(traitsAt('well').has('secondary_return_c')).toBe(false)
    for (const kind of ['station', 'well'] as const) {
      for (const signal of ['outdoor_c', 'battery_v', 'pressure_mpa'])
        expect(traitsAt(kind).has(signal)).toBe(true)
    }
  })

  it('gives simulated sensors their noise, and an extra signal none', () => {
    const sensor = { seed: 1, deviceId: 'd', at: 0 }
    const shown = measured(0.6, { ...sensor, signal: 'pressure_mpa' })
    expect(shown).toBeCloseTo(0.6, 2)
    expect(Math.round(shown / 0.0004) * 0.0004).toBeCloseTo(shown, 6)
    expect(measured(0.123456, { ...sensor, signal: 'extra' })).toBe(0.123456)
  })
})

describe('what a device is called', () => {
  it.each([
    [['battery_v', 'cover_tilt_deg', 'chamber_c'], 'Cover sensor', '井盖传感器'],
    [['chamber_c', 'pressure_mpa'], 'Chamber sensor', '井室传感器'],
    [['secondary_return_c', 'outdoor_c'], 'Station controller', '站控设备'],
    [['pressure_mpa'], 'Pipe sensor', '管道传感器'],
    [['outdoor_c'], 'Weather sensor', '气象传感器'],
    [['battery_v', 'anything'], 'Sensor', '传感器'],
  ])('with %j it is a %s', (signals, en, zh) => {
    expect([deviceName(signals, 'en'), deviceName(signals, 'zh')]).toEqual([en, zh])
  })

  it('an extra signal has no row and keeps its own name', () => {
    expect(signalDefinition('constructor')).toBeUndefined()
    expect(signalName('extra_1', 'zh')).toBe('extra_1')
  })
})

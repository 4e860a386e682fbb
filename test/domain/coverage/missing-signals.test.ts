import { describe, expect, it } from 'vitest'
import { blindness, missingSignals, type Voice } from '../../../server/domain/coverage/missing-signals.ts'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { aDevice, aNetwork, aWell, place } from '../../support/networks.ts'

const signals = ['cover_tilt_deg', 'cover_open', 'battery_v']
const network = aNetwork(aWell('w1', place(0, 0), { devices: [aDevice('lid', { signals, intervalS: 300 })] }))
const T = Date.UTC(2026, 0, 15)

function lid() {
  const placed = network.devices.get('lid')
  if (placed === undefined) throw new Error('no lid')
  return placed
}
const voice = (heardAt: number, arrivals: Readonly<Record<string, number>>): Voice => ({
  heardAt,
  faults: [],
  arrivedAt: (signal) => arrivals[signal],
})
const why = (signal: string, of: Voice) => blindness(lid(), signal, of, DEFAULT_SETTINGS)
const missing = (of: Voice) => missingSignals(lid(), of, DEFAULT_SETTINGS)

describe('a signal that a device should bring', () => {
  it('is blind while the device has never been heard', () => {
    expect(why('cover_open', voice(0, {}))).toEqual({ since: 0, why: 'never_heard' })
    expect(missing(voice(0, {}))).toEqual([])
  })

  it('is blind when the device speaks of everything but it', () => {
    const of = voice(T, { battery_v: T, cover_tilt_deg: T })
    expect(why('cover_open', of)).toEqual({ since: 0, why: 'never_came' })
    expect(why('cover_tilt_deg', of)).toBeUndefined()
    expect(missing(of)).toEqual([{ signal: 'cover_open', since: 0, why: 'never_came' }])
  })

  it('is blind from its last arrival on when the device has spoken without it for longer than it may be silent', () => {
    const of = voice(T + HOUR + MINUTE, { cover_tilt_deg: T, cover_open: T + 2 * MINUTE })
    expect(missing(of)).toEqual([{ signal: 'cover_tilt_deg', since: T, why: 'stopped' }])
  })

  it('is not missed while the whole device is silent, which is a fault of its own', () => {
    const of = {
      ...voice(T, { cover_tilt_deg: T, cover_open: T }),
      faults: [{ fault: 'silence' as const, eventAt: T }],
    }
    expect(why('cover_open', of)).toEqual({ since: T, why: 'silence' })
    expect(missing(of)).toEqual([])
  })

  it('is not missed where nothing watches it: a battery says nothing of a lid', () => {
    expect(missing(voice(T, { cover_tilt_deg: T, cover_open: T }))).toEqual([])
  })
})

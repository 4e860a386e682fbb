import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'
import { canHappenAt, canStandAt, rejectMisplaced } from '../../../server/domain/telemetry/misplaced.ts'

const decoded = (body: unknown, channel: 'telemetry' | 'event' = 'telemetry') =>
  decodeMessage(channel, Buffer.from(JSON.stringify(body)), Date.UTC(2026, 0, 15))

describe('N13 what can stand where', () => {
  it.each([
    ['cover_open', ['well', 'valve', 'pipe'], ['station', 'source']],
    ['chamber_c', ['well', 'valve', 'pipe'], ['station', 'source']],
    ['primary_supply_mpa', ['station', 'source'], ['well', 'valve', 'pipe']],
    ['makeup_flow_t_h', ['station', 'source'], ['well', 'valve', 'pipe']],
    ['pressure_mpa', ['well', 'valve', 'pipe', 'station', 'source'], []],
    ['outdoor_c', ['well', 'valve', 'pipe', 'station', 'source'], []],
    ['battery_v', ['well', 'station', 'source'], []],
    ['anything_else', ['well', 'station', 'source'], []],
  ] as const)('%s', (signal, at, notAt) => {
    expect(at.filter((kind) => !canStandAt(signal, kind))).toEqual([])
    expect(notAt.filter((kind) => canStandAt(signal, kind))).toEqual([])
  })

  it('a low battery can be anywhere, an open lid only where there is one', () => {
    expect(canHappenAt('battery_low', 'station')).toBe(true)
    expect(canHappenAt('cover_open', 'station')).toBe(false)
    expect(canHappenAt('cover_open', 'well')).toBe(true)
  })

  it('names strangers by their place in the message, beside what was wrong before', () => {
    const mixed = decoded([
      { chamber_c: 20 },
      { chamber_c: 'x' },
      { primary_supply_mpa: 0.8 },
      {},
      { cover_open: true },
    ])
    const sorted = rejectMisplaced(mixed, 'station')
    expect(sorted).toMatchObject({
      kind: 'telemetry',
      samples: [{ values: { primary_supply_mpa: 0.8 } }],
      rejected: [
        { index: 0, reason: 'wrong_place' },
        { index: 1, reason: 'wrong_type' },
        { index: 3, reason: 'no_values' },
        { index: 4, reason: 'wrong_place' },
      ],
    })
  })

  it('with nothing left is malformed; what has no stranger is the same object', () => {
    expect(rejectMisplaced(decoded({ cover_open: true }), 'source').kind).toBe('malformed')
    expect(rejectMisplaced(decoded({ event: 'water' }, 'event'), 'source').kind).toBe('malformed')
    const good = decoded({ primary_supply_mpa: 0.8, battery_v: 3.6 })
    expect(rejectMisplaced(good, 'station')).toBe(good)
  })
})

import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../server/domain/instant.ts'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'

const NOW = parseInstant('2026-01-15T22:50:00+08:00') ?? 0
const bytes = (body: string): Uint8Array => Buffer.from(body, 'utf8')
const telemetry = (body: string | Uint8Array) =>
  decodeMessage('telemetry', typeof body === 'string' ? bytes(body) : body, NOW)
const event = (body: object) => decodeMessage('event', bytes(JSON.stringify(body)), NOW)

describe('telemetry in the three shapes of ThingsBoard devices', () => {
  it('reads a flat object at server time', () => {
    expect(telemetry('{"pressure_mpa":0.61}')).toEqual({
      kind: 'telemetry',
      samples: [{ ts: undefined, values: { pressure_mpa: 0.61 } }],
      rejected: [],
    })
  })

  it('reads one sample with its own time and sequence number', () => {
    expect(telemetry(`{"ts":${NOW - 1000},"values":{"pressure_mpa":0.61},"seq":7}`)).toEqual({
      kind: 'telemetry',
      samples: [{ ts: NOW - 1000, values: { pressure_mpa: 0.61 }, seq: 7 }],
      rejected: [],
    })
  })

  it('reads an array of either, keeps the good ones and names the bad ones by index', () => {
    const body = `[{"pressure_mpa":0.6},{"ts":${NOW},"values":{"temperature_c":"70"}},{"ts":${NOW},"values":{"chamber_c":40}}]`
    expect(telemetry(body)).toEqual({
      kind: 'telemetry',
      samples: [
        { ts: undefined, values: { pressure_mpa: 0.6 } },
        { ts: NOW, values: { chamber_c: 40 } },
      ],
      rejected: [{ index: 1, reason: 'wrong_type' }],
    })
  })

  it('does not take the sequence number of a flat sample for a signal', () => {
    expect(telemetry('{"pressure_mpa":0.6,"seq":3}')).toMatchObject({
      samples: [{ values: { pressure_mpa: 0.6 }, seq: 3 }],
    })
    expect(telemetry('{"seq":3}')).toMatchObject({ rejected: [{ reason: 'no_values' }] })
  })

  it('takes 0 and 1 for a contact', () => {
    expect(telemetry('[{"cover_open":1},{"cover_open":0},{"cover_open":true}]')).toMatchObject({
      samples: [
        { values: { cover_open: true } },
        { values: { cover_open: false } },
        { values: { cover_open: true } },
      ],
    })
    expect(telemetry('{"cover_open":2}')).toMatchObject({ rejected: [{ reason: 'wrong_type' }] })
  })

  it('keeps unknown numbers and booleans, and never lets an unknown key cost a good sample', () => {
    expect(
      telemetry(
        '{"pressure_mpa":0.6,"batteryLevel":87,"lid":true,"fw":"1.2","gps":{"lat":1},"x":null,"压力":1}',
      ),
    ).toMatchObject({
      samples: [{ values: { pressure_mpa: 0.6, batteryLevel: 87, lid: true } }],
      rejected: [],
    })
  })

  it('skips a byte-order mark', () => {
    expect(telemetry('\uFEFF{"pressure_mpa":0.6}').kind).toBe('telemetry')
  })

  it('reads a thousand samples of sixty-four signals in the form that fits 64 KiB', () => {
    const thousand = JSON.stringify(
      Array.from({ length: 1000 }, (_, i) => ({ ts: NOW - i, values: { shock_g: 1 } })),
    )
    expect(telemetry(thousand)).toMatchObject({ kind: 'telemetry', rejected: [] })
    const signals = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`s${i}`, i]))
    expect(telemetry(JSON.stringify(signals))).toMatchObject({ kind: 'telemetry', rejected: [] })
  })
})

describe('F12 poison', () => {
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['nothing', '', 'empty'],
    ['white space', '  \n', 'empty'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'not_utf8'],
    ['UTF-16', Buffer.from('{"pressure_mpa":0.6}', 'utf16le'), 'not_json'],
    ['gzip', gzipSync('{"pressure_mpa":0.6}'), 'not_utf8'],
    [
      'Sparkplug protobuf',
      Buffer.from('08d2a5b5e8d83310001a150a0970726573737572651001200a', 'hex'),
      'not_utf8',
    ],
    ['half a body', '{"pressure_mpa":0.6', 'not_json'],
    ['NaN', '{"pressure_mpa":NaN}', 'not_json'],
    ['a decimal comma', '{"pressure_mpa":0,61}', 'not_json'],
    ['a decimal comma in a string', '{"pressure_mpa":"0,61"}', 'wrong_type'],
    ['NaN in a string', '{"pressure_mpa":"NaN"}', 'wrong_type'],
    ['a number in a string', '{"pressure_mpa":"0.61"}', 'wrong_type'],
    ['a string only', '{"note":"hello"}', 'wrong_type'],
    ['null', '{"pressure_mpa":null}', 'wrong_type'],
    ['a boolean for a pressure', '{"pressure_mpa":true}', 'wrong_type'],
    ['an array for a pressure', '{"pressure_mpa":[0.6]}', 'wrong_type'],
    ['1e400', '{"pressure_mpa":1e400}', 'not_finite'],
    ['-1e400 of an unknown signal', '{"x":-1e400}', 'not_finite'],
    ['__proto__ as a signal', '{"__proto__":1}', 'bad_signal_name'],
    ['__proto__ as an object', '{"__proto__":{"polluted":1}}', 'wrong_type'],
    ['__proto__ as values', `{"ts":${NOW},"__proto__":{"values":{"x":1}}}`, 'wrong_shape'],
    ['a tag as a signal', '{"device_id":1}', 'bad_signal_name'],
    ['the time column as a signal', '{"time":1}', 'bad_signal_name'],
    ['a newline in a name', '{"x\\nhack,site=1 value":1}', 'bad_signal_name'],
    ['a lone surrogate in a name', '{"\\ud800":1}', 'bad_signal_name'],
    ['a name of 65 letters', `{"${'a'.repeat(65)}":1}`, 'bad_signal_name'],
    [
      'sixty-five signals',
      JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`s${i}`, 1]))),
      'too_many_signals',
    ],
    [
      'a thousand and one samples',
      JSON.stringify(Array.from({ length: 1001 }, () => ({ x: 1 }))),
      'too_many_samples',
    ],
    ['no samples', '[]', 'no_values'],
    ['no values', '{}', 'no_values'],
    ['no values in values', `{"ts":${NOW},"values":{}}`, 'no_values'],
    ['values that are none', `{"ts":${NOW},"values":5}`, 'wrong_shape'],
    ['a time without values', `{"ts":${NOW},"pressure_mpa":0.6}`, 'wrong_shape'],
    ['a number', '5', 'wrong_shape'],
    ['a string', '"x"', 'wrong_shape'],
    ['JSON null', 'null', 'wrong_shape'],
    ['an array of arrays', '[[1]]', 'wrong_shape'],
    ['64 KiB of opening brackets', '['.repeat(65_536), 'too_deep'],
    ['200,000 brackets', '['.repeat(200_000), 'too_large'],
    ['objects nine deep', '{"a":'.repeat(9) + '1' + '}'.repeat(9), 'too_deep'],
    ['a 64 KiB string', `{"x":"${'y'.repeat(65_000)}"}`, 'wrong_type'],
    ['more than 64 KiB', `{"x":"${'y'.repeat(65_536)}"}`, 'too_large'],
  ]
  it.each(cases)('%s is malformed and says why', (_, body, reason) => {
    expect(telemetry(body)).toEqual({ kind: 'malformed', rejected: [{ index: 0, reason }] })
  })

  it('does not count brackets within strings', () => {
    expect(telemetry(`{"x":1,"note":"${'[{'.repeat(50)}\\"[[[[[[[[[["}`).kind).toBe('telemetry')
  })

  it('leaves prototypes alone', () => {
    const decoded = telemetry('{"constructor":1,"__proto__":{"polluted":true},"pressure_mpa":0.6}')
    expect(decoded).toMatchObject({ samples: [{ values: { pressure_mpa: 0.6 } }] })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    if (decoded.kind !== 'telemetry') throw new Error('not telemetry')
    expect(Object.getPrototypeOf(decoded.samples[0]?.values)).toBe(Object.prototype)
    expect(Object.entries(decoded.samples[0]?.values ?? {})).toEqual([
      ['constructor', 1],
      ['pressure_mpa', 0.6],
    ])
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.json().map(bytes)), (body) => {
        for (const channel of ['telemetry', 'event', 'attributes', 'status'] as const) {
          expect(decodeMessage(channel, body, NOW)).toHaveProperty('kind')
        }
      }),
    )
  })
})

describe('a sample’s time', () => {
  const verdict = (ts: unknown) => {
    const decoded = telemetry(JSON.stringify({ ts, values: { x: 1 } }))
    return decoded.kind === 'malformed'
      ? decoded.rejected[0]?.reason
      : decoded.kind === 'telemetry' && decoded.samples[0]?.inFuture
        ? 'future'
        : 'good'
  }
  it.each([
    ['now', NOW, 'good'],
    ['thirty days ago', NOW - 30 * DAY, 'good'],
    ['a little more than thirty days ago', NOW - 30 * DAY - 1, 'too_old'],
    ['1970', 12_345, 'too_old'],
    ['zero', 0, 'too_old'],
    ['before 1970', -NOW, 'too_old'],
    ['five minutes ahead', NOW + 5 * MINUTE, 'good'],
    ['more than five minutes ahead', NOW + 5 * MINUTE + 1, 'future'],
    ['a year ahead', NOW + 365 * DAY, 'future'],
    ['seconds', Math.floor(NOW / 1000), 'bad_time'],
    ['microseconds', NOW * 1000, 'bad_time'],
    ['nanoseconds', NOW * 1e6, 'bad_time'],
    ['a fraction', NOW + 0.5, 'bad_time'],
    ['text', new Date(NOW).toISOString(), 'bad_time'],
    ['null', null, 'bad_time'],
    ['beyond all numbers', 1e300, 'bad_time'],
  ])('of %s is judged', (_, ts, expected) => {
    expect(verdict(ts)).toBe(expected)
  })
})

describe('an event', () => {
  it('carries its kind, time and values', () => {
    expect(event({ ts: NOW, event: 'cover_open', values: { cover_tilt_deg: 75 } })).toEqual({
      kind: 'event',
      event: 'cover_open',
      sample: { ts: NOW, values: { cover_tilt_deg: 75 } },
    })
  })
  it('happens at server time when the device has no clock', () => {
    expect(event({ event: 'water' })).toMatchObject({ sample: { ts: undefined } })
  })
  it('is not lost to a clock that was never set or counts seconds', () => {
    for (const ts of [0, 12_345, Math.floor(NOW / 1000), 'now']) {
      expect(event({ ts, event: 'cover_open' })).toMatchObject({
        sample: { ts: undefined, timeUnusable: true },
      })
    }
  })
  it('is not lost to bad values beside it', () => {
    expect(event({ event: 'cover_open', values: { cover_tilt_deg: '75' } })).toMatchObject({ kind: 'event' })
  })
  it('older than thirty days is malformed', () => {
    expect(event({ ts: NOW - 31 * DAY, event: 'cover_open' })).toMatchObject({
      rejected: [{ reason: 'too_old' }],
    })
  })
  it('of an unknown kind, or of none, is malformed', () => {
    expect(event({ event: 'explosion' })).toMatchObject({ rejected: [{ reason: 'unknown_event' }] })
    expect(event({ event: 7 })).toMatchObject({ rejected: [{ reason: 'wrong_shape' }] })
    expect(event([])).toMatchObject({ rejected: [{ reason: 'wrong_shape' }] })
  })
})

describe('attributes and status', () => {
  it('keeps plain attributes', () => {
    const decoded = decodeMessage('attributes', bytes('{"model":"X1","interval_s":60,"nested":{"a":1}}'), NOW)
    expect(decoded).toEqual({
      kind: 'attributes',
      attributes: new Map<string, string | number>([
        ['model', 'X1'],
        ['interval_s', 60],
      ]),
    })
  })
  it('reads the last will', () => {
    expect(decodeMessage('status', bytes('{"state":"offline"}'), NOW)).toEqual({
      kind: 'status',
      state: 'offline',
    })
    expect(decodeMessage('status', bytes('{"state":"asleep"}'), NOW).kind).toBe('malformed')
  })
})

it('decodes eight values in microseconds', () => {
  const body = bytes(
    JSON.stringify({
      ts: NOW - HOUR,
      values: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, i) => [name, i + 0.5])),
    }),
  )
  for (let i = 0; i < 2000; i += 1) decodeMessage('telemetry', body, NOW)
  const began = performance.now()
  for (let i = 0; i < 5000; i += 1) decodeMessage('telemetry', body, NOW)
  expect((performance.now() - began) / 5000).toBeLessThan(0.1)
})

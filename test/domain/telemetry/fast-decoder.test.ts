import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SAMPLES_PER_MESSAGE, MAX_SIGNALS_PER_SAMPLE } from '../../../server/contract/telemetry.ts'
import { SIGNALS, type KnownSignal } from '../../../server/contract/signals.ts'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'
import { decodeFast } from '../../../server/domain/telemetry/fast-decoder.ts'

const read = (text: string) => decodeFast(Buffer.from(text))

const decimals = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([whole, places]) => (whole / 10 ** places).toFixed(places))
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
const numberText = fc.oneof(
  { weight: 30, arbitrary: decimals },
  { weight: 1, arbitrary: doubles },
  { weight: 3, arbitrary: fc.constantFrom('0', '-0', '0.0', '-71', '999999999999999') },
)
const space = fc.constantFrom('', ' ', '  ')
const signal = fc.constantFrom(...(Object.keys(SIGNALS) as KnownSignal[]))
const member = fc.tuple(signal, numberText, fc.boolean(), space)
const members = fc
  .uniqueArray(member, { minLength: 1, maxLength: 12, selector: ([name]) => name })
  .map((all) =>
    all.map(([name, text, open, gap]) => {
      const value = SIGNALS[name].type === 'boolean' ? (open ? 'true' : '0') : text
      return `"${name}":${gap}${value}`
    }),
  )
const sampleText = fc
  .tuple(fc.nat(2 ** 41), members, fc.option(fc.nat()), space)
  .map(([ts, said, seq, gap]) => {
    const tail = seq === null ? '' : `,${gap}"seq":${String(seq)}`
    return `{${gap}"ts":${String(ts)},"values":{${said.join(`,${gap}`)}}${tail}${gap}}`
  })
const messageText = fc.oneof(
  sampleText,
  fc.array(sampleText, { minLength: 1 }).map((all) => `[${all.join()}]`),
)

/** What JSON.parse makes of it, contacts as booleans. */
function parsed(text: string): unknown {
  const value = JSON.parse(text, (key, one: unknown) =>
    key === 'cover_open' ? Boolean(one) : one,
  ) as unknown
  return Array.isArray(value) ? value : [value]
}

describe('reading a plain sample from its bytes', () => {
  it('takes what devices send every few seconds', () => {
    const text = '{"ts":1768488600000,"values":{"pressure_mpa":0.61,"cover_open":0,"rssi_dbm":-71},"seq":7}'
    expect(read(text)).toEqual([
      { ts: 1768488600000, values: { pressure_mpa: 0.61, cover_open: false, rssi_dbm: -71 }, seq: 7 },
    ])
    expect(read(`[${text}, ${text}]`)).toHaveLength(2)
    expect(read('{"values": {"cover_open": true}, "ts": 5}')).toEqual([
      { ts: 5, values: { cover_open: true } },
    ])
  })

  it('reads every number to the same double as JSON.parse, or leaves it', () => {
    let taken = 0
    fc.assert(
      fc.property(messageText, (text) => {
        const found = read(text)
        if (found === undefined) return
        taken += 1
        expect(found).toEqual(parsed(text))
      }),
      { numRuns: 2000 },
    )
    expect(taken).toBeGreaterThan(500)
  })

  it('takes nothing that JSON.parse would refuse or read otherwise, however the bytes are damaged', () => {
    fc.assert(
      fc.property(
        messageText,
        fc.nat(),
        fc.integer({ min: 0x20, max: 0x7e }),
        fc.nat(2),
        (text, at, byte, how) => {
          const place = at % text.length
          const sign = String.fromCharCode(byte)
          const damaged =
            text.slice(0, place) + (how === 0 ? '' : sign) + text.slice(how === 1 ? place : place + 1)
          const found = read(damaged)
          if (found !== undefined) expect(found).toEqual(parsed(damaged))
        },
      ),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['no time', '{"values":{"pressure_mpa":1}}'],
    ['a flat sample', '{"pressure_mpa":1}'],
    ['a time with decimals', '{"ts":1.5,"values":{"pressure_mpa":1}}'],
    ['two times', '{"ts":1,"ts":2,"values":{"pressure_mpa":1}}'],
    ['an unknown name', '{"ts":1,"values":{"pressure_mpb":1}}'],
    ['a signal twice', '{"ts":1,"values":{"pressure_mpa":1,"pressure_mpa":2}}'],
    ['an unknown member', '{"ts":1,"values":{"pressure_mpa":1},"x":1}'],
    ['a name with an escape', '{"ts":1,"values":{"pressure\\u005fmpa":1}}'],
    ['text', '{"ts":1,"values":{"pressure_mpa":"1"}}'],
    ['true where a number belongs', '{"ts":1,"values":{"pressure_mpa":true}}'],
    ['two for a contact', '{"ts":1,"values":{"cover_open":2}}'],
    ['nothing', '{"ts":1,"values":{}}'],
    ['a leading zero', '{"ts":1,"values":{"pressure_mpa":01}}'],
    ['a bare point', '{"ts":1,"values":{"pressure_mpa":1.}}'],
    ['a bare minus', '{"ts":1,"values":{"pressure_mpa":-}}'],
    ['an exponent', '{"ts":1,"values":{"pressure_mpa":1e0}}'],
    ['sixteen digits', '{"ts":1,"values":{"pressure_mpa":0.1234567890123456}}'],
    ['a word that goes on', '{"ts":1,"values":{"cover_open":truely}}'],
    ['a comma at the end', '{"ts":1,"values":{"pressure_mpa":1,}}'],
    ['something behind it', '{"ts":1,"values":{"pressure_mpa":1}}}'],
    ['a list that does not end', '[{"ts":1,"values":{"pressure_mpa":1}}'],
    ['an empty list', '[]'],
    ['a tab', '{"ts":1,\t"values":{"pressure_mpa":1}}'],
    ['too many signals', `{"ts":1,"values":{${'"shock_g":1,'.repeat(MAX_SIGNALS_PER_SAMPLE)}"shock_g":1}}`],
  ])('leaves %s to the slow way', (_what, text) => {
    expect(read(text)).toBeUndefined()
  })

  it('leaves more samples than a message may have', () => {
    const list = (count: number) => `[${Array<string>(count).fill('{"ts":1,"values":{"shock_g":1}}').join()}]`
    expect(read(list(MAX_SAMPLES_PER_MESSAGE))).toHaveLength(MAX_SAMPLES_PER_MESSAGE)
    expect(read(list(MAX_SAMPLES_PER_MESSAGE + 1))).toBeUndefined()
  })

  it('leaves a time that needs a judgement', () => {
    const old = decodeMessage('telemetry', Buffer.from('{"ts":1,"values":{"shock_g":1}}'), 1_768_488_600_000)
    expect(old).toEqual({ kind: 'malformed', rejected: [{ index: 0, reason: 'too_old' }] })
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { decodeMessage } from '../../../server/domain/telemetry/decode.ts'
import { UNKNOWN_CLOCK, type DeviceClock } from '../../../server/domain/telemetry/device-clock.ts'
import { addFastRows } from '../../../server/domain/telemetry/fast-rows.ts'
import { learnClock, sampleTime } from '../../../server/domain/telemetry/sample-time.ts'
import { Rows } from '../../../server/domain/telemetry/rows.ts'

const NOW = Date.UTC(2026, 0, 15, 4)
const offset = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -9 * HOUR, max: 0 }) },
  { weight: 5, arbitrary: fc.constantFrom(-8 * HOUR, -3 * MINUTE, 4 * MINUTE) },
  { weight: 1, arbitrary: fc.constantFrom(8 * HOUR, -400 * DAY, 6 * MINUTE) },
)
const number = fc.integer({ min: 0, max: 1 })
const values = fc.oneof(
  { weight: 20, arbitrary: fc.record({ pressure_mpa: number, cover_open: number }) },
  { weight: 20, arbitrary: fc.record({ chamber_c: fc.double({ min: -9, max: 9, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ extra: number }) },
)
const sample = fc.record({ offset, values })
const message = fc.array(sample, { minLength: 1, maxLength: 4 })

it('a plain message adds the rows, and teaches of the clock, what the slow way comes to', () => {
  let added = 0
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      let clock: DeviceClock = UNKNOWN_CLOCK
      messages.forEach((samples, n) => {
        const receivedAt = NOW + n * MINUTE
        const said = samples.map(({ offset, values }) => ({ ts: receivedAt + offset, values }))
        const bytes = Buffer.from(`before${JSON.stringify(said.length === 1 ? said[0] : said)}`)
        const rows = new Rows()
        rows.addFields(1, 1, { shock_g: 1 })
        const learned = addFastRows(rows, 7, { bytes, body: 6, end: bytes.length, receivedAt }, clock)
        const decoded = decodeMessage('telemetry', bytes.subarray(6), receivedAt)
        if (learned === undefined) expect(rows.count).toBe(1)
        else {
          added += 1
          if (decoded.kind !== 'telemetry') throw new Error(decoded.kind)
          expect(decoded.rejected).toEqual([])
          expect(learned).toEqual(learnClock(clock, decoded.samples, receivedAt))
          const expected = decoded.samples.map((one) => ({
            owner: 7,
            at: sampleTime(one, learned, receivedAt).at,
            fields: one.values,
          }))
          const found = expected.map((_, i) => ({
            owner: rows.owner[i + 1],
            at: rows.at[i + 1],
            fields: rows.fieldsOf(i + 1),
          }))
          expect(found).toEqual(expected)
          expect(rows.count).toBe(expected.length + 1)
          clock = learned
        }
      })
    }),
    { numRuns: 300, seed: 7 },
  )
  expect(added).toBeGreaterThan(100)
})

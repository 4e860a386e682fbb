import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { HOUR } from '../../../server/domain/instant.ts'
import { backtest } from '../../../server/flows/backtest/backtest.ts'
import { stretchesOf } from '../../../server/flows/backtest/order.ts'
import { createRowSorter, MAX_SORTED } from '../../../server/flows/backtest/sort.ts'
import { aRowOfWells, time } from '../../support/detection-world.ts'

const T = time('08:00:00')

describe('rows that are not in order', () => {
  it('are sorted by arrival, equal ones as they stood in the file', () => {
    const rows = fc.array(
      fc.record({
        received: fc.integer({ min: T, max: T + 200 * HOUR }),
        ts: fc.integer({ min: T - HOUR, max: T + HOUR }),
        device: fc.constantFrom('a', 'b', 'c'),
        signal: fc.constantFrom('cover_open', 'chamber_c'),
        value: fc.oneof(fc.boolean(), fc.double({ noNaN: true })),
      }),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(rows, (given) => {
        const sorter = createRowSorter(T)
        for (const row of given) sorter.add(row)
        const sorted: object[] = []
        sorter.each((row) => sorted.push({ ...row }))
        expect(sorted).toEqual(given.toSorted((a, b) => a.received - b.received))
      }),
    )
  })

  it('keep their place beyond the first room of a sorter', () => {
    const sorter = createRowSorter(T)
    const count = 150_000
    for (let n = 0; n < count; n += 1) {
      const at = T + ((n * 7919) % count) * 1000
      sorter.add({ ts: at, received: at, device: `d${n % 7}`, signal: 'chamber_c', value: n })
    }
    let last = -Infinity
    let seen = 0
    sorter.each(({ ts, received, device, value }) => {
      const n = Number(value)
      if (received <= last || ts !== T + ((n * 7919) % count) * 1000 || device !== `d${n % 7}`) return
      last = received
      seen += 1
    })
    expect(seen).toBe(count)
  })

  it('of a long time are taken in stretches that fit, each hour in one of them', () => {
    const third = Math.ceil(MAX_SORTED / 3)
    const hours = new Map([9, 5, 6, 7, 8].map((hour) => [hour, third]))
    expect(stretchesOf(hours)).toEqual([
      { from: 5 * HOUR, to: 7 * HOUR },
      { from: 7 * HOUR, to: 9 * HOUR },
      { from: 9 * HOUR, to: Infinity },
    ])
    expect(() => stretchesOf(new Map([[5, MAX_SORTED + 1]]))).toThrow('sort the file by time first')
  })
})

describe('any file at all', () => {
  const cell = fc.oneof(
    fc.constantFrom('d-w1', 'd-s', 'd-hes', 'cover_open', 'chamber_c', 'makeup_flow_t_h', 'true', '1', ''),
    fc.integer({ min: T - 90 * 24 * HOUR, max: T + 9e12 }).map(String),
    fc.constantFrom('1970-01-01T00:00:00Z', '2026-01-15T08:00:00+08:00', '9999-12-31T23:59:59Z'),
    fc.double().map(String),
    fc.string({ maxLength: 5 }),
  )
  const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(','))
  const good = fc
    .tuple(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom('d-w1', 'd-w2', 'd-s', 'd-hes'), fc.nat(200))
    .chain(([ms, device, value]) =>
      fc
        .constantFrom(
          'cover_tilt_deg',
          'chamber_c',
          'pressure_mpa',
          'makeup_flow_t_h',
          'secondary_supply_mpa',
        )
        .map((signal) => `${String(T + ms)},${device},${signal},${String(value / 10)},${String(T + 2 * ms)}`),
    )

  it('is read to its end without a crash, and every line is accounted for', async () => {
    const header = fc.constantFrom('ts,device,signal,value', 'ts,device,signal,value,received')
    await fc.assert(
      fc.asyncProperty(header, fc.array(fc.oneof(line, good), { maxLength: 60 }), async (first, lines) => {
        const text = [first, ...lines].join('\n')
        const done = await backtest({
          network: aRowOfWells(),
          settings: DEFAULT_SETTINGS,
          readings: {
            bytes: text.length,
            async *open() {
              yield text
            },
          },
          say: () => undefined,
          progress: () => undefined,
        })
        const account = done.account.map(({ en }) => en).join('\n')
        const count = (pattern: RegExp): number => Number(pattern.exec(account)?.[1] ?? 0)
        const read = count(/rows: (\d+)/) + count(/bad lines: (\d+)/) + count(/unknown devices: (\d+)/)
        const written = text.split('\n').slice(1)
        expect(read).toBe(written.filter((one) => one.trim() !== '').length)
        expect(account).not.toContain('set aside')
      }),
      { numRuns: 150 },
    )
  })
})

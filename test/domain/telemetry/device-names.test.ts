import { describe, expect, it } from 'vitest'
import { MAX_SIGNALS_PER_DEVICE } from '#contract/telemetry.ts'
import { DeviceNames } from '../../../server/domain/telemetry/device-names.ts'
import { Rows } from '../../../server/domain/telemetry/rows.ts'

const extras = (from: number, to: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, n) => [`n${String(from + n)}`, 1]))
const limited = (names: DeviceNames, values: Record<string, number>): [object | undefined, string[]] => {
  const leftOut: string[] = []
  return [names.limit(values, leftOut), leftOut]
}

describe('the signal names of a device', () => {
  it('are as many as the limit, the first ones that it used', () => {
    const names = new DeviceNames()
    expect(limited(names, extras(0, 200))).toEqual([extras(0, 200), []])
    expect(limited(names, extras(150, 258))).toEqual([extras(150, 256), ['n256', 'n257']])
    expect(limited(names, extras(300, 302))).toEqual([undefined, ['n300', 'n301']])
    expect(limited(names, extras(0, 256))).toEqual([extras(0, 256), []])
  })

  it('count those of the vocabulary, which are never left out', () => {
    const names = new DeviceNames()
    const rows = new Rows()
    rows.addFields(0, 1, { chamber_c: 1, humidity_pct: 2 })
    names.note(rows, 0)
    expect(limited(names, extras(0, 256))[1]).toEqual(['n254', 'n255'])
    expect(limited(names, { water_level_m: 1, other: 1 })).toEqual([{ water_level_m: 1 }, ['other']])
  })

  it('are remembered where there are others than the vocabulary’s, and restored', () => {
    const names = new DeviceNames()
    limited(names, { chamber_c: 1 })
    expect(names.remembered).toEqual([])
    limited(names, extras(0, 256))
    expect(names.remembered).toHaveLength(MAX_SIGNALS_PER_DEVICE)
    const again = new DeviceNames()
    again.restore(names.remembered)
    expect(limited(again, { n0: 1, fresh: 1 })).toEqual([{ n0: 1 }, ['fresh']])
  })

  it('count those that are stored from before they were remembered, asked for once and only where needed', () => {
    let asked = 0
    const names = new DeviceNames(() => {
      asked += 1
      return Object.keys(extras(0, 1000))
    })
    limited(names, { chamber_c: 1 })
    expect(asked).toBe(0)
    expect(limited(names, { n7: 1, fresh: 1 })).toEqual([{ n7: 1 }, ['fresh']])
    limited(names, { fresher: 1 })
    expect(asked).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import type { ReadingsHistory, ReadingsWriter, StoredReading } from '../../../server/flows/ports.ts'

/** A store as the suite uses it, on an empty place of its own. */
export interface OpenStore {
  readonly writer: ReadingsWriter
  readonly history: ReadingsHistory
}

export const T0 = Date.UTC(2026, 0, 15, 4)

export function reading(over: Partial<StoredReading> = {}): StoredReading {
  return {
    measurement: 'well',
    deviceId: 'd-1',
    assetId: 'w-1',
    network: 'primary',
    zone: 'east',
    at: T0,
    fields: { pressure_mpa: 0.61 },
    ...over,
  }
}

/** What every readings store promises, embedded or InfluxDB. */
export function itKeepsReadings(store: () => OpenStore): void {
  const write = (...readings: StoredReading[]) => store().writer.write(readings)
  const all = { from: T0 - 86_400_000, to: T0 + 86_400_000 }
  const query = (over: object) => store().history.query({ ...all, ...over })

  describe('keeping readings', () => {
    it('gives back what was written, each signal as a series in order of time', async () => {
      const outcome = await write(
        reading({ at: T0 + 10, fields: { pressure_mpa: 0.62, temperature_c: 95 } }),
        reading({ at: T0, fields: { pressure_mpa: 0.61, temperature_c: 94.5 } }),
      )
      expect(outcome.rejected).toEqual([])
      expect(await query({ deviceId: 'd-1' })).toEqual([
        {
          deviceId: 'd-1',
          signal: 'pressure_mpa',
          points: [
            [T0, 0.61],
            [T0 + 10, 0.62],
          ],
        },
        {
          deviceId: 'd-1',
          signal: 'temperature_c',
          points: [
            [T0, 94.5],
            [T0 + 10, 95],
          ],
        },
      ])
    })

    it('changes nothing when a reading is delivered again', async () => {
      await write(reading(), reading({ at: T0 + 10 }))
      await write(reading(), reading({ at: T0 + 10 }))
      expect((await query({ deviceId: 'd-1' }))[0]?.points).toEqual([
        [T0, 0.61],
        [T0 + 10, 0.61],
      ])
    })

    it('adds other signals of the same instant and lets the later value of the same signal stay', async () => {
      await write(reading({ fields: { pressure_mpa: 0.61, humidity_pct: 40 } }))
      await write(reading({ fields: { pressure_mpa: 0.7, chamber_c: 31 } }))
      const series = await query({ deviceId: 'd-1' })
      expect(series.map(({ signal, points }) => [signal, points[0]?.[1]])).toEqual([
        ['chamber_c', 31],
        ['humidity_pct', 40],
        ['pressure_mpa', 0.7],
      ])
    })

    it('keeps booleans boolean, and a whole number a number that a fraction may follow', async () => {
      const cover = { measurement: 'cover' }
      await write(reading({ ...cover, fields: { cover_open: true, cover_tilt_deg: 75 } }))
      await write(reading({ ...cover, at: T0 + 10, fields: { cover_open: false, cover_tilt_deg: 0.5 } }))
      expect(await query({ deviceId: 'd-1' })).toEqual([
        {
          deviceId: 'd-1',
          signal: 'cover_open',
          points: [
            [T0, true],
            [T0 + 10, false],
          ],
        },
        {
          deviceId: 'd-1',
          signal: 'cover_tilt_deg',
          points: [
            [T0, 75],
            [T0 + 10, 0.5],
          ],
        },
      ])
    })

    it('joins what one message of a well leaves in two measurements', async () => {
      await write(
        reading({ fields: { chamber_c: 30 } }),
        reading({ measurement: 'cover', fields: { cover_tilt_deg: 1.5 } }),
      )
      const series = await query({ deviceId: 'd-1' })
      expect(series.map(({ signal }) => signal)).toEqual(['chamber_c', 'cover_tilt_deg'])
    })

    it('puts what comes late in its place', async () => {
      await write(reading({ at: T0, fields: { chamber_c: 3 } }))
      await write(reading({ at: T0 - 7_200_000, fields: { chamber_c: 1 } }))
      await write(reading({ at: T0 - 3_600_000, fields: { chamber_c: 2 } }))
      const [series] = await query({ deviceId: 'd-1', signal: 'chamber_c' })
      expect(series?.points.map(([, value]) => value)).toEqual([1, 2, 3])
    })

    it('keeps extra signals, whatever their names', async () => {
      await write(reading({ fields: { constructor: 1, to_string: 2.5, has_lid: true } }))
      const series = await query({ deviceId: 'd-1' })
      expect(series.map(({ signal, points }) => [signal, points[0]?.[1]])).toEqual([
        ['constructor', 1],
        ['has_lid', true],
        ['to_string', 2.5],
      ])
    })

    it('keeps ids of any script', async () => {
      await write(reading({ assetId: '东一环#3', zone: '运营一部' }))
      expect(await query({ assetId: '东一环#3' })).toHaveLength(1)
    })

    it('keeps a device without a place', async () => {
      await write(reading({ assetId: '', network: '', zone: '' }))
      expect(await query({ deviceId: 'd-1' })).toHaveLength(1)
    })
  })

  describe('answering', () => {
    it('answers for an asset with all devices that stood there', async () => {
      await write(reading(), reading({ deviceId: 'd-2' }), reading({ deviceId: 'd-3', assetId: 'w-2' }))
      const series = await query({ assetId: 'w-1' })
      expect(series.map(({ deviceId }) => deviceId)).toEqual(['d-1', 'd-2'])
    })

    it('answers for one signal', async () => {
      await write(reading({ fields: { pressure_mpa: 0.6, battery_v: 3.6 } }))
      const series = await query({ deviceId: 'd-1', signal: 'battery_v' })
      expect(series).toEqual([{ deviceId: 'd-1', signal: 'battery_v', points: [[T0, 3.6]] }])
    })

    it('includes both ends of the stretch', async () => {
      await write(...[-1, 0, 1, 2].map((ms) => reading({ at: T0 + ms })))
      const [series] = await query({ deviceId: 'd-1', from: T0, to: T0 + 1 })
      expect(series?.points.map(([at]) => at)).toEqual([T0, T0 + 1])
    })

    it('knows nothing of a device that never wrote', async () => {
      expect(await query({ deviceId: 'd-9' })).toEqual([])
      expect(await query({ deviceId: "d' OR 1=1 --" })).toEqual([])
    })

    it('gives the earliest points when it is limited', async () => {
      await write(
        ...Array.from({ length: 50 }, (_, i) => reading({ at: T0 + i * 1000, fields: { chamber_c: i } })),
      )
      const [series] = await query({ deviceId: 'd-1', limit: 10 })
      expect(series?.points.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => [T0 + i * 1000, i]))
    })

    it('thins a long stretch without losing its extremes or their instants', async () => {
      const values = Array.from({ length: 4000 }, (_, i) => 0.6 + (i % 7) / 1000)
      values[1234] = 1.9
      values[3210] = 0.01
      await write(
        ...values.map((value, i) => reading({ at: T0 + i * 10_000, fields: { pressure_mpa: value } })),
      )
      const [series] = await query({ deviceId: 'd-1', from: T0, to: T0 + 40_000_000, points: 200 })
      expect(series?.points.length).toBeLessThanOrEqual(210)
      expect(series?.points.length).toBeGreaterThan(100)
      expect(series?.points).toContainEqual([T0 + 12_340_000, 1.9])
      expect(series?.points).toContainEqual([T0 + 32_100_000, 0.01])
      const times = series?.points.map(([at]) => at) ?? []
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    })

    it('thins a cover’s state without losing a short opening', async () => {
      const open = (i: number) => i >= 2000 && i < 2003
      const cover = (i: number) =>
        reading({ measurement: 'cover', at: T0 + i * 10_000, fields: { cover_open: open(i) } })
      await write(...Array.from({ length: 4000 }, (_, i) => cover(i)))
      const [series] = await query({ deviceId: 'd-1', from: T0, to: T0 + 40_000_000, points: 100 })
      expect(series?.points.length).toBeLessThanOrEqual(110)
      expect(series?.points.filter(([, value]) => value === true).length).toBeGreaterThan(0)
      expect(series?.points[0]?.[1]).toBe(false)
    })

    it('does not thin what fits', async () => {
      await write(
        ...Array.from({ length: 50 }, (_, i) => reading({ at: T0 + i * 1000, fields: { chamber_c: i } })),
      )
      const [series] = await query({ deviceId: 'd-1', points: 100 })
      expect(series?.points).toHaveLength(50)
    })
  })

  describe('refusing', () => {
    const POISON: [string, Partial<StoredReading>, RegExp][] = [
      [
        'a line break in a device id',
        { deviceId: 'x\nhack,site=1 value=1' },
        /device_id contains a line feed/,
      ],
      ['a carriage return in an asset id', { assetId: 'x\ry' }, /asset_id contains a carriage return/],
      ['a tab in a zone', { zone: 'x\ty' }, /zone contains a tab/],
      ['a trailing backslash in an asset id', { assetId: 'w-1\\' }, /asset_id contains a backslash/],
      ['a comma in an asset id', { assetId: 'w,1' }, /asset_id "w,1" is not an id/],
      ['a space in a zone', { zone: 'east side' }, /is not an id/],
      ['a made-up measurement', { measurement: 'hack' }, /no measurement/],
      ['a made-up network', { network: 'primary\n' }, /line feed/],
      ['a field name with a line break', { fields: { 'a\nb': 1 } }, /field name contains a line feed/],
      ['a field name with an equals sign', { fields: { 'a=1,b': 1 } }, /no field name/],
      ['an instant that is none', { at: NaN }, /whole number of milliseconds/],
      ['NaN', { fields: { pressure_mpa: NaN } }, /pressure_mpa is NaN/],
      ['infinity', { fields: { pressure_mpa: -Infinity } }, /pressure_mpa is -Infinity/],
    ]
    it.each(POISON)('refuses %s with the reason and keeps its neighbours', async (_, poison, reason) => {
      const outcome = await write(
        reading({ at: T0 + 1 }),
        reading({ at: T0 + 2, ...poison }),
        reading({ at: T0 + 3 }),
      )
      expect(outcome.rejected).toHaveLength(1)
      expect(outcome.rejected[0]?.reason).toMatch(reason)
      const [series] = await query({ deviceId: 'd-1' })
      expect(series?.points.map(([at]) => at)).toEqual([T0 + 1, T0 + 3])
    })

    it('loses only the bad value of a sample', async () => {
      const outcome = await write(reading({ fields: { pressure_mpa: NaN, chamber_c: 30 } }))
      expect(outcome.rejected.map(({ reading: { fields } }) => fields)).toEqual([{ pressure_mpa: NaN }])
      expect((await query({ deviceId: 'd-1' })).map(({ signal }) => signal)).toEqual(['chamber_c'])
    })
  })
}

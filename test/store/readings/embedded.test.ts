import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { StoreDamaged, StoreUnavailable, type StoredReading } from '../../../server/flows/ports.ts'
import { ByteWriter } from '../../../server/store/readings/embedded/bytes.ts'
import type { Column } from '../../../server/store/readings/embedded/chunk.ts'
import { writeChunk } from '../../../server/store/readings/embedded/chunk-format.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'
import { itKeepsReadings, reading, T0 } from './contract.ts'

let dir: string
let writer: EmbeddedWriter
let history: EmbeddedReader

function openWriter(rawDays = 7, sync?: (path: string) => void): EmbeddedWriter {
  const retention = { rawDays, minuteDays: 90, hourDays: 1825 }
  const options = { dir, retention, log: silentLog, quietWrites: 2 }
  return new EmbeddedWriter(sync === undefined ? options : { ...options, sync })
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'readings-'))
  writer = openWriter()
  history = new EmbeddedReader(dir)
})
afterEach(async () => {
  await history.close()
  await writer.close()
  rmSync(dir, { recursive: true, force: true })
})

function tidyAll(): void {
  while (writer.maintain());
}

/** Two readings of the first series: as JSON, or in a bundle with its place, its length and its bytes. */
function formerBody(table: 'pieces' | 'bundles'): Buffer {
  if (table === 'pieces') {
    return Buffer.from(
      JSON.stringify([
        [T0 - 10, 5],
        ['pressure_mpa', [0.5, null]],
        ['valve_open', [null, true]],
      ]),
    )
  }
  const out = new ByteWriter()
  writeChunk(out, {
    at: [T0 - 10, T0 - 5],
    signals: new Map<string, Column>([
      ['pressure_mpa', [0.5, null]],
      ['valve_open', [null, true]],
    ]),
  })
  const chunk = out.written()
  const head = Buffer.from([1, 0, 0, 0, 0])
  head.writeUInt32LE(chunk.length, 1)
  return Buffer.concat([head, chunk])
}

/** Midnight UTC of a day in January 2026. */
const midnight = (day: number) => Date.UTC(2026, 0, day)
const filesOf = (folder: string) => readdirSync(join(dir, folder)).filter((name) => name.endsWith('.db'))

/** Ten-second readings of a day, in batches of an hour, with one high and one low value. */
async function writeDay(day: number, everyMs = 10_000): Promise<void> {
  for (let hour = 0; hour < 24; hour++) {
    const batch: StoredReading[] = []
    for (let ms = 0; ms < HOUR; ms += everyMs) {
      const at = midnight(day) + hour * HOUR + ms
      batch.push(reading({ at, fields: { pressure_mpa: valueAt(day, at) } }))
    }
    await writer.write(batch)
    tidyAll()
  }
}
function valueAt(day: number, at: number): number {
  if (at === midnight(day) + 13 * HOUR + 10_000) return 1 + day / 100
  if (at === midnight(day) + 15 * HOUR + 20_000) return 0.1 - day / 1000
  return 0.6 + (at % 70_000) / 1e7
}

describe('the embedded store', () => {
  itKeepsReadings(() => ({ writer, history }))

  it('has everything again after it was opened anew', async () => {
    await writer.write([reading()])
    await writer.close()
    writer = openWriter()
    await writer.write([reading({ at: reading().at + 10 })])
    expect((await history.query({ deviceId: 'd-1', from: 0, to: Date.now() }))[0]?.points).toHaveLength(2)
  })

  it('names a new series again when its first write was refused', async () => {
    const disk = new DatabaseSync(join(dir, 'fresh.db'))
    disk.exec("create trigger full before insert on chunks begin select raise(abort, 'full'); end")
    await expect(writer.write([reading()])).rejects.toThrow('full')
    disk.exec('drop trigger full')
    disk.close()
    await writer.write([reading()])
    await writer.write([reading({ deviceId: 'd-2', assetId: 'a-2' })])
    const pointsOf = async (deviceId: string) =>
      (await history.query({ deviceId, from: 0, to: Date.now() })).map(({ points }) => points.length)
    expect([await pointsOf('d-1'), await pointsOf('d-2')]).toEqual([[1], [1]])
  })

  it('has no name in a day’s file that a power cut could still take out of the list of names', async () => {
    const synced: [file: string, days: number][] = []
    await writer.close()
    writer = openWriter(7, (path) => synced.push([basename(path), filesOf('raw').length]))
    for (let n = 0; n < 16; n += 1) await writer.write([reading({ at: reading().at + n })])
    expect(synced).toEqual([])
    tidyAll()
    expect(synced).toEqual([['fresh.db-wal', 0]])
    expect(filesOf('raw')).toHaveLength(1)
  })

  it('claims nothing as past a power cut that was written before it was opened', async () => {
    await writer.write([reading()])
    const synced: string[] = []
    await writer.close()
    writer = openWriter(7, (path) => synced.push(basename(path)))
    writer.sync()
    writer.sync()
    expect(synced).toEqual(['fresh.db-wal'])
  })

  it('believes no disk that has refused a sync once: what was written is to be written again', async () => {
    await writer.close()
    const refusals = ['EIO']
    const sync = () => {
      const code = refusals.pop()
      if (code !== undefined) throw Object.assign(new Error('refused'), { code })
    }
    writer = openWriter(7, sync)
    await writer.write([reading()])
    expect(() => writer.sync()).toThrow(StoreDamaged)
    expect(() => writer.sync()).toThrow(StoreDamaged)
    for (let n = 0; n < 16; n += 1) await writer.write([reading({ at: T0 + n })])
    expect(() => writer.maintain()).toThrow(StoreDamaged)
    expect(filesOf('raw')).toEqual([])
    await writer.close()
    writer = openWriter(7, sync)
    writer.sync()
  })

  it('needs nothing of the write-ahead log that it was opened with, once it has secured', async () => {
    await writer.write([reading()])
    const killed = join(dir, 'killed')
    const cut = join(dir, 'cut')
    for (const folder of [killed, cut]) mkdirSync(folder)
    for (const name of ['fresh.db', 'fresh.db-wal']) copyFileSync(join(dir, name), join(killed, name))
    const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
    const next = new EmbeddedWriter({ dir: killed, retention, log: silentLog })
    await next.write([reading({ at: T0 + 10 })])
    next.sync()
    copyFileSync(join(killed, 'fresh.db'), join(cut, 'fresh.db'))
    await next.close()
    const last = new EmbeddedReader(cut)
    const [series] = await last.query({ deviceId: 'd-1', from: 0, to: Date.now() })
    await last.close()
    expect(series?.points).toHaveLength(2)
  })

  it('counts series without gaps, however often one is met again', async () => {
    for (let n = 0; n < 5; n += 1) {
      await writer.write([reading({ assetId: 'w-1', at: T0 + n }), reading({ assetId: 'w-2', at: T0 + n })])
    }
    await writer.write([reading({ assetId: 'w-3' })])
    const file = new DatabaseSync(join(dir, 'fresh.db'), { readOnly: true })
    expect(file.prepare('select max(id) as id from series').get()).toEqual({ id: 3 })
    file.close()
  })

  it.each(['pieces', 'bundles'] as const)(
    'reads a file of an earlier form, with its tables in %s, and folds what is in it',
    async (table) => {
      await writer.write([reading()])
      await writer.close()
      const file = new DatabaseSync(join(dir, 'fresh.db'))
      file.exec(`drop table chunks; drop table runs;
        create table runs (id integer primary key, age integer not null);
        insert into runs values (3, 1);
        create table ${table} (key integer primary key, body blob not null)`)
      const key = 3 * 2 ** 24 + (table === 'pieces' ? 1 : 0)
      file.prepare(`insert into ${table} values (?, ?)`).run(key, formerBody(table))
      file.close()
      const asked = { deviceId: 'd-1', from: 0, to: Date.now() }
      await expect(history.query(asked)).rejects.toThrow(StoreUnavailable)
      writer = openWriter()
      const expected = [
        { deviceId: 'd-1', signal: 'pressure_mpa', points: [[T0 - 10, 0.5]] },
        { deviceId: 'd-1', signal: 'valve_open', points: [[T0 - 5, true]] },
      ]
      expect(await history.query(asked)).toEqual(expected)
      for (let n = 0; n < 16; n += 1) await writer.write([reading({ deviceId: 'd-2', at: T0 + n })])
      tidyAll()
      expect(filesOf('raw')).toHaveLength(1)
      expect(await history.query(asked)).toEqual(expected)
    },
  )

  it('tells series apart when a device moves, and answers for the device as a whole', async () => {
    await writer.write([reading({ assetId: 'w-1' }), reading({ assetId: 'w-2', at: reading().at + 10 })])
    const range = { from: 0, to: Date.now() }
    expect((await history.query({ deviceId: 'd-1', ...range }))[0]?.points).toHaveLength(2)
    expect((await history.query({ assetId: 'w-2', ...range }))[0]?.points).toEqual([
      [reading().at + 10, 0.61],
    ])
  })

  it('answers the same while its tables are merged, closed and rolled up, whatever comes in what order', async () => {
    const sample = fc.record({
      deviceId: fc.constantFrom('a', 'b'),
      minute: fc.integer({ min: 0, max: 4 * 24 * 60 }),
      signal: fc.constantFrom('pressure_mpa', 'chamber_c'),
      value: fc.integer({ min: 0, max: 9 }),
    })
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.array(sample, { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.constant('tidy' as const) },
      { weight: 1, arbitrary: fc.constant('reopen' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 70 }), async (program) => {
        await writer.close()
        rmSync(dir, { recursive: true })
        writer = openWriter()
        const expected = new Map<string, number>()
        for (const action of program) {
          if (action === 'tidy') tidyAll()
          else if (action === 'reopen') {
            await writer.close()
            writer = openWriter()
          } else {
            await writer.write(
              action.map(({ deviceId, minute, signal, value }) => {
                const at = midnight(1) + minute * MINUTE
                expected.set(`${deviceId} ${signal} ${String(at)}`, value)
                return reading({ deviceId, at, fields: { [signal]: value } })
              }),
            )
            writer.maintain()
          }
        }
        const series = await history.query({ from: midnight(1), to: midnight(6) })
        const found = series.flatMap(({ deviceId, signal, points }) =>
          points.map(([at, value]) => [`${deviceId} ${signal} ${String(at)}`, value] as const),
        )
        expect(new Map(found)).toEqual(expected)
        expect(found).toHaveLength(expected.size)
      }),
      { numRuns: 12, seed: 7 },
    )
  }, 60_000)

  it('answers a long stretch from roll-ups with every day’s extremes at their own instants', async () => {
    for (let day = 1; day <= 6; day++) await writeDay(day)
    expect(filesOf('minutes')).toEqual(['2026-01.db'])
    expect(filesOf('hours')).toEqual(['2026.db'])
    const [series] = await history.query({ deviceId: 'd-1', from: midnight(1), to: midnight(7), points: 200 })
    expect(series?.points.length).toBeLessThanOrEqual(220)
    for (let day = 1; day <= 6; day++) {
      expect(series?.points).toContainEqual([midnight(day) + 13 * HOUR + 10_000, 1 + day / 100])
      expect(series?.points).toContainEqual([midnight(day) + 15 * HOUR + 20_000, 0.1 - day / 1000])
    }
  })

  it('drops whole days past their retention and goes on answering from their roll-ups', async () => {
    await writer.close()
    writer = openWriter(2)
    for (let day = 1; day <= 6; day++) await writeDay(day, 60_000)
    expect(filesOf('raw')).toEqual(['2026-01-04.db', '2026-01-05.db', '2026-01-06.db'])
    const all = { deviceId: 'd-1', from: midnight(1), to: midnight(7) }
    const [raw] = await history.query(all)
    expect(raw?.points[0]?.[0]).toBe(midnight(4))
    const [thinned] = await history.query({ ...all, points: 2000 })
    expect(thinned?.points[0]?.[0]).toBe(midnight(1))
    const [coarse] = await history.query({ ...all, points: 40 })
    expect(coarse?.points[0]?.[0]).toBeLessThan(midnight(2))
  })

  it('refuses what is older than the raw days it keeps, and says so', async () => {
    await writer.close()
    writer = openWriter(2)
    for (let day = 1; day <= 6; day++) await writeDay(day, 600_000)
    const outcome = await writer.write([reading({ at: midnight(2) }), reading({ at: midnight(6) })])
    expect(outcome.rejected).toHaveLength(1)
    expect(outcome.rejected[0]?.reason).toBe('older than the 2 days of raw readings kept')
  })

  it('brings a late reading of a closed day into its roll-up', async () => {
    for (let day = 1; day <= 4; day++) await writeDay(day, 60_000)
    await writer.write([reading({ at: midnight(1) + 5, fields: { pressure_mpa: 3.3 } })])
    const day = { deviceId: 'd-1', from: midnight(1) - 10 * DAY, to: midnight(20), points: 40 }
    expect((await history.query(day))[0]?.points).toContainEqual([midnight(1) + 5, 3.3])
    for (let i = 0; i < 40; i++) {
      await writer.write([reading({ at: midnight(5) + i })])
      tidyAll()
    }
    expect((await history.query(day))[0]?.points).toContainEqual([midnight(1) + 5, 3.3])
  })
})

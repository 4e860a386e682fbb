import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../../server/domain/instant.ts'
import { StoreDamaged, type StoredReading } from '../../../server/flows/ports.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter, type EmbeddedOptions } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'
import { reading } from './contract.ts'

let dir: string
let writer: EmbeddedWriter
/** How often the place in the journal was given up. */
let begun = 0
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-'))
  writer = openWriter()
  begun = 0
})
afterEach(async () => {
  await writer.close()
  rmSync(dir, { recursive: true, force: true })
})

function openWriter(over: Partial<EmbeddedOptions> = {}): EmbeddedWriter {
  const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
  const forgetPlace = () => void (begun += 1)
  return new EmbeddedWriter({ dir, retention, log: silentLog, quietWrites: 2, forgetPlace, ...over })
}
const T = Date.UTC(2026, 0, 15, 4)
const of = (deviceId: string, at: number, value: number): StoredReading =>
  reading({ deviceId, assetId: `at-${deviceId}`, at, fields: { pressure_mpa: value } })

async function flush(from: number): Promise<void> {
  for (let n = 0; n < 16; n += 1) await writer.write([of('a', from + n, n), of('b', from + n, 100 + n)])
  while (writer.maintain());
}
async function valuesOf(deviceId: string): Promise<readonly (number | boolean)[]> {
  const history = new EmbeddedReader(dir)
  const [series] = await history.query({ deviceId, from: 0, to: T + 9 * DAY })
  await history.close()
  return series?.points.map(([, value]) => value) ?? []
}
function damage(name: string): void {
  const file = openSync(join(dir, name), 'r+')
  writeSync(file, Buffer.alloc(statSync(join(dir, name)).size, 0xff), 0)
  closeSync(file)
}
const upTo = (first: number) => Array.from({ length: 16 }, (_, n) => first + n)
const keptAside = (folder = '') =>
  readdirSync(join(dir, folder)).filter((name) => name.includes('.db.damaged-'))

describe('F6 damaged readings', () => {
  it.each(['damaged', 'removed'])(
    'the newest ones %s, and the start that begins them anew is cut short: the next start does all of it',
    async (how) => {
      await flush(T)
      await writer.close()
      if (how === 'damaged') damage('fresh.db')
      else rmSync(join(dir, 'fresh.db'))
      const cut = () => {
        throw new Error('cut short')
      }
      expect(() => openWriter({ forgetPlace: cut })).toThrow('cut short')
      writer = openWriter()
      expect(begun).toBe(1)
      await writer.write([of('c', T, 7)])
      expect([await valuesOf('a'), await valuesOf('b'), await valuesOf('c')]).toEqual([
        upTo(0),
        upTo(100),
        [7],
      ])
    },
  )

  it('their names are copied anew after every start: one that came just before a stop is among them', async () => {
    await flush(T)
    await writer.write([of('late', T + 50, 1)])
    await writer.close()
    writer = openWriter()
    for (let n = 0; n < 15; n += 1) await writer.write([of('late', T + 100 + n, n)])
    while (writer.maintain());
    await writer.close()
    rmSync(join(dir, 'fresh.db'))
    writer = openWriter()
    expect(await valuesOf('late')).toEqual([1, ...upTo(0).slice(0, 15)])
  })

  it.each([
    ['lost', undefined],
    ['cut off', '[[1,"a"'],
    ['no list', '{}'],
    ['a list of something else', '[[1,"a",2,3,4]]'],
  ])('the copy of the names %s, too: a new device takes no number of an older one', async (_how, text) => {
    await flush(T)
    await writer.close()
    rmSync(join(dir, 'fresh.db'))
    if (text === undefined) rmSync(join(dir, 'series.json'))
    else writeFileSync(join(dir, 'series.json'), text)
    writer = openWriter()
    await writer.write([of('c', T + 1, 7)])
    await writer.close()
    writer = openWriter()
    await writer.write([of('d', T + 1, 8)])
    expect([await valuesOf('c'), await valuesOf('d')]).toEqual([[7], [8]])
    expect(readdirSync(dir).some((name) => name.startsWith('series.json.damaged-'))).toBe(text !== undefined)
  })

  it('a number that only roll-ups use still is given to no other device', async () => {
    await flush(T)
    for (const day of [1, 2, 3]) await flush(T + day * DAY)
    await writer.close()
    for (const name of readdirSync(join(dir, 'raw'))) rmSync(join(dir, 'raw', name))
    for (const name of ['fresh.db', 'series.json']) rmSync(join(dir, name))
    writer = openWriter()
    await writer.write([of('c', T + 9 * DAY, 7)])
    const history = new EmbeddedReader(dir)
    const found = await history.query({ deviceId: 'c', from: T - DAY, to: T + 10 * DAY, points: 2000 })
    await history.close()
    expect(found.map(({ points }) => points)).toEqual([[[T + 9 * DAY, 7]]])
  })

  it('the copy of the names alone is spoiled: all goes on, and it is written anew', async () => {
    await flush(T)
    await writer.close()
    writeFileSync(join(dir, 'series.json'), '[[1,"a"')
    writer = openWriter()
    await flush(T + 100)
    expect(JSON.parse(readFileSync(join(dir, 'series.json'), 'utf8'))).toHaveLength(2)
    expect(await valuesOf('a')).toEqual([...upTo(0), ...upTo(0)])
  })

  it.each(['damaged', 'emptied', 'removed'])(
    'the newest ones %s: every older one still belongs to its device, and a later one counts',
    async (how) => {
      await flush(T)
      await writer.close()
      if (how === 'damaged') damage('fresh.db')
      else if (how === 'emptied') truncateSync(join(dir, 'fresh.db'))
      else rmSync(join(dir, 'fresh.db'))
      writer = openWriter()
      expect(begun).toBe(1)
      expect(keptAside().length > 0).toBe(how === 'damaged')
      expect([await valuesOf('a'), await valuesOf('b')]).toEqual([upTo(0), upTo(100)])
      // A device that is new takes nobody's number, and what is written again overwrites.
      await writer.write([of('c', T, 7), of('a', T, 77)])
      expect(await valuesOf('c')).toEqual([7])
      await flush(T + 100)
      expect(await valuesOf('a')).toEqual([77, ...upTo(0).slice(1), ...upTo(0)])
      await writer.close()
      writer = openWriter()
      expect(begun).toBe(1)
    },
  )

  it('a day is kept aside when something is to be added to it, and only that day has a gap', async () => {
    await flush(T)
    await flush(T + DAY)
    await writer.close()
    damage('raw/2026-01-15.db')
    expect(await valuesOf('a')).toEqual(upTo(0))
    writer = openWriter()
    for (let n = 0; n < 16; n += 1) await writer.write([of('a', T + 100 + n, 50 + n)])
    expect(() => writer.maintain()).toThrow('was damaged')
    while (writer.maintain());
    expect(keptAside('raw')).toHaveLength(1)
    expect(await valuesOf('a')).toEqual([...upTo(50), ...upTo(0)])
  })

  it('a day that is kept aside leaves no empty one in its place: its roll-ups are shown', async () => {
    await flush(T)
    for (const day of [1, 2, 3]) await flush(T + day * DAY)
    await writer.close()
    damage('raw/2026-01-15.db')
    writer = openWriter()
    expect(() => writer.maintain()).toThrow('was damaged')
    while (writer.maintain());
    expect(keptAside('raw')).toHaveLength(1)
    expect(readdirSync(join(dir, 'raw'))).not.toContain('2026-01-15.db')
    const history = new EmbeddedReader(dir)
    const asked = { deviceId: 'a', from: T, to: T + HOUR, points: 1000 }
    const [series] = await history.query(asked)
    await history.close()
    expect(series?.points.map(([, value]) => value)).toEqual([0, 15])
  })

  it('a day that a power cut has left empty is made anew', async () => {
    await flush(T)
    await writer.close()
    truncateSync(join(dir, 'raw', '2026-01-15.db'))
    expect(await valuesOf('a')).toEqual([])
    writer = openWriter()
    await flush(T + 100)
    expect(await valuesOf('a')).toEqual(upTo(0))
  })

  it('that show themselves while it tables have the store opened anew', async () => {
    await flush(T)
    await writer.write([of('a', T, 1)])
    await writer.close()
    writer = openWriter()
    // Another's commit makes SQLite read again what it had in memory.
    const stranger = new DatabaseSync(join(dir, 'fresh.db'))
    stranger.exec('pragma user_version = 1')
    damage('fresh.db')
    await expect(writer.write([of('a', T + 1, 1)])).rejects.toThrow(StoreDamaged)
    stranger.close()
  })
})

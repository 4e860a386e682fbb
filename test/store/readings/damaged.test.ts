import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../../server/domain/instant.ts'
import { StoreDamaged, type StoredReading } from '../../../server/flows/ports.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'
import { reading } from './contract.ts'

let dir: string
let writer: EmbeddedWriter
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-'))
  writer = openWriter()
})
afterEach(async () => {
  await writer.close()
  rmSync(dir, { recursive: true, force: true })
})

function openWriter(): EmbeddedWriter {
  const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
  return new EmbeddedWriter({ dir, retention, log: silentLog, quietWrites: 2 })
}
const T = Date.UTC(2026, 0, 15, 4)
const of = (deviceId: string, at: number, value: number): StoredReading =>
  reading({ deviceId, assetId: `at-${deviceId}`, at, fields: { pressure_mpa: value } })

async function fold(from: number): Promise<void> {
  for (let n = 0; n < 16; n += 1) await writer.write([of('a', from + n, n), of('b', from + n, 100 + n)])
  while (writer.tidy());
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
  it.each(['damaged', 'emptied', 'removed'])(
    'the newest ones %s: every older one still belongs to its device, and a later one counts',
    async (how) => {
      await fold(T)
      await writer.close()
      if (how === 'damaged') damage('fresh.db')
      else if (how === 'emptied') truncateSync(join(dir, 'fresh.db'))
      else rmSync(join(dir, 'fresh.db'))
      writer = openWriter()
      expect(writer.begunAnew).toBe(true)
      expect(keptAside().length > 0).toBe(how === 'damaged')
      expect([await valuesOf('a'), await valuesOf('b')]).toEqual([upTo(0), upTo(100)])
      // A device that is new takes nobody's number, and what is written again overwrites.
      await writer.write([of('c', T, 7), of('a', T, 77)])
      expect(await valuesOf('c')).toEqual([7])
      await fold(T + 100)
      expect(await valuesOf('a')).toEqual([77, ...upTo(0).slice(1), ...upTo(0)])
      await writer.close()
      writer = openWriter()
      expect(writer.begunAnew).toBe(false)
    },
  )

  it('a day is kept aside when something is to be added to it, and only that day has a gap', async () => {
    await fold(T)
    await fold(T + DAY)
    await writer.close()
    damage('raw/2026-01-15.db')
    expect(await valuesOf('a')).toEqual(upTo(0))
    writer = openWriter()
    for (let n = 0; n < 16; n += 1) await writer.write([of('a', T + 100 + n, 50 + n)])
    expect(() => writer.tidy()).toThrow('was damaged')
    while (writer.tidy());
    expect(keptAside('raw')).toHaveLength(1)
    expect(await valuesOf('a')).toEqual([...upTo(50), ...upTo(0)])
  })

  it('a day that a power cut has left empty is made anew', async () => {
    await fold(T)
    await writer.close()
    truncateSync(join(dir, 'raw', '2026-01-15.db'))
    expect(await valuesOf('a')).toEqual([])
    writer = openWriter()
    await fold(T + 100)
    expect(await valuesOf('a')).toEqual(upTo(0))
  })

  it('that show themselves while it runs have the store opened anew', async () => {
    await fold(T)
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

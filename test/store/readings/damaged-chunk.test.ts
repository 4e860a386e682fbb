import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../../server/domain/instant.ts'
import type { Log } from '../../../server/flows/ports.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'
import { reading } from './contract.ts'

const T = Date.UTC(2026, 0, 15, 4)
const RAW = 'raw/2026-01-15.db'

let dir: string
let writer: EmbeddedWriter
let history: EmbeddedReader
let said: string[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-chunk-'))
  said = []
  writer = openWriter()
  history = new EmbeddedReader(dir, log)
})
afterEach(async () => {
  await history.close()
  await writer.close()
  rmSync(dir, { recursive: true, force: true })
})

const log: Log = { ...silentLog, error: (_facts, text) => said.push(text) }
function openWriter(): EmbeddedWriter {
  const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
  return new EmbeddedWriter({ dir, retention, log, quietWrites: 2 })
}
/** Sixteen writes of both devices; the values are those of `from`, `from` + 1 and so on. */
async function flush(from: number, day = 0): Promise<void> {
  for (let n = from; n < from + 16; n += 1) {
    const one = { at: T + day * DAY + n, fields: { pressure_mpa: n } }
    await writer.write([reading({ deviceId: 'a', ...one }), reading({ deviceId: 'b', ...one })])
  }
  while (writer.maintain());
}
/** The chunk of a device in a day's oldest table that has one says of itself that it has a great many rows. */
function spoilPiece(file: string, series: number): void {
  const db = new DatabaseSync(join(dir, file))
  const where = `where key = (select min(key) from pieces where key % ${String(2 ** 24)} = ?)`
  const spoiled = Buffer.from([1, 0xff, 0xff, 0xff, 0x01, 1, 1, 1])
  expect(db.prepare(`update pieces set body = ? ${where}`).run(spoiled, series).changes).toBe(1)
  db.close()
}
async function valuesOf(deviceId: string, over: { points?: number } = {}): Promise<unknown[]> {
  const [series] = await history.query({ deviceId, from: T - DAY, to: T + 9 * DAY, ...over })
  return series?.points.map(([, value]) => value) ?? []
}
const count = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

describe('F6 one damaged chunk', () => {
  it('is missing from the curve of its device, which is there otherwise, and is logged once', async () => {
    await flush(0)
    await flush(16)
    spoilPiece(RAW, 1)
    expect(await valuesOf('a')).toEqual(count(16, 32))
    expect(await valuesOf('a')).toEqual(count(16, 32))
    expect(await valuesOf('b')).toEqual(count(0, 32))
    expect(said).toEqual(['a file of the history is damaged'])
  })

  it('does not keep its day from being merged and closed', async () => {
    await flush(0)
    spoilPiece(RAW, 1)
    for (let n = 1; n <= 16; n += 1) await flush(16 * n)
    expect(await valuesOf('a')).toEqual(count(16, 272))
    for (const day of [1, 2, 3]) await flush(0, day)
    const db = new DatabaseSync(join(dir, RAW))
    expect(db.prepare('select level from runs').all()).toEqual([{ level: 99 }])
    db.close()
    expect((await valuesOf('a')).slice(0, 256)).toEqual(count(16, 272))
    expect(said).toEqual(['a chunk of the history is damaged and is left out'])
  })

  it('that was all of its device is gone once its day is closed', async () => {
    await flush(0)
    spoilPiece(RAW, 1)
    for (const day of [1, 2, 3]) await flush(0, day)
    expect(await valuesOf('b')).toHaveLength(64)
    expect(await valuesOf('a')).toHaveLength(48)
  })

  it('of the newest ones is left out by who asks and by the next flush', async () => {
    const many = Array.from({ length: 300 }, (_, n) =>
      reading({ deviceId: 'a', at: T - 400 + n, fields: { pressure_mpa: n } }),
    )
    await writer.write([...many, reading({ deviceId: 'b', at: T - 2, fields: { pressure_mpa: -2 } })])
    await writer.close()
    const db = new DatabaseSync(join(dir, 'fresh.db'))
    const [first, second] = db.prepare('select key, body from chunks order by key').all()
    expect(second).toBeDefined()
    const body = Buffer.from(first?.['body'] as Uint8Array)
    // One bit of the values.
    body[1000] = (body[1000] ?? 0) ^ 1
    db.prepare('update chunks set body = ? where key = ?').run(body, Number(first?.['key']))
    db.close()
    writer = openWriter()
    expect([await valuesOf('a'), await valuesOf('b')]).toEqual([[], [-2]])
    await flush(0)
    expect([await valuesOf('a'), await valuesOf('b')]).toEqual([count(0, 16), [-2, ...count(0, 16)]])
  })

  it('after another, until none of the newest ones can be read: they go, and maintain comes to an end', async () => {
    for (let n = 0; n < 16; n += 1) await writer.write([reading({ at: T + n })])
    await writer.close()
    const db = new DatabaseSync(join(dir, 'fresh.db'))
    db.exec(`update chunks set body = x'00'`)
    db.close()
    writer = openWriter()
    expect([writer.maintain(), writer.maintain()]).toEqual([true, false])
    await flush(0)
    expect(await valuesOf('a')).toEqual(count(0, 16))
  })

  it('of a roll-up: the curve comes from the readings themselves', async () => {
    await flush(0)
    for (const day of [1, 2, 3]) await flush(0, day)
    for (const file of ['minutes/2026-01.db', 'hours/2026.db']) {
      const db = new DatabaseSync(join(dir, file))
      db.exec(`update rollups set body = x'5b5b'`)
      db.close()
    }
    expect(await valuesOf('a', { points: 4 })).toContain(15)
  })
})

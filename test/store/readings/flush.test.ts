import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../../server/domain/instant.ts'
import { Rows } from '../../../server/domain/telemetry/rows.ts'
import { Flusher } from '../../../server/store/readings/embedded/flush.ts'
import type { Level0 } from '../../../server/store/readings/embedded/level0.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { SSTABLE_SCHEMA } from '../../../server/store/readings/embedded/sstables.ts'
import { EmbeddedWriter, type EmbeddedOptions } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'
import { reading } from './contract.ts'

const T = Date.UTC(2026, 0, 15, 4)
const TODAY = 'raw/2026-01-16.db'
const YESTERDAY = 'raw/2026-01-15.db'

let dir: string
let writer: EmbeddedWriter
let syncs: number
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flush-'))
  syncs = 0
  writer = openWriter()
})
afterEach(async () => {
  await writer.close()
  rmSync(dir, { recursive: true, force: true })
})

function openWriter(over: Partial<EmbeddedOptions> = {}): EmbeddedWriter {
  const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
  const sync = () => void (syncs += 1)
  return new EmbeddedWriter({ dir, retention, log: silentLog, sync, pauseMs: 0, ...over })
}
/** Sixteen writes that speak of both days, as many as are flushed together. */
async function writeBothDays(from: number): Promise<void> {
  for (let n = from; n < from + 16; n += 1) {
    await writer.write([reading({ at: T + n }), reading({ at: T + DAY + n })])
  }
}
const tidyAll = () => {
  while (writer.maintain());
}
function on<T>(name: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(dir, name))
  try {
    return work(db)
  } finally {
    db.close()
  }
}
const refuse = (name: string) =>
  on(name, (db) =>
    db.exec("create trigger refusing before insert on runs begin select raise(abort, 'refused'); end"),
  )
const allow = (name: string) => on(name, (db) => db.exec('drop trigger refusing'))
const runsIn = (name: string) => on(name, (db) => db.prepare('select count(*) as n from runs').get()?.['n'])
async function instants(): Promise<readonly number[]> {
  const history = new EmbeddedReader(dir)
  const [series] = await history.query({ deviceId: 'd-1', signal: 'pressure_mpa', from: 0, to: T + 9 * DAY })
  await history.close()
  return series?.points.map(([at]) => at) ?? []
}
const bothDays = (count: number) =>
  [T, T + DAY].flatMap((from) => Array.from({ length: count }, (_, n) => from + n))

describe('a flush that one day refuses', () => {
  beforeEach(async () => {
    await writeBothDays(0)
    tidyAll()
    refuse(TODAY)
    await writeBothDays(16)
  })

  it('writes to the others once, however often it is tried, and loses nothing', async () => {
    for (let tries = 0; tries < 3; tries += 1) expect(() => writer.maintain()).toThrow('refused')
    expect([runsIn(YESTERDAY), runsIn(TODAY), runsIn('fresh.db')]).toEqual([2, 1, 1])
    expect(await instants()).toEqual(bothDays(32))
    await writer.close()
    writer = openWriter()
    await writeBothDays(32)
    expect(() => writer.maintain()).toThrow('refused')
    expect(await instants()).toEqual(bothDays(48))
    allow(TODAY)
    await writeBothDays(48)
    tidyAll()
    expect([runsIn(YESTERDAY), runsIn(TODAY)]).toEqual([4, 2])
    expect(await instants()).toEqual(bothDays(64))
  })

  it('lets days be closed and dropped all the same', async () => {
    await writer.close()
    writer = openWriter({ quietWrites: 2, retention: { rawDays: 0, minuteDays: 90, hourDays: 1825 } })
    expect(() => tidyAll()).toThrow('refused')
    expect(readdirSync(join(dir, 'raw')).filter((name) => name.endsWith('.db'))).toEqual(['2026-01-16.db'])
    expect(readdirSync(join(dir, 'minutes'))).toContain('2026-01.db')
  })

  it('is not tried again at once, and says meanwhile what is wrong', async () => {
    await writer.close()
    writer = openWriter({ pauseMs: 60_000 })
    expect(() => writer.maintain()).toThrow('refused')
    await writeBothDays(32)
    allow(TODAY)
    const tried = syncs
    expect(() => writer.maintain()).toThrow('refused')
    expect(syncs).toBe(tried)
  })
})

it('a flush whose readings cannot go yet writes to no day a second time', async () => {
  await writeBothDays(0)
  on('fresh.db', (db) =>
    db.exec("create trigger refusing before delete on runs begin select raise(abort, 'refused'); end"),
  )
  for (let tries = 0; tries < 3; tries += 1) {
    expect(() => writer.maintain()).toThrow('refused')
    await writeBothDays(16 * (tries + 1))
  }
  expect([runsIn(YESTERDAY), runsIn(TODAY), runsIn('fresh.db')]).toEqual([1, 1, 64])
  allow('fresh.db')
  tidyAll()
  expect([runsIn(YESTERDAY), runsIn(TODAY), runsIn('fresh.db')]).toEqual([2, 2, 0])
  expect(await instants()).toEqual(bothDays(64))
})

it('a long row of writes that nobody flushed is flushed part by part, also after it left the memory', async () => {
  for (let from = 0; from < 600; from += 16) await writeBothDays(from)
  const left: unknown[] = []
  while (runsIn('fresh.db') !== 0) {
    writer.maintain()
    left.push(runsIn('fresh.db'))
  }
  expect(left).toEqual([352, 96, 0])
  expect(await instants()).toEqual(bothDays(608))
  await writeBothDays(608)
  tidyAll()
  expect(await instants()).toEqual(bothDays(624))
})

it('folds few writes of many devices only once there are some rows of each, or very many writes', async () => {
  const many = (at: number) =>
    Array.from({ length: 100 }, (_, n) => reading({ deviceId: `d-${String(n)}`, at: T + at }))
  await writer.write(many(0))
  for (let n = 1; n < 255; n += 1) await writer.write([reading({ deviceId: 'd-7', at: T + n })])
  expect([writer.maintain(), runsIn('fresh.db')]).toEqual([false, 255])
  await writer.write([reading({ deviceId: 'd-7', at: T + 255 })])
  expect([writer.maintain(), runsIn('fresh.db')]).toEqual([true, 0])
  for (let n = 256; n < 271; n += 1) await writer.write(many(n))
  expect([writer.maintain(), runsIn('fresh.db')]).toEqual([false, 15])
  await writer.write(many(271))
  expect([writer.maintain(), runsIn('fresh.db')]).toEqual([true, 0])
})

it('a merge that one day refuses holds up no other, and says what is wrong', async () => {
  for (let from = 0; from < 240; from += 16) {
    await writeBothDays(from)
    tidyAll()
  }
  on(YESTERDAY, (db) =>
    db.exec("create trigger refusing before update on runs begin select raise(abort, 'refused'); end"),
  )
  await writeBothDays(240)
  expect(tidyAll).toThrow('refused')
  expect([runsIn(YESTERDAY), runsIn(TODAY)]).toEqual([16, 1])
  expect(await instants()).toEqual(bothDays(256))
  allow(YESTERDAY)
  tidyAll()
  expect([runsIn(YESTERDAY), runsIn(TODAY)]).toEqual([1, 1])
  expect(await instants()).toEqual(bothDays(256))
})

describe('a flush that could not take out what it had written', () => {
  it('writes it again to a day whose file was begun anew meanwhile, and to no other', () => {
    const files = new Map([1, 2].map((day) => [day, new DatabaseSync(':memory:')]))
    for (const db of files.values()) db.exec(SSTABLE_SCHEMA)
    const rows = new Rows()
    for (const day of [1, 2]) rows.addFields(day, day * DAY, { shock_g: 1 })
    let refusals = 1
    const fresh = {
      isFull: () => true,
      oldest: () => ({ age: 7, tables: [{ id: 1, age: 7, rows: 2 }], rows, count: 2 }),
      copyNames: () => undefined,
      sync: () => undefined,
      replace() {
        if (refusals-- > 0) throw new Error('the disk is full')
      },
    } as unknown as Level0
    const flushing = new Flusher(
      fresh,
      (day) => files.get(day) as DatabaseSync,
      0,
      () => undefined,
    )
    expect(flushing.step(() => undefined)).toBe(false)
    files.set(2, new DatabaseSync(':memory:'))
    files.get(2)?.exec(SSTABLE_SCHEMA)
    flushing.forgetDay(2)
    expect(flushing.step(() => undefined)).toBe(true)
    const tables = [...files.values()].map((db) => db.prepare('select count(*) as n from runs').get()?.['n'])
    expect(tables).toEqual([1, 1])
  })
})

it('says which values no day takes since an earlier version let their device have more names than it may', async () => {
  await writer.close()
  const told: (readonly [string, readonly string[], number])[] = []
  writer = openWriter({ leftOut: (device, { names, newest }) => told.push([device, names, newest]) })
  const fields = (from: number) =>
    Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`n${from + n}`, n]))
  for (let n = 0; n < 16; n += 1) {
    await writer.write([
      reading({ at: T + n, fields: fields(20 * n) }),
      reading({ deviceId: 'dev-b', at: T + n }),
    ])
  }
  tidyAll()
  expect(told.map(([device, , newest]) => [device, newest])).toEqual([[reading({}).deviceId, T + 15]])
  // Of n0 … n359 the first 256 are kept; the others come in one to three writes each.
  const names = told[0]?.[1] ?? []
  expect(new Set(names).size).toBe(360 - 256)
  expect(names.every((name) => Number(name.slice(1)) >= 256)).toBe(true)
})

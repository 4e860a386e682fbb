import { join } from 'node:path'
import { DAY, type Instant } from '../../../domain/instant.ts'
import type { Chunk } from './chunk.ts'
import { encodeRollup, rollUp, WIDTHS, type Tier } from './rollup.ts'
import { SSTABLE_SCHEMA, SERIES_LIMIT } from './sstables.ts'
import { Partitions } from './partitions.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * What lies in the readings directory: `fresh.db` takes every write and names the series; `raw/` has a
 * file a day (UTC), `minutes/` and `hours/` have the roll-ups of closed days, a file a month and a year.
 */
export interface Layout {
  readonly level0: Partitions
  readonly raw: Partitions
  readonly minutes: Partitions
  readonly hours: Partitions
}
export const LEVEL0 = 'fresh'

export const LEVEL0_SCHEMA = `
  create table runs (id integer primary key, age integer not null, rows integer not null);
  create table chunks (key integer primary key, body blob not null);`
const LEVEL0_FILE_SCHEMA = `${LEVEL0_SCHEMA}
  create table series (
    id integer primary key autoincrement, device text not null, asset text not null, network text not null,
    zone text not null, unique (device, asset, network, zone));
  create index series_asset on series (asset);
  create table progress (one integer primary key check (one = 1), age integer not null, newest integer not null);
  insert into progress values (1, 0, 0);`
const ROLLUP_SCHEMA = 'create table rollups (key integer primary key, body blob not null);'

export function openLayout(dir: string, readOnly: boolean): Layout {
  return {
    level0: new Partitions(dir, LEVEL0_FILE_SCHEMA, readOnly),
    raw: new Partitions(join(dir, 'raw'), SSTABLE_SCHEMA, readOnly),
    minutes: new Partitions(join(dir, 'minutes'), ROLLUP_SCHEMA, readOnly),
    hours: new Partitions(join(dir, 'hours'), ROLLUP_SCHEMA, readOnly),
  }
}

export function closeLayout(layout: Layout): void {
  for (const partitions of Object.values(layout) as Partitions[]) partitions.close()
}

export function dayOf(at: Instant): number {
  return Math.floor(at / DAY)
}

export function rawName(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Undefined for a file that is none of ours. */
export function dayOfRawName(name: string): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(name) ? Date.parse(name) : NaN
  return Number.isNaN(at) ? undefined : dayOf(at)
}

export function rollupName(tier: Tier, day: number): string {
  return rawName(day).slice(0, tier === 'minutes' ? 7 : 4)
}

export function rollupKey(day: number, series: number): number {
  return day * SERIES_LIMIT + series
}

/** Rolls up whole days of series; a day rolled up before is replaced. */
export function saveRollups(layout: Layout, day: number, whole: readonly (readonly [number, Chunk])[]): void {
  for (const tier of ['minutes', 'hours'] as const) {
    const db = layout[tier].file(rollupName(tier, day))
    if (db === undefined) continue
    inTransaction(db, () => {
      const put = sql(db, 'insert or replace into rollups (key, body) values (?, ?)')
      for (const [series, chunk] of whole) {
        put.run(rollupKey(day, series), encodeRollup(rollUp(chunk, WIDTHS[tier])))
      }
    })
  }
}

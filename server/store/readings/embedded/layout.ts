import { join } from 'node:path'
import { DAY, type Instant } from '../../../domain/instant.ts'
import type { Piece } from './piece.ts'
import { encodeRollup, rollUp, WIDTHS, type Tier } from './rollup.ts'
import { RUN_TABLES, SERIES_LIMIT } from './runs.ts'
import { Shelf } from './shelf.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * What lies in the readings directory: `fresh.db` takes every write and names the series; `raw/` has a
 * file a day (UTC), `minutes/` and `hours/` have the roll-ups of closed days, a file a month and a year.
 */
export interface Layout {
  readonly fresh: Shelf
  readonly raw: Shelf
  readonly minutes: Shelf
  readonly hours: Shelf
}
export const FRESH = 'fresh'

export const FRESH_RUN_TABLES = `
  create table runs (id integer primary key, age integer not null, rows integer not null);
  create table chunks (key integer primary key, body blob not null);`
const FRESH_TABLES = `${FRESH_RUN_TABLES}
  create table series (
    id integer primary key autoincrement, device text not null, asset text not null, network text not null,
    zone text not null, unique (device, asset, network, zone));
  create index series_asset on series (asset);
  create table progress (one integer primary key check (one = 1), age integer not null, newest integer not null);
  insert into progress values (1, 0, 0);`
const ROLLUP_TABLES = 'create table rollups (key integer primary key, body blob not null);'

export function openLayout(dir: string, readOnly: boolean): Layout {
  return {
    fresh: new Shelf(dir, FRESH_TABLES, readOnly),
    raw: new Shelf(join(dir, 'raw'), RUN_TABLES, readOnly),
    minutes: new Shelf(join(dir, 'minutes'), ROLLUP_TABLES, readOnly),
    hours: new Shelf(join(dir, 'hours'), ROLLUP_TABLES, readOnly),
  }
}

export function closeLayout(layout: Layout): void {
  for (const shelf of Object.values(layout) as Shelf[]) shelf.close()
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
export function saveRollups(layout: Layout, day: number, whole: readonly (readonly [number, Piece])[]): void {
  for (const tier of ['minutes', 'hours'] as const) {
    const db = layout[tier].file(rollupName(tier, day))
    if (db === undefined) continue
    inTransaction(db, () => {
      const put = sql(db, 'insert or replace into rollups (key, body) values (?, ?)')
      for (const [series, piece] of whole) {
        put.run(rollupKey(day, series), encodeRollup(rollUp(piece, WIDTHS[tier])))
      }
    })
  }
}

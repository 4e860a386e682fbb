import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../../flows/ports.ts'
import { isWhole } from '../../../disk/sqlite-errors.ts'
import { LEVEL0, type Layout } from './layout.ts'
import { newestAge, SERIES_LIMIT } from './sstables.ts'
import { readCopy, type Series } from './series-copy.ts'
import type { Partitions } from './partitions.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * Opens `fresh.db`. One that is damaged or lost is begun anew: the days know their series by number, so their
 * names come from the copy. What it held and no day had yet is in the journal for the most part. The damaged
 * one stays under its name until the new one is ready and `forgetPlace` was called: stopped at any moment, the
 * next start does all of it.
 */
export function openLevel0(layout: Layout, dir: string, log: Log, forgetPlace: () => void): DatabaseSync {
  const open = () => layout.level0.file(LEVEL0)
  const isThere = layout.level0.has(LEVEL0)
  if (isThere && isWhole(open)) {
    const db = open()
    if (db !== undefined) return db
  }
  return layout.level0.begin(LEVEL0, (db) => {
    restore(db, layout, readCopy(dir, log))
    forgetPlace()
    if (!isThere) return
    const kept = layout.level0.setAside(LEVEL0)
    log.error({ kept }, 'the newest readings were damaged: what the journal still has is stored again')
  })
}

function restore(db: DatabaseSync, layout: Layout, series: readonly Series[]): void {
  const days = wholeFiles(layout.raw)
  const rollups = [...wholeFiles(layout.minutes), ...wholeFiles(layout.hours)]
  const used = Math.max(
    ...[0, ...series.map(([id]) => id)],
    ...days.map((day) => highestSeries(day, 'pieces')),
    ...rollups.map((rollup) => highestSeries(rollup, 'rollups')),
  )
  inTransaction(db, () => {
    const insert = sql(db, 'insert into series (id, device, asset, network, zone) values (?, ?, ?, ?, ?)')
    for (const one of series) insert.run(...one)
    sql(db, 'update progress set age = ?').run(Math.max(0, ...days.map(newestAge)))
    // A new device takes no number that a file uses already, whatever the copy lacks.
    sql(db, "delete from sqlite_sequence where name = 'series'").run()
    sql(db, "insert into sqlite_sequence (name, seq) values ('series', ?)").run(used)
  })
}

function wholeFiles(partitions: Partitions): DatabaseSync[] {
  return partitions.names().flatMap((name) => {
    const db = isWhole(() => partitions.file(name)) ? partitions.file(name) : undefined
    return db === undefined ? [] : [db]
  })
}

function highestSeries(db: DatabaseSync, table: 'pieces' | 'rollups'): number {
  return Number(sql(db, `select max(key % ${String(SERIES_LIMIT)}) as id from ${table}`).get()?.['id'] ?? 0)
}

import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../../flows/ports.ts'
import { isWhole } from '../../sqlite-trouble.ts'
import { FRESH, type Layout } from './layout.ts'
import { newestAge } from './runs.ts'
import { inTransaction, sql } from './sqlite.ts'

type Series = readonly [id: number, device: string, asset: string, network: string, zone: string]

const COPY = 'series.json'

/**
 * Opens `fresh.db`. A damaged one is kept aside and, like one that is lost, begun anew: the days know their series by number, so
 * their names come from the copy. What it held and no day had yet is in the journal for the most part.
 */
export function openFresh(layout: Layout, dir: string, log: Log): { db: DatabaseSync; begunAnew: boolean } {
  const open = () => layout.fresh.file(FRESH)
  const isLost = !layout.fresh.has(FRESH) && layout.raw.names().length > 0
  const isBroken = !isLost && !isWhole(open)
  const begunAnew = isLost || isBroken
  if (isBroken) {
    const kept = layout.fresh.setAside(FRESH)
    log.error({ kept }, 'the newest readings were damaged: what the journal still has is stored again')
  }
  const db = open()
  if (db === undefined) throw new Error(`${dir} has no fresh.db`)
  if (begunAnew) restore(db, layout, readCopy(dir))
  return { db, begunAnew }
}

/** To be there before any day is written that speaks of a new number. */
export function copySeries(db: DatabaseSync, dir: string): void {
  const rows = sql(db, 'select id, device, asset, network, zone from series').all()
  const series = rows.map(({ id, device, asset, network, zone }) => [id, device, asset, network, zone])
  const unfinished = join(dir, `${COPY}.new`)
  const file = openSync(unfinished, 'w')
  try {
    writeFileSync(file, JSON.stringify(series))
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, join(dir, COPY))
}

/** Undefined where none was ever made. */
export function readCopy(dir: string): readonly Series[] | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, COPY), 'utf8')) as readonly Series[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function restore(db: DatabaseSync, { raw }: Layout, series: readonly Series[] = []): void {
  const days = raw.names()
  const ages = days.map((name) => (isWhole(() => raw.file(name)) ? raw.file(name) : undefined))
  const age = Math.max(0, ...ages.map((day) => (day === undefined ? 0 : newestAge(day))))
  inTransaction(db, () => {
    const insert = sql(db, 'insert into series (id, device, asset, network, zone) values (?, ?, ?, ?, ?)')
    for (const one of series) insert.run(...one)
    sql(db, 'update progress set age = ?').run(age)
  })
}

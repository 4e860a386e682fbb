import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../../flows/ports.ts'
import { replaceFile } from '../../../disk/replace-file.ts'
import { sql } from './sqlite.ts'

export type Series = readonly [id: number, device: string, asset: string, network: string, zone: string]

const COPY = 'series.json'

/** To be there before any day is written that speaks of a new number. */
export function copySeries(db: DatabaseSync, dir: string): void {
  const rows = sql(db, 'select id, device, asset, network, zone from series').all()
  const series = rows.map(({ id, device, asset, network, zone }) => [id, device, asset, network, zone])
  replaceFile(join(dir, COPY), JSON.stringify(series), { flush: true })
}

/** Empty where none was ever made. One that cannot be read is kept aside: the next copy would replace it. */
export function readCopy(dir: string, log: Log): readonly Series[] {
  const path = join(dir, COPY)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  try {
    const series: unknown = JSON.parse(text)
    if (Array.isArray(series) && series.every(isSeries)) return series
    throw new Error('this is no list of series')
  } catch (error) {
    const kept = `${path}.damaged-${String(Date.now())}`
    renameSync(path, kept)
    log.error(
      { err: error, kept },
      'the copy of the names is damaged: older readings have lost their devices',
    )
    return []
  }
}

function isSeries(value: unknown): value is Series {
  if (!Array.isArray(value) || value.length !== 5) return false
  const [id, ...names] = value as unknown[]
  return Number.isSafeInteger(id) && names.every((name) => typeof name === 'string')
}

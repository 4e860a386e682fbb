import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { DamagedRow } from '../../flows/ports.ts'
import { fromJson, type Database } from './database.ts'

/** A row as far as it holds an object; `id` is what a person looks it up by. */
export interface StoredRow {
  readonly id: string
  readonly json: string
}

/** What the rows of a table hold. */
export interface Stored<T> {
  readonly table: string
  /** @throws DamagedRow when the text is none, or not of this shape */
  read(row: StoredRow): T
}

/** @param mend makes good what can be made good; it is given the text too */
export function stored<T>(
  table: string,
  schema: TSchema,
  mend = (value: T, _json: string): T => value,
): Stored<T> {
  const shape = Compile(schema)
  return {
    table,
    read({ id, json }) {
      const value = fromJson(json, `${table} ${id}`)
      if (shape.Check(value)) return mend(value as T, json)
      const [first] = shape.Errors(value)
      const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
      throw new DamagedRow(`${table} ${id}`, `${path} ${first?.message ?? 'has the wrong shape'}`.trim())
    },
  }
}

/** By the database, which a transaction shares its adapter with. */
const damaged = new WeakMap<object, Map<string, string>>()

function damagedOf(db: Database): Map<string, string> {
  const { adapter } = db.getExecutor()
  const known = damaged.get(adapter) ?? new Map<string, string>()
  damaged.set(adapter, known)
  return known
}

/** Rows that lists have left out since the start, and that nobody has read whole again: what and why. */
export function damagedRows(db: Database): readonly string[] {
  return [...damagedOf(db).values()]
}

/** The objects of rows in their order. One that cannot be read is left out and remembered, and the others are there. */
export function readRows<T>(db: Database, of: Stored<T>, rows: readonly StoredRow[]): T[] {
  return rows.flatMap((row) => readRow(db, of, row) ?? [])
}

/** The object of one row among others; undefined, and remembered, where it cannot be read. */
export function readRow<T>(db: Database, of: Stored<T>, row: StoredRow): T | undefined {
  const known = damagedOf(db)
  const place = `${of.table} ${row.id}`
  try {
    const value = of.read(row)
    known.delete(place)
    return value
  } catch (error) {
    if (!(error instanceof DamagedRow)) throw error
    known.set(place, error.message)
    return undefined
  }
}

/** Remembers what is missing altogether. */
export function rememberMissing(db: Database, place: string): void {
  damagedOf(db).set(place, `${place}: missing`)
}

import { sql, type RawBuilder, type SqlBool } from 'kysely'

/** Of a list, newest first: what comes after the page that ended at this cursor. */
export function after(column: string, cursor: string | undefined): RawBuilder<SqlBool> {
  const [, at, id] = /^(\d{1,15})_(.{1,100})$/.exec(cursor ?? '') ?? []
  return id === undefined ? sql`true` : sql`(${sql.ref(column)}, id) < (${Number(at)}, ${id})`
}

/** A page of rows that were read with one more than the limit, and the cursor where there is more. */
export function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  at: (row: Row) => number,
): { readonly shown: readonly Row[]; readonly next: { readonly next?: string } } {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const next = last === undefined ? {} : { next: `${String(at(last))}_${last.id}` }
  return { shown: rows.slice(0, limit), next }
}

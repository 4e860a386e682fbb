import { DatabaseSync } from 'node:sqlite'

/** @throws Error when a page of the file or the order of an index is wrong */
export function checkSqlite(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const said = db.prepare('pragma integrity_check').get()?.['integrity_check']
    if (said !== 'ok') throw new Error(`${path}: ${String(said)}`)
  } finally {
    db.close()
  }
}

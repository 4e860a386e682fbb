export type Cell = string | number | null
export type Row = readonly Cell[]

/**
 * A table for a spreadsheet. Starts with a byte order mark so that Chinese is read as such; text that a
 * spreadsheet would take for a formula is quoted off.
 */
export function csvOf(rows: readonly Row[]): string {
  return `\uFEFF${rows.map(lineOf).join('')}`
}

function lineOf(row: Row): string {
  return `${row.map(cellText).join(',')}\r\n`
}

/** Department names come from imported files: no cell may begin a formula (CSV injection, CWE-1236). */
export function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const harmless = /^[\s\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n\t']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

import { zipSync } from 'fflate'
import { read, type CellObject, type WorkSheet } from '@e965/xlsx'
import type { SourceLayer } from '../domain/network/delivery/source-layer.ts'
import { BadFile } from './bad-file.ts'
import { tableOf, type TableRow } from './read-table.ts'
import { unzip } from './unzip.ts'

const MAX_ROWS = 500_000
const MAX_COLUMNS = 500
/** Titles and notes above the names of the columns. */
const MAX_HEAD_ROWS = 10
const FIRST_DAY = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000

/** The sheets of an XLSX that have a table. A formula counts as the value that was saved with it. */
export function readWorkbook(file: string, bytes: Uint8Array): readonly SourceLayer[] {
  // Packed again without compression: what is read unpacks to no more than was allowed, whatever its sizes say.
  const inside = zipSync(Object.fromEntries(unzip(bytes)), { level: 0 })
  const { SheetNames, Sheets } = parsed(inside)
  return SheetNames.flatMap((layer): SourceLayer[] => {
    const rows = rowsOf(layer, Sheets[layer] ?? {})
    if (rows.length < 2) return []
    const head = headOf(rows)
    return [{ file, layer, ...tableOf(rows.slice(head)) }]
  })
}

function parsed(bytes: Uint8Array) {
  try {
    return read(bytes, {
      dense: true,
      cellNF: true,
      cellHTML: false,
      sheetStubs: true,
      cellText: false,
      sheetRows: MAX_ROWS + 2,
    })
  } catch {
    throw new BadFile('XLSX 已损坏或加了密码', 'the XLSX is damaged or has a password')
  }
}

/** Rows that hold something; a million empty ones below the table are not there. */
function rowsOf(layer: string, sheet: WorkSheet): readonly TableRow[] {
  const dense = (sheet['!data'] ?? []) as readonly (readonly (CellObject | undefined)[] | undefined)[]
  const rows: TableRow[] = []
  for (const [i, cells] of dense.entries()) {
    if (cells === undefined) continue
    if (cells.length > MAX_COLUMNS && cells.slice(MAX_COLUMNS).some((cell) => cell?.v !== undefined)) {
      throw new BadFile(
        `工作表 ${layer} 超过 ${MAX_COLUMNS} 列`,
        `the sheet ${layer} has more than ${MAX_COLUMNS} columns`,
      )
    }
    const values = Array.from(cells.slice(0, MAX_COLUMNS), (cell, column) =>
      valueOf(cell, { layer, row: i + 1, column }),
    )
    if (values.some((value) => value !== null && value !== '')) rows.push({ row: i + 1, cells: values })
  }
  if (rows.length > MAX_ROWS) {
    throw new BadFile(
      `工作表 ${layer} 超过 ${MAX_ROWS} 行`,
      `the sheet ${layer} has more than ${MAX_ROWS} rows`,
    )
  }
  return rows
}

function valueOf(
  cell: CellObject | undefined,
  { layer, row, column }: { readonly layer: string; readonly row: number; readonly column: number },
): unknown {
  if (cell === undefined) return null
  const name = `${String.fromCharCode(65 + (column % 26))}${row}`
  if (cell.t === 'z' && cell.f !== undefined) {
    throw new BadFile(
      `工作表 ${layer} 的单元格 ${name} 是没有结果的公式: 请在 Excel 中打开并保存`,
      `the cell ${name} of sheet ${layer} is a formula without a result: open the file in Excel and save it`,
      row,
    )
  }
  if (cell.t === 'z') return null
  if (cell.t === 'e') {
    throw new BadFile(
      `工作表 ${layer} 的单元格 ${name} 是错误值`,
      `the cell ${name} of sheet ${layer} holds an error`,
      row,
    )
  }
  if (cell.t === 'n' && typeof cell.v === 'number' && isDate(cell.z)) return dayOf(cell.v)
  return cell.v instanceof Date ? cell.v.toISOString().slice(0, 10) : (cell.v ?? null)
}

/** A number format with a year in it, outside quotes and brackets. */
function isDate(format: unknown): boolean {
  return typeof format === 'string' && /y/i.test(format.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''))
}

function dayOf(serial: number): string {
  return new Date(FIRST_DAY + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10)
}

/** The row of names is the first of the fullest rows at the top. */
function headOf(rows: readonly TableRow[]): number {
  const texts = rows
    .slice(0, MAX_HEAD_ROWS)
    .map(({ cells }) => cells.filter((cell) => typeof cell === 'string' && cell !== '').length)
  const fullest = Math.max(...texts)
  return texts.findIndex((count) => count >= fullest * 0.8)
}

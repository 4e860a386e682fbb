import { CsvError, parse } from 'csv-parse'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { fieldOfColumn } from '../../domain/hotline/external-call.ts'
import type { NumberedLine } from '../../flows/hotline/take-external-calls.ts'

const MAX_LINES = 5000
const MAX_LINE = 100_000

/** UTF-8 (with or without its mark), else GB18030, as Chinese spreadsheets save it. */
function textOf(bytes: Uint8Array): string | undefined {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return undefined
}

/** The lines of a table with a heading. Columns that we do not know are kept under their own name. */
export async function callLines(bytes: Uint8Array): Promise<readonly NumberedLine[] | Refusal> {
  const text = textOf(bytes)
  if (text === undefined)
    return refuse('bad-value', {
      zh: '文件须为 UTF-8 或 GB18030 编码的 CSV',
      en: 'the file must be CSV in UTF-8 or GB18030',
    })
  const encoded = Buffer.from(text)
  if (hasEndlessLine(encoded))
    return refuse('too-large', {
      zh: `一行最长 ${String(MAX_LINE)} 字节`,
      en: `a line has ${String(MAX_LINE)} bytes at most`,
    })
  const table = await rowsOf(encoded)
  if (isRefusal(table)) return table
  const [head, ...rows] = table
  const fields = head?.cells.map((heading) => fieldOfColumn(heading) ?? heading.trim()) ?? []
  const needed = ['externalNumber', 'kind'].filter((field) => !fields.includes(field))
  if (needed.length > 0)
    return refuse(
      'missing-field',
      { zh: `缺少列: ${needed.join(', ')}`, en: `columns are missing: ${needed.join(', ')}` },
      { missing: needed },
    )
  if (rows.length > MAX_LINES)
    return refuse('too-large', {
      zh: `一次最多导入 ${String(MAX_LINES)} 行`,
      en: `${String(MAX_LINES)} lines at most at once`,
    })
  return rows.map(({ line, cells }) => ({
    line,
    fields: Object.fromEntries(
      cells.map((cell, index) => [fields[index] ?? `列 ${String(index + 1)}`, cell]),
    ),
    ...(cells.length > fields.length
      ? { broken: { zh: '列数多于表头', en: 'it has more columns than the head' } }
      : {}),
  }))
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

/** So much is read in a few milliseconds; then everything else has its turn. */
const BYTES_A_STEP = 32 * 1024

async function rowsOf(bytes: Buffer): Promise<readonly Row[] | Refusal> {
  const rows: Row[] = []
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_LINE,
    onRecord: (cells: string[], { lines }) => {
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: lines, cells })
      return null
    },
  })
  const ended = once(parser.resume(), 'end')
  // A table that cannot be read fails below, where it is waited for.
  ended.catch(() => undefined)
  for (let from = 0; from < bytes.length && !parser.destroyed && rows.length <= MAX_LINES + 1;) {
    parser.write(bytes.subarray(from, (from += BYTES_A_STEP)))
    await nextTurn()
  }
  parser.end()
  try {
    await ended
  } catch (error) {
    if (error instanceof CsvError)
      return refuse('bad-value', {
        zh: `第 ${String(rows.length + 1)} 条记录无法读取`,
        en: `record ${String(rows.length + 1)} cannot be read`,
      })
    throw error
  }
  return rows
}

/** A row of ten million empty cells is one record, and would be built whole before anybody judges it. */
function hasEndlessLine(bytes: Buffer): boolean {
  for (let from = 0; ;) {
    const end = bytes.indexOf(0x0a, from)
    if ((end < 0 ? bytes.length : end) - from > MAX_LINE) return true
    if (end < 0) return false
    from = end + 1
  }
}

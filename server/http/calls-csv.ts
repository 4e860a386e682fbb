import { parse } from 'csv-parse'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { refuse, type Refusal } from '#contract/problem.ts'
import { fieldOfColumn } from '../domain/hotline/external-call.ts'
import type { NumberedLine } from '../flows/take-external-calls.ts'

const MOST_LINES = 5000

/** UTF-8 (with or without its mark), else GB18030, as Chinese spreadsheets save it. */
export function textOf(bytes: Uint8Array): string | undefined {
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
  if (text === undefined) return refuse('bad-value', '文件须为 UTF-8 或 GB18030 编码的 CSV')
  const [head, ...rows] = await rowsOf(text)
  const fields = head?.cells.map((heading) => fieldOfColumn(heading) ?? heading.trim()) ?? []
  const needed = ['externalNumber', 'kind'].filter((field) => !fields.includes(field))
  if (needed.length > 0) return refuse('missing-field', `缺少列: ${needed.join(', ')}`, { missing: needed })
  if (rows.length > MOST_LINES) return refuse('too-large', `一次最多导入 ${String(MOST_LINES)} 行`)
  return rows.map(({ line, cells }) => ({
    line,
    fields: Object.fromEntries(
      cells.map((cell, index) => [fields[index] ?? `列 ${String(index + 1)}`, cell]),
    ),
    ...(cells.length > fields.length ? { broken: '列数多于表头' } : {}),
  }))
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

/** So much is read in a few milliseconds; then everything else has its turn. */
const BYTES_A_STEP = 32 * 1024

async function rowsOf(text: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  const parser = parse({
    ...{ bom: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true },
    max_record_size: 100_000,
    onRecord: (cells: string[], { lines }) => {
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: lines, cells })
      return null
    },
  })
  const ended = once(parser.resume(), 'end')
  // A table that cannot be read fails below, where it is waited for.
  ended.catch(() => undefined)
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length && !parser.destroyed && rows.length <= MOST_LINES + 1;) {
    parser.write(bytes.subarray(from, (from += BYTES_A_STEP)))
    await nextTurn()
  }
  parser.end()
  await ended
  return rows
}

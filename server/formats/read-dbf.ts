import { BadFile } from './bad-file.ts'
import { readText } from './read-text.ts'

interface DbfField {
  readonly name: string
  readonly type: string
  readonly start: number
  readonly length: number
}

const HEADER_END = 13
const DELETED = 42

/** The table of a Shapefile (dBASE III): rows in order, `undefined` for a deleted one. */
export function readDbf(
  bytes: Uint8Array,
  codePage: string,
): { readonly columns: readonly string[]; readonly rows: readonly (Record<string, unknown> | undefined)[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 33) throw new BadFile('.dbf 已损坏', 'the .dbf is damaged')
  const [count, start, size] = [view.getUint32(4, true), view.getUint16(8, true), view.getUint16(10, true)]
  if (size === 0 || start > bytes.length) throw new BadFile('.dbf 已损坏', 'the .dbf is damaged')
  const decode = decoderOf(bytes.subarray(start), codePage)
  const fields: DbfField[] = []
  let at = 1
  for (let i = 32; i < start - 1 && bytes[i] !== HEADER_END; i += 32) {
    const end = bytes.indexOf(0, i)
    const name = decode(bytes.subarray(i, end < 0 || end > i + 11 ? i + 11 : end)).trim()
    const length = bytes[i + 16] ?? 0
    fields.push({ name, type: String.fromCharCode(bytes[i + 11] ?? 0), start: at, length })
    at += length
  }
  const rows: (Record<string, unknown> | undefined)[] = []
  for (let i = 0; i < count && start + (i + 1) * size <= bytes.length; i++) {
    const row = bytes.subarray(start + i * size, start + (i + 1) * size)
    rows.push(
      row[0] === DELETED
        ? undefined
        : Object.fromEntries(fields.map((field) => [field.name, cellOf(row, field, decode)])),
    )
  }
  return { columns: fields.map(({ name }) => name), rows }
}

function cellOf(
  row: Uint8Array,
  { type, start, length }: DbfField,
  decode: (bytes: Uint8Array) => string,
): unknown {
  const text = decode(row.subarray(start, start + length))
    .replaceAll('\0', '')
    .trim()
  if (text === '') return null
  switch (type) {
    case 'N':
    case 'F':
      return Number.isFinite(Number(text)) ? Number(text) : null
    case 'D':
      return /^\d{8}$/.test(text) && text !== '00000000'
        ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
        : null
    case 'L':
      return /[YyTt]/.test(text) ? true : /[NnFf]/.test(text) ? false : null
    default:
      return text
  }
}

/** The code page that the .cpg names, else UTF-8 where the whole table is that, else GB18030. */
function decoderOf(table: Uint8Array, codePage: string): (bytes: Uint8Array) => string {
  const named = codePage.trim().toLowerCase()
  if (/utf-?8|65001/.test(named)) return decodeWith('utf-8')
  if (/gb|936|54936/.test(named)) return decodeWith('gb18030')
  if (/^big5|950$/.test(named)) return decodeWith('big5')
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(table)
    return decodeWith('utf-8')
  } catch {
    readText(table)
    return decodeWith('gb18030')
  }
}

function decodeWith(encoding: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder(encoding)
  return (bytes) => decoder.decode(bytes)
}

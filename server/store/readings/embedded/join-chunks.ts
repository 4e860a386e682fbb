import { ByteReader, ByteWriter } from './bytes.ts'
import { compress, expand } from './compress.ts'
import {
  BOOLEANS,
  COLUMNS,
  DOUBLES,
  MAX_VALUE_BYTES,
  MAX_INSTANT,
  MAX_WHOLE,
  POWERS,
  writeHead,
} from './chunk-format.ts'

/** A chunk that is read column by column. */
interface Part {
  readonly from: ByteReader
  readonly rows: number
  readonly columns: number
}

const out = new ByteWriter()
let wholes = new Float64Array(1024)

/**
 * Encoded chunks of one series, each later than the one before, as one chunk: their whole numbers are put
 * one behind the other and never made values of. Undefined where that does not do, because of other
 * signals, gaps, times that overlap or damage.
 */
export function joinEncoded(bodies: readonly Uint8Array[]): Uint8Array | undefined {
  const parts: Part[] = []
  let rows = 0
  for (const body of bodies) {
    const part = partOf(body)
    if (part === undefined || part.columns !== (parts[0] ?? part).columns) return undefined
    parts.push(part)
    rows += part.rows
  }
  if (wholes.length < rows) wholes = new Float64Array(rows * 2)
  if (!areDisjoint(parts)) return undefined
  const columns = parts[0]?.columns ?? 0
  out.clear()
  writeHead(out, wholes, columns, rows)
  for (let column = 0; column < columns; column += 1) if (!isJoined(parts, rows)) return undefined
  const isAll = parts.every(({ from }) => from.at === from.end)
  return isAll ? Buffer.from(compress(out.written())) : undefined
}

function partOf(body: Uint8Array): Part | undefined {
  let from: ByteReader
  try {
    from = new ByteReader(expand(body))
  } catch {
    return undefined
  }
  const form = from.byte()
  const [rows, columns] = [from.whole(), from.whole()]
  // Each of them takes a byte at least.
  const isWhole = form === COLUMNS && rows > 0 && rows <= from.end && columns <= from.end
  return isWhole ? { from, rows, columns } : undefined
}

/** Reads the instants; false when they are not later from part to part, or none. */
function areDisjoint(parts: readonly Part[]): boolean {
  let place = 0
  let last = -Infinity
  for (const { from, rows } of parts) {
    from.steps(wholes, place, rows)
    if ((wholes[place] ?? 0) <= last) return false
    place += rows
    last = wholes[place - 1] ?? 0
    if (!(Math.abs(last) <= MAX_INSTANT)) return false
  }
  return true
}

/** Reads a column of each and writes it as one; false when they do not go together. */
function isJoined(parts: readonly Part[], rows: number): boolean {
  const names = parts.map(({ from }) => from.text())
  const forms = parts.map(({ from }) => from.byte())
  const form = Math.max(...forms)
  const [name = ''] = names
  if (names.some((other) => other !== name)) return false
  out.text(name)
  out.reserve(rows * MAX_VALUE_BYTES + 16)
  out.byte(form)
  if (form < DOUBLES) {
    if (!areWholes(parts, forms, form)) return false
    out.steps(wholes, rows)
    return true
  }
  const bytes = form === DOUBLES ? 8 : form === BOOLEANS ? 1 : undefined
  if (bytes === undefined || forms.some((other) => other !== form)) return false
  for (const { from, rows } of parts) out.raw(from.raw(rows * bytes))
  return true
}

/** Reads values as wholes of so many decimals; false when one of them is none. */
function areWholes(parts: readonly Part[], forms: readonly number[], decimals: number): boolean {
  let place = 0
  parts.forEach(({ from, rows }, n) => {
    from.steps(wholes, place, rows)
    const factor = POWERS[decimals - (forms[n] ?? 0)] ?? 1
    const end = place + rows
    if (factor === 1) place = end
    else for (; place < end; place += 1) wholes[place] = (wholes[place] ?? 0) * factor
  })
  for (let n = 0; n < place; n += 1) if (!(Math.abs(wholes[n] ?? 0) <= MAX_WHOLE)) return false
  return true
}

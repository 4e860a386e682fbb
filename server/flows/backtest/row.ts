import { parse } from 'csv-parse/sync'
import { ID_PATTERN } from '#contract/identity.ts'
import { SIGNAL_PATTERN, type RejectReason } from '#contract/telemetry.ts'
import { signalDefinition } from '#contract/signals.ts'
import { parseInstant, type Instant } from '../../domain/instant.ts'

/** One line of recorded readings. The reader fills the same object again and again. */
export interface Row {
  /** The device's own time. */
  ts: Instant
  /** When it came in; the same as `ts` where the file does not say. */
  received: Instant
  device: string
  signal: string
  value: number | boolean
}

export interface RowReader {
  /** The file says when each reading came in. */
  readonly hasReceived: boolean
  /** Only when it came in, for finding the order. Undefined: the line is bad. */
  receivedAt(line: string): Instant | undefined
  /** Fills `row`; or why the line cannot be used. */
  read(line: string, row: Row): RejectReason | undefined
  /** Times without an offset, taken for Shanghai's. */
  localTimes(): boolean
}

const COLUMNS = ['ts', 'device', 'signal', 'value'] as const

/** Reads lines below this header; the columns may stand in any order. Else what the header lacks. */
export function createRowReader(header: string): RowReader | { readonly missing: readonly string[] } {
  const names = cellsOf(header).map((name) => name.trim().toLowerCase())
  const missing = COLUMNS.filter((name) => !names.includes(name))
  if (missing.length > 0) return { missing }
  const [ts = 0, device = 0, signal = 0, value = 0] = COLUMNS.map((name) => names.indexOf(name))
  const hasReceived = names.includes('received')
  const received = hasReceived ? names.indexOf('received') : ts
  const times = createTimeReader()
  const arrivals = hasReceived ? createTimeReader() : times
  const knownSignal = createSignalReader()
  const knownDevice = createDeviceReader()
  const cells = createCells(names.length)

  /** A reading whose arrival nobody wrote down came in when it was measured. */
  function arrivalOf(at: Instant | undefined): Instant | undefined {
    const text = hasReceived ? cells.cell(received) : ''
    return text === '' ? at : arrivals.read(text)
  }

  function read(line: string, row: Row): RejectReason | undefined {
    if (!cells.cut(line)) return 'wrong_shape'
    const at = times.read(cells.cell(ts))
    if (at === undefined) return 'bad_time'
    const arrived = arrivalOf(at)
    if (arrived === undefined) return 'bad_time'
    const known = knownSignal(cells.cell(signal))
    if (known === undefined) return 'bad_signal_name'
    const id = knownDevice(cells.cell(device))
    if (id === undefined) return 'wrong_shape'
    const read = valueOf(cells.cell(value), known.type)
    if (typeof read === 'string') return read
    row.ts = at
    row.received = arrived
    row.device = id
    row.signal = known.name
    row.value = read
    return undefined
  }

  return {
    hasReceived,
    read,
    receivedAt(line) {
      if (!cells.cut(line)) return undefined
      const text = cells.cell(received)
      return text === '' ? times.read(cells.cell(ts)) : arrivals.read(text)
    },
    localTimes: () => times.sawLocal() || arrivals.sawLocal(),
  }
}

/** Names remembered at most: a file of nothing but new names must not fill the memory. */
const MAX_NAMES = 100_000

const QUOTE = '"'

/** Lines with quotes are rare; the CSV library reads those. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes(QUOTE)) return line.split(',')
  try {
    const [cells] = parse(line, { relax_column_count: true }) as string[][]
    return cells ?? []
  } catch {
    return []
  }
}

/** The cells of one line at a time, cut out only when they are asked for. */
function createCells(width: number) {
  const commas = new Int32Array(width + 1)
  let line = ''
  let quoted: readonly string[] | undefined
  return {
    /** False when the line has not as many cells as the header. */
    cut(next: string): boolean {
      line = next
      quoted = next.includes(QUOTE) ? cellsOf(next) : undefined
      if (quoted !== undefined) return quoted.length === width
      let found = 0
      let comma = -1
      commas[0] = -1
      do {
        comma = next.indexOf(',', comma + 1)
        found += 1
        if (found > width) return false
        commas[found] = comma === -1 ? next.length : comma
      } while (comma !== -1)
      return found === width
    },
    cell(n: number): string {
      if (quoted !== undefined) return quoted[n] ?? ''
      return line.slice((commas[n] ?? 0) + 1, commas[n + 1])
    },
  }
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)( ?)(Z|z|[+-]\d{2}:?\d{2})?$/
const EPOCH_MS = /^\d{12,14}(?:\.0+)?$/

/** Rows of one instant follow one another, so the last text is remembered with its instant. */
function createTimeReader() {
  let lastText = ''
  let lastAt: Instant | undefined
  let local = false

  function parseText(text: string): Instant | undefined {
    const trimmed = text.trim()
    if (EPOCH_MS.test(trimmed)) return Math.trunc(Number(trimmed))
    const [, day, clock, , offset] = LOCAL.exec(trimmed) ?? []
    if (day === undefined || clock === undefined) return undefined
    if (offset === undefined) local = true
    const zone = (offset ?? '+08:00').toUpperCase()
    const withColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
    return parseInstant(`${day}T${clock}${withColon}`)
  }

  return {
    sawLocal: () => local,
    read(text: string): Instant | undefined {
      if (text === lastText) return lastAt
      lastText = text
      lastAt = parseText(text)
      return lastAt
    },
  }
}

type SignalType = 'number' | 'boolean' | 'extra'

interface KnownName {
  readonly name: string
  readonly type: SignalType
}

/** Each name is judged once, and every row has the same string of it. */
function createSignalReader(): (text: string) => KnownName | undefined {
  return remembered((text) => {
    const name = text.trim()
    const type = signalDefinition(name)?.type ?? (SIGNAL_PATTERN.test(name) ? 'extra' : undefined)
    return type === undefined ? undefined : { name, type }
  })
}

function createDeviceReader(): (text: string) => string | undefined {
  return remembered((text) => (ID_PATTERN.test(text.trim()) ? text.trim() : undefined))
}

function remembered<T>(judge: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly judged: T }>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found.judged
    const judged = judge(text)
    if (known.size < MAX_NAMES) known.set(text, { judged })
    return judged
  }
}

const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])
const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i

function valueOf(raw: string, type: SignalType): number | boolean | RejectReason {
  if (type !== 'boolean' && isShortDecimal(raw)) return Number(raw)
  const text = raw.trim()
  if (text === '') return 'no_values'
  if (type === 'boolean') return YES_NO.get(text.toLowerCase()) ?? 'wrong_type'
  if (NUMERIC.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : 'not_finite'
  }
  if (NOT_FINITE.test(text)) return 'not_finite'
  return type === 'extra' ? (YES_NO.get(text.toLowerCase()) ?? 'wrong_type') : 'wrong_type'
}

/** Nearly every value is one: digits and at most one point between them. */
function isShortDecimal(text: string): boolean {
  const { length } = text
  if (length === 0 || length > 20) return false
  let points = 0
  for (let i = text.charCodeAt(0) === MINUS ? 1 : 0; i < length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === POINT) points += 1
    else if (code < 48 || code > 57) return false
  }
  return points <= 1 && text.charCodeAt(length - 1) !== MINUS && length > points
}
const MINUS = 45
const POINT = 46

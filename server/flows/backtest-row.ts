import { parse } from 'csv-parse/sync'
import { ID_PATTERN } from '#contract/identity.ts'
import { SIGNAL_PATTERN, type RejectReason } from '#contract/telemetry.ts'
import { signalDefinition } from '#contract/vocabulary.ts'
import { parseInstant, type Instant } from '../domain/instant.ts'

/** One line of recorded readings (contract.md §5). The reader fills the same object again and again. */
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
  const places = COLUMNS.map((name) => names.indexOf(name))
  const [ts = 0, device = 0, signal = 0, value = 0] = places
  const hasReceived = names.includes('received')
  const received = hasReceived ? names.indexOf('received') : ts
  const width = names.length
  const times = createTimeReader()
  const arrivals = hasReceived ? createTimeReader() : times
  const knownSignal = createSignalReader()
  const devices = new Map<string, boolean>()

  function isDevice(id: string): boolean {
    const known = devices.get(id)
    if (known !== undefined) return known
    const good = ID_PATTERN.test(id)
    if (devices.size < MOST_NAMES) devices.set(id, good)
    return good
  }

  function read(line: string, row: Row): RejectReason | undefined {
    const cells = cellsOf(line)
    if (cells.length !== width) return 'wrong_shape'
    const at = times.read(cells[ts] ?? '')
    if (at === undefined) return 'bad_time'
    const arrived = hasReceived ? arrivals.read(cells[received] ?? '') : at
    if (arrived === undefined) return 'bad_time'
    const name = (cells[signal] ?? '').trim()
    const type = knownSignal(name)
    if (type === undefined) return 'bad_signal_name'
    const id = (cells[device] ?? '').trim()
    if (!isDevice(id)) return 'wrong_shape'
    const read = valueOf(cells[value] ?? '', type)
    if (typeof read === 'string') return read
    row.ts = at
    row.received = arrived
    row.device = id
    row.signal = name
    row.value = read
    return undefined
  }

  return {
    hasReceived,
    read,
    receivedAt: (line) => arrivals.read(cellsOf(line)[received] ?? ''),
    localTimes: () => times.sawLocal() || arrivals.sawLocal(),
  }
}

/** Names remembered at most: a file of nothing but new names must not fill the memory. */
const MOST_NAMES = 100_000

/** Lines with quotes are rare; the CSV library reads those. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',')
  try {
    const [cells] = parse(line, { relax_column_count: true }) as string[][]
    return cells ?? []
  } catch {
    return []
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

function createSignalReader(): (name: string) => SignalType | undefined {
  const known = new Map<string, SignalType | undefined>()
  return (name) => {
    if (known.has(name)) return known.get(name)
    const type = signalDefinition(name)?.type ?? (SIGNAL_PATTERN.test(name) ? 'extra' : undefined)
    if (known.size < MOST_NAMES) known.set(name, type)
    return type
  }
}

const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])
const PLAIN_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i

function valueOf(raw: string, type: SignalType): number | boolean | RejectReason {
  const text = raw.trim()
  if (text === '') return 'no_values'
  if (type === 'boolean') return YES_NO.get(text.toLowerCase()) ?? 'wrong_type'
  if (PLAIN_NUMBER.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : 'not_finite'
  }
  if (NOT_FINITE.test(text)) return 'not_finite'
  return type === 'extra' ? (YES_NO.get(text.toLowerCase()) ?? 'wrong_type') : 'wrong_type'
}

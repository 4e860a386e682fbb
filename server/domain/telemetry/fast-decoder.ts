import { MAX_SAMPLES_PER_MESSAGE, MAX_SIGNALS_PER_SAMPLE } from '#contract/telemetry.ts'
import { SIGNALS } from '#contract/signals.ts'
import { Rows, type Shape } from './rows.ts'
import type { Values } from './values.ts'

/** A sample as nearly all devices send it: a time, known signals with good values, perhaps a number. */
export interface FastSample {
  readonly ts: number
  readonly values: Values
  readonly seq?: number
}

/**
 * Reads `{"ts":…,"values":{…}}`, or an array of such, straight from the bytes, several times as fast as
 * JSON.parse and the checks behind it: this is the hottest path of the server. Undefined for everything
 * else, right or wrong; what it does read, JSON.parse would have read to the same numbers.
 */
export function decodeFast(body: Uint8Array): readonly FastSample[] | undefined {
  if (scratch.shapes.length > MAX_SHAPES) scratch.clear()
  scratch.cutTo(0)
  if (!decodeFastInto(scratch, body, 0, body.length)) return undefined
  const samples: FastSample[] = []
  for (let row = 0; row < scratch.count; row += 1) {
    const sample = { ts: scratch.at[row] ?? 0, values: scratch.fieldsOf(row) }
    const seq = seqs[row] ?? NaN
    samples.push(Number.isNaN(seq) ? sample : { ...sample, seq })
  }
  return samples
}

/**
 * The same from bytes [from, to) into rows, each sample's `ts` [ms] as its instant and nobody as its owner.
 * False, with the rows as they were, for everything else.
 */
export function decodeFastInto(rows: Rows, bytes: Uint8Array, from: number, to: number): boolean {
  const before = rows.count
  let at = past(bytes, from)
  if (bytes[at] !== OPEN_LIST) at = readSample(rows, before, bytes, at)
  else {
    do {
      at = past(bytes, at + 1)
      const isFull = rows.count - before === MAX_SAMPLES_PER_MESSAGE
      at = isFull ? FAILED : past(bytes, readSample(rows, before, bytes, at))
    } while (bytes[at] === COMMA)
    at = bytes[at] === CLOSE_LIST ? at + 1 : FAILED
  }
  while (at < to && bytes[at] === SPACE) at += 1
  if (at === to) return true
  rows.cutTo(before)
  return false
}

const NOBODY = -1
/** Instead of where to go on. */
const FAILED = -1
const SPACE = 0x20
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

const quoted = (text: string): Uint8Array => new TextEncoder().encode(`"${text}"`)
const TS = quoted('ts')
const SEQ = quoted('seq')
const VALUES = quoted('values')
const TRUE = new TextEncoder().encode('true')
const FALSE = new TextEncoder().encode('false')

interface Name {
  readonly text: string
  readonly quoted: Uint8Array
  readonly isBoolean: boolean
}
const NAMES: readonly Name[] = Object.entries(SIGNALS).map(([text, { type }]) => ({
  text,
  quoted: quoted(text),
  isBoolean: type === 'boolean',
}))

/** Where one is in a sample's values after some names; a device sends the same ones in the same order again. */
interface Place {
  readonly name: Name
  readonly shape: Shape
  readonly next: Map<Name, Place>
  /** Where the last one went on from here. */
  likely: Place | undefined
}
const START: Place = {
  name: { text: '', quoted: new Uint8Array(0), isBoolean: false },
  shape: { names: [], booleans: [] },
  next: new Map<Name, Place>(),
  likely: undefined,
}
/** So many are remembered before it begins anew: nobody can fill the memory with orders of names. */
const MAX_PLACES = 4096
let places = 0

const scratch = new Rows()
const MAX_SHAPES = 100
const seqs = new Float64Array(MAX_SAMPLES_PER_MESSAGE)
const values = new Float64Array(MAX_SIGNALS_PER_SAMPLE)
const number = new Float64Array(1)
let reached = START

/** Where it ends. */
function readSample(rows: Rows, before: number, bytes: Uint8Array, from: number): number {
  if (bytes[from] !== OPEN) return FAILED
  let at = from
  let ts = NaN
  let seq = NaN
  let shape: Shape | undefined
  do {
    at = past(bytes, at + 1)
    if (shape === undefined && has(bytes, at, VALUES)) {
      at = readValues(bytes, pastColon(bytes, at + VALUES.length))
      shape = reached.shape
    } else if (Number.isNaN(ts) && has(bytes, at, TS)) {
      at = readNumber(bytes, pastColon(bytes, at + TS.length), number, 0)
      ts = number[0] ?? 0
    } else if (Number.isNaN(seq) && has(bytes, at, SEQ)) {
      at = readNumber(bytes, pastColon(bytes, at + SEQ.length), number, 0)
      seq = number[0] ?? 0
      if (!Number.isInteger(seq)) return FAILED
    } else return FAILED
    at = past(bytes, at)
  } while (bytes[at] === COMMA)
  if (bytes[at] !== CLOSE || shape === undefined || !Number.isInteger(ts)) return FAILED
  seqs[rows.count - before] = seq
  const start = rows.add(NOBODY, ts, shape)
  for (let n = 0; n < shape.names.length; n += 1) rows.values[start + n] = values[n] ?? 0
  return at + 1
}

/** Into `values`, and their shape into `reached`. */
function readValues(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== OPEN) return FAILED
  let at = from
  let place = START
  let count = 0
  do {
    at = past(bytes, at + 1)
    const { likely } = place
    const next = likely !== undefined && has(bytes, at, likely.name.quoted) ? likely : goOn(place, bytes, at)
    if (next === undefined) return FAILED
    place = next
    at = pastColon(bytes, at + place.name.quoted.length)
    at = place.name.isBoolean ? readBoolean(bytes, at, count) : readNumber(bytes, at, values, count)
    if (at === FAILED) return FAILED
    count += 1
    at = past(bytes, at)
  } while (bytes[at] === COMMA)
  reached = place
  return bytes[at] === CLOSE ? at + 1 : FAILED
}

/** The place after one more name, a known one that has not come yet. */
function goOn(place: Place, bytes: Uint8Array, at: number): Place | undefined {
  const name = NAMES.find((known) => has(bytes, at, known.quoted))
  const { names, booleans } = place.shape
  if (name === undefined || names.length === MAX_SIGNALS_PER_SAMPLE || names.includes(name.text))
    return undefined
  let next = place.next.get(name)
  if (next === undefined) {
    if (places === MAX_PLACES) forgetPlaces()
    places += 1
    const shape = { names: [...names, name.text], booleans: [...booleans, name.isBoolean] }
    next = { name, shape, next: new Map<Name, Place>(), likely: undefined }
    place.next.set(name, next)
  }
  place.likely = next
  return next
}

function forgetPlaces(): void {
  places = 0
  START.next.clear()
  START.likely = undefined
}

const MAX_DIGITS = 15
/** So many always fit into an integer of the processor. */
const SHORT = 9
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, digits) => 10 ** digits)

/** No exponent and at most fifteen digits: both whole numbers are exact, and their quotient is the nearest. */
function readNumber(bytes: Uint8Array, from: number, into: Float64Array, n: number): number {
  const isNegative = bytes[from] === MINUS
  const first = isNegative ? from + 1 : from
  let at = first
  let short = 0
  let byte = bytes[at] ?? 0
  for (; byte >= ZERO && byte <= NINE && at - first < SHORT; byte = bytes[(at += 1)] ?? 0) {
    short = short * 10 + (byte - ZERO)
  }
  let whole = short
  for (; byte >= ZERO && byte <= NINE; byte = bytes[(at += 1)] ?? 0) whole = whole * 10 + (byte - ZERO)
  let digits = at - first
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return FAILED
  if (byte === POINT) {
    const point = (at += 1)
    byte = bytes[at] ?? 0
    if (digits < SHORT) {
      for (; byte >= ZERO && byte <= NINE && at - first <= SHORT; byte = bytes[(at += 1)] ?? 0) {
        short = short * 10 + (byte - ZERO)
      }
      whole = short
    }
    for (; byte >= ZERO && byte <= NINE; byte = bytes[(at += 1)] ?? 0) whole = whole * 10 + (byte - ZERO)
    const decimals = at - point
    digits += decimals
    if (decimals === 0 || digits > MAX_DIGITS) return FAILED
    whole /= POWERS[decimals] ?? 1
  }
  // Not `1e5`.
  if (digits > MAX_DIGITS || (byte !== COMMA && byte !== CLOSE && byte !== SPACE)) return FAILED
  into[n] = isNegative ? -whole : whole
  return at
}

/** Contacts often arrive as 0 and 1. */
function readBoolean(bytes: Uint8Array, from: number, n: number): number {
  const word = has(bytes, from, TRUE) ? TRUE : has(bytes, from, FALSE) ? FALSE : undefined
  if (word === undefined) {
    const at = readNumber(bytes, from, values, n)
    return at !== FAILED && (values[n] === 0 || values[n] === 1) ? at : FAILED
  }
  values[n] = word === TRUE ? 1 : 0
  const at = from + word.length
  // Not `truely`.
  const next = bytes[at]
  return next === COMMA || next === CLOSE || next === SPACE ? at : FAILED
}

function has(bytes: Uint8Array, at: number, what: Uint8Array): boolean {
  for (let n = 0; n < what.length; n += 1) if (bytes[at + n] !== what[n]) return false
  return true
}

/** After the spaces from `at` on. */
function past(bytes: Uint8Array, at: number): number {
  let end = at
  while (bytes[end] === SPACE) end += 1
  return end
}

/** After a colon, which must come now, and spaces around it. */
function pastColon(bytes: Uint8Array, at: number): number {
  const colon = past(bytes, at)
  return bytes[colon] === COLON ? past(bytes, colon + 1) : FAILED
}

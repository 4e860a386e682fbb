import { MAX_SAMPLES_PER_MESSAGE, MAX_SIGNALS_PER_SAMPLE } from '#contract/telemetry.ts'
import { SIGNALS, type SignalDefinition } from '#contract/vocabulary.ts'
import type { Values } from './values.ts'

/** A sample as nearly all devices send it: a time, known signals with good values, perhaps a number. */
export interface PlainSample {
  readonly ts: number
  readonly values: Values
  readonly seq?: number
}

/**
 * Reads `{"ts":…,"values":{…}}`, or an array of such, straight from the bytes, several times as fast as
 * JSON.parse and the checks behind it: this is the hottest path of the server. Undefined for everything
 * else, right or wrong; what it does read, JSON.parse would have read to the same numbers.
 */
export function readPlain(body: Uint8Array): readonly PlainSample[] | undefined {
  const scan = new Scan(body)
  const samples: PlainSample[] = []
  if (!scan.takes(OPEN_LIST)) {
    const only = readSample(scan)
    return only !== undefined && scan.atEnd() ? [only] : undefined
  }
  do {
    const sample = readSample(scan)
    if (sample === undefined || samples.length === MAX_SAMPLES_PER_MESSAGE) return undefined
    samples.push(sample)
  } while (scan.takes(COMMA))
  return scan.takes(CLOSE_LIST) && scan.atEnd() ? samples : undefined
}

const SPACE = 0x20
const QUOTE = 0x22
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
const LETTER_F = 0x66
const LETTER_T = 0x74

interface Name {
  readonly text: string
  readonly bytes: Uint8Array
  readonly type: SignalDefinition['type'] | 'ts' | 'seq' | 'values'
}

/** By a hash of the bytes; two names of one hash would make the later one take the slow way. */
const NAMES = new Map<number, Name>()
for (const [text, { type }] of Object.entries(SIGNALS)) note(text, type)
for (const text of ['ts', 'seq', 'values'] as const) note(text, text)

function note(text: string, type: Name['type']): void {
  const bytes = new TextEncoder().encode(text)
  const hash = bytes.reduce(mixed, 0)
  if (!NAMES.has(hash)) NAMES.set(hash, { text, bytes, type })
}

function mixed(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0
}

function readSample(scan: Scan): PlainSample | undefined {
  if (!scan.takes(OPEN)) return undefined
  let ts: number | undefined
  let values: Values | undefined
  let seq: number | undefined
  do {
    const name = scan.name()
    if (name === undefined) return undefined
    if (name.type === 'ts' && ts === undefined) ts = scan.number()
    else if (name.type === 'seq' && seq === undefined) seq = scan.number()
    else if (name.type === 'values' && values === undefined) values = readValues(scan)
    else return undefined
    if (scan.failed) return undefined
  } while (scan.takes(COMMA))
  if (!scan.takes(CLOSE) || ts === undefined || values === undefined) return undefined
  if (!Number.isInteger(ts) || (seq !== undefined && !Number.isInteger(seq))) return undefined
  return seq === undefined ? { ts, values } : { ts, values, seq }
}

function readValues(scan: Scan): Values | undefined {
  const values: Record<string, number | boolean> = {}
  if (!scan.takes(OPEN)) return scan.fail()
  let count = 0
  do {
    const name = scan.name()
    if (name === undefined || (count += 1) > MAX_SIGNALS_PER_SAMPLE) return scan.fail()
    const value =
      name.type === 'number' ? scan.number() : name.type === 'boolean' ? scan.boolean() : undefined
    if (value === undefined) return scan.fail()
    values[name.text] = value
  } while (scan.takes(COMMA))
  return scan.takes(CLOSE) ? values : scan.fail()
}

const MOST_DIGITS = 15
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits)

class Scan {
  readonly #bytes: Uint8Array
  #at = 0
  failed = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  fail(): undefined {
    this.failed = true
    return undefined
  }

  atEnd(): boolean {
    this.#skip()
    return this.#at === this.#bytes.length
  }

  takes(byte: number): boolean {
    this.#skip()
    if (this.#bytes[this.#at] !== byte) return false
    this.#at += 1
    return true
  }

  /** A name that is known, its colon behind it. */
  name(): Name | undefined {
    if (!this.takes(QUOTE)) return undefined
    const bytes = this.#bytes
    const from = this.#at
    let to = from
    let hash = 0
    for (let byte = bytes[to]; byte !== undefined && byte !== QUOTE; byte = bytes[(to += 1)]) {
      hash = mixed(hash, byte)
    }
    const name = NAMES.get(hash)
    if (name?.bytes.length !== to - from) return undefined
    for (let n = from; n < to; n += 1) if (name.bytes[n - from] !== bytes[n]) return undefined
    this.#at = to + 1
    return this.takes(COLON) ? name : undefined
  }

  /** No exponent and at most fifteen digits: both whole numbers are exact, and their quotient is the nearest. */
  number(): number | undefined {
    this.#skip()
    const bytes = this.#bytes
    const negative = bytes[this.#at] === MINUS
    if (negative) this.#at += 1
    const first = this.#at
    let whole = this.#digits(0)
    let digits = this.#at - first
    if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return this.fail()
    if (bytes[this.#at] === POINT) {
      const point = (this.#at += 1)
      whole = this.#digits(whole)
      const decimals = this.#at - point
      digits += decimals
      if (decimals === 0 || digits > MOST_DIGITS) return this.fail()
      whole /= POWERS[decimals] ?? 1
    }
    if (digits > MOST_DIGITS || !this.#endsHere()) return this.fail()
    return negative ? -whole : whole
  }

  #digits(before: number): number {
    const bytes = this.#bytes
    let at = this.#at
    let whole = before
    for (let byte = bytes[at]; byte !== undefined; byte = bytes[(at += 1)]) {
      if (byte < ZERO || byte > NINE) break
      whole = whole * 10 + (byte - ZERO)
    }
    this.#at = at
    return whole
  }

  /** Contacts often arrive as 0 and 1. */
  boolean(): boolean | undefined {
    this.#skip()
    const first = this.#bytes[this.#at]
    if (first === LETTER_T) return this.#word('true') ? true : this.fail()
    if (first === LETTER_F) return this.#word('false') ? false : this.fail()
    const value = this.number()
    return value === 1 ? true : value === 0 ? false : this.fail()
  }

  #word(word: string): boolean {
    for (let n = 0; n < word.length; n += 1) {
      if (this.#bytes[this.#at + n] !== word.charCodeAt(n)) return false
    }
    this.#at += word.length
    return this.#endsHere()
  }

  /** Not `1e5` nor `truely`. */
  #endsHere(): boolean {
    const next = this.#bytes[this.#at]
    return next === COMMA || next === CLOSE || next === SPACE
  }

  #skip(): void {
    while (this.#bytes[this.#at] === SPACE) this.#at += 1
  }
}

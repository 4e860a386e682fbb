import type { Instant } from '../instant.ts'

/** What the values of a sample are called, in their order, and which of them are booleans. */
export interface Shape {
  readonly names: readonly string[]
  readonly booleans: readonly boolean[]
}

const FIRST_ROWS = 512
const FIRST_VALUES = 4096
/** So many of the slow way are remembered. */
const MAX_SHAPES = 1000

/**
 * Samples in columns, thousands of them in a handful of arrays instead of an object each. Row by row:
 * `owner`, a number that whoever holds the rows gives a meaning; `at` [ms]; `shape`, a place in `shapes`;
 * `start`, where its values begin in `values`. Values are finite; a boolean is 0 or 1.
 */
export class Rows {
  count = 0
  owner = new Int32Array(FIRST_ROWS)
  at = new Float64Array(FIRST_ROWS)
  shape = new Int32Array(FIRST_ROWS)
  start = new Int32Array(FIRST_ROWS)
  values = new Float64Array(FIRST_VALUES)
  shapes: Shape[] = []
  #used = 0
  readonly #numbers = new Map<Shape, number>()
  readonly #byNames = new Map<string, Shape>()
  #lastShape: Shape | undefined
  #lastNumber = 0

  /** Adds a sample; its values are to be put into `values` from where it says on. */
  add(owner: number, at: Instant, shape: Shape): number {
    const width = shape.names.length
    this.#reserve(width)
    const row = this.count++
    const start = this.#used
    this.owner[row] = owner
    this.at[row] = at
    this.shape[row] = this.#numberOf(shape)
    this.start[row] = start
    this.#used = start + width
    return start
  }

  /** Adds a sample that is an object of finite numbers and booleans. */
  addFields(owner: number, at: Instant, fields: Readonly<Record<string, number | boolean>>): void {
    let place = this.add(owner, at, this.#shapeLike(fields))
    for (const name in fields) this.values[place++] = Number(fields[name])
  }

  /** Adds a row of others, under an owner of its own. */
  take(others: Rows, row: number, owner: number): void {
    const shape = others.shapeOf(row)
    const to = this.add(owner, others.at[row] ?? 0, shape)
    const from = others.start[row] ?? 0
    for (let n = 0; n < shape.names.length; n += 1) this.values[to + n] = others.values[from + n] ?? 0
  }

  /** The shape of a row. */
  shapeOf(row: number): Shape {
    return this.shapes[this.shape[row] ?? 0] ?? NOTHING
  }

  /** The values of a row by their names. */
  fieldsOf(row: number): Record<string, number | boolean> {
    const { names, booleans } = this.shapeOf(row)
    const start = this.start[row] ?? 0
    const fields: Record<string, number | boolean> = {}
    for (let n = 0; n < names.length; n += 1) {
      const value = this.values[start + n] ?? 0
      fields[names[n] ?? ''] = booleans[n] === true ? value === 1 : value
    }
    return fields
  }

  /** Takes back all but the first rows. */
  cutTo(count: number): void {
    if (count >= this.count) return
    this.#used = this.start[count] ?? 0
    this.count = count
  }

  /** Forgets everything, but keeps its room and the shapes that may come again. */
  clear(): void {
    this.count = 0
    this.#used = 0
    this.shapes = []
    this.#numbers.clear()
    if (this.#byNames.size > MAX_SHAPES) this.#byNames.clear()
    this.#lastShape = undefined
  }

  #numberOf(shape: Shape): number {
    if (shape === this.#lastShape) return this.#lastNumber
    let number = this.#numbers.get(shape)
    if (number === undefined) {
      number = this.shapes.push(shape) - 1
      this.#numbers.set(shape, number)
    }
    this.#lastShape = shape
    this.#lastNumber = number
    return number
  }

  #shapeLike(fields: Readonly<Record<string, number | boolean>>): Shape {
    let key = ''
    for (const name in fields) key += typeof fields[name] === 'boolean' ? `${name}?` : `${name},`
    let shape = this.#byNames.get(key)
    if (shape === undefined) {
      const booleans = Object.values(fields).map((value) => typeof value === 'boolean')
      this.#byNames.set(key, (shape = { names: Object.keys(fields), booleans }))
    }
    return shape
  }

  #reserve(width: number): void {
    if (this.count === this.at.length) {
      this.owner = grown(this.owner, new Int32Array(this.count * 2))
      this.at = grown(this.at, new Float64Array(this.count * 2))
      this.shape = grown(this.shape, new Int32Array(this.count * 2))
      this.start = grown(this.start, new Int32Array(this.count * 2))
    }
    const values = this.#used + width
    if (values > this.values.length) this.values = grown(this.values, new Float64Array(values * 2))
  }
}

const NOTHING: Shape = { names: [], booleans: [] }

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}

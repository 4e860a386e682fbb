import { signalDefinition } from '#contract/signals.ts'
import type { Rows, Shape } from './rows.ts'
import { mayUseName } from './signal-names.ts'
import type { Values } from './values.ts'

/** Every signal name that one device has used, as far as the limit lets it. */
export class DeviceNames {
  readonly #names = new Set<string>()
  /** Names of before they were remembered; asked for once, when the first one beside the vocabulary comes. */
  #earlier: (() => Iterable<string>) | undefined
  #hasExtras = false
  /** The last one whose names are all known. */
  #shape: Shape | undefined

  constructor(earlier?: () => Iterable<string>) {
    this.#earlier = earlier
  }

  /** Empty for a device that has used the vocabulary alone: there is nothing to remember of it. */
  get remembered(): readonly string[] {
    return this.#hasExtras ? [...this.#names] : []
  }

  /** Names that were within the limit before. */
  restore(names: Iterable<string>): void {
    this.#earlier = undefined
    for (const name of names) this.#isWithin(name)
  }

  /** Rows from `first` on have names of the vocabulary alone, which no limit leaves out. */
  note(rows: Rows, first: number): void {
    for (let row = first; row < rows.count; row += 1) {
      const shape = rows.shapeOf(row)
      if (shape === this.#shape) continue
      for (const name of shape.names) this.#names.add(name)
      this.#shape = shape
    }
  }

  /** The values within the limit; undefined where there is none. The names of the others go to `leftOut`. */
  limit(values: Values, leftOut: string[]): Values | undefined {
    const before = leftOut.length
    for (const name in values) if (!this.#isWithin(name)) leftOut.push(name)
    if (leftOut.length === before) return values
    const kept = Object.entries(values).filter(([name]) => this.#names.has(name))
    return kept.length === 0 ? undefined : Object.fromEntries(kept)
  }

  #isWithin(name: string): boolean {
    if (this.#names.has(name)) return true
    const isExtra = signalDefinition(name) === undefined
    const earlier = this.#earlier
    if (isExtra && earlier !== undefined) this.restore(earlier())
    if (!mayUseName(this.#names, name)) return false
    this.#names.add(name)
    this.#hasExtras ||= isExtra
    return true
  }
}

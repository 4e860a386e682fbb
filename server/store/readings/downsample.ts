import type { Instant } from '../../domain/instant.ts'

export type Point = readonly [Instant, number | boolean]

export interface Range {
  readonly from: Instant
  readonly to: Instant
  /** Undefined: everything. */
  readonly points?: number
}

interface Extremes {
  least: Point
  most: Point
}

/**
 * Keeps at most about `points` points of [from, to]: everything while it fits, else the least and the
 * greatest value of each of points/2 equal slots at their own instants, so that no extreme is lost.
 */
export class Downsampler {
  readonly #from: Instant
  readonly #slotMs: number
  readonly #capacity: number
  #all: Point[] | undefined = []
  readonly #slots = new Map<number, Extremes>()

  constructor(range: Range) {
    this.#from = range.from
    this.#capacity = range.points ?? Infinity
    this.#slotMs = slotMs(range)
  }

  /** Points come in order of time, but for the two ends of a roll-up's bucket. */
  add(point: Point): void {
    if (this.#all === undefined) return this.#toSlot(point)
    this.#all.push(point)
    if (this.#all.length <= this.#capacity) return
    for (const kept of this.#all) this.#toSlot(kept)
    this.#all = undefined
  }

  get size(): number {
    return this.#all?.length ?? this.#capacity
  }

  points(): Point[] {
    if (this.#all !== undefined) return this.#all.sort(byTime)
    return [...this.#slots.values()]
      .flatMap(({ least, most }) => (least[0] === most[0] ? [least] : [least, most]))
      .sort(byTime)
  }

  #toSlot(point: Point): void {
    const slot = Math.floor((point[0] - this.#from) / this.#slotMs)
    const found = this.#slots.get(slot)
    if (found === undefined) {
      this.#slots.set(slot, { least: point, most: point })
      return
    }
    if (point[1] < found.least[1]) found.least = point
    if (point[1] > found.most[1]) found.most = point
  }
}

/** Width of a slot that gives two points each. */
export function slotMs(range: Range): number {
  if (range.points === undefined) return 0
  return Math.max(1, Math.ceil((range.to - range.from + 1) / Math.max(1, Math.floor(range.points / 2))))
}

function byTime(a: Point, b: Point): number {
  return a[0] - b[0]
}

import type { Cursor } from '../../flows/ports.ts'
import type { Attempt } from '../../flows/readings/attempt.ts'

/** An attempt in memory that outlives the thread which makes it. */
export class SharedAttempt implements Attempt {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Float64Array

  constructor(memory = new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#numbers = new Float64Array(memory)
  }

  get from(): Cursor {
    return this.#numbers[0] ?? 0
  }
  set from(cursor: Cursor) {
    this.#numbers[0] = cursor
  }

  get next(): Cursor {
    return this.#numbers[1] ?? 0
  }
  set next(cursor: Cursor) {
    this.#numbers[1] = cursor
  }

  get records(): number {
    return this.#numbers[2] ?? 0
  }
  set records(count: number) {
    this.#numbers[2] = count
  }
}

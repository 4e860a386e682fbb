const FIRST_SLOTS = 1024
const FIRST_BYTES = 16 * 1024

/**
 * Numbers ids from 0 on in the order in which they are met. An id that comes as bytes is found without a
 * string being made of it.
 */
export class IdInterner {
  readonly #texts: string[] = []
  /** Of each number its hash and where its bytes end in `#bytes`; they begin where the one before ends. */
  readonly #hashes: number[] = []
  readonly #ends: number[] = []
  #bytes = new Uint8Array(FIRST_BYTES)
  /** Number + 1, at the first free place from its hash on; never more than half full. */
  #slots = new Int32Array(FIRST_SLOTS)

  /** The number of the id in bytes [from, to). */
  numberOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0
    for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
    for (let slot = this.#slotOf(hash); ; slot = this.#after(slot)) {
      const number = (this.#slots[slot] ?? 0) - 1
      if (number < 0) return this.#add(bytes.subarray(from, to), hash)
      if (this.#hashes[number] === hash && this.#is(number, bytes, from, to)) return number
    }
  }

  /** The id of a number that was given. */
  textOf(number: number): string {
    return this.#texts[number] ?? ''
  }

  #is(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = number === 0 ? 0 : (this.#ends[number - 1] ?? 0)
    if ((this.#ends[number] ?? 0) - start !== to - from) return false
    for (let n = 0; n < to - from; n += 1) if (this.#bytes[start + n] !== bytes[from + n]) return false
    return true
  }

  #add(id: Uint8Array, hash: number): number {
    const start = this.#ends.at(-1) ?? 0
    if (start + id.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * (start + id.length))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes.set(id, start)
    this.#ends.push(start + id.length)
    this.#hashes.push(hash)
    const number = this.#texts.push(new TextDecoder().decode(id)) - 1
    if (2 * this.#texts.length > this.#slots.length) this.#spread(2 * this.#slots.length)
    else this.#put(number)
    return number
  }

  #spread(slots: number): void {
    this.#slots = new Int32Array(slots)
    for (let number = 0; number < this.#texts.length; number += 1) this.#put(number)
  }

  #put(number: number): void {
    let slot = this.#slotOf(this.#hashes[number] ?? 0)
    while (this.#slots[slot] !== 0) slot = this.#after(slot)
    this.#slots[slot] = number + 1
  }

  /** Ids that differ in their last figures only must not lie in one heap. */
  #slotOf(hash: number): number {
    return (Math.imul(hash, 0x9e3779b1) >>> 8) & (this.#slots.length - 1)
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1)
  }
}

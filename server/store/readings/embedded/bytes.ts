/** Writes numbers and text one behind the other; the buffer grows as it must. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024)
  at = 0

  /** Makes room for so many bytes more: the others write without looking. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.at + bytes))
    this.#bytes.copy(grown, 0, 0, this.at)
    this.#bytes = grown
  }

  byte(value: number): void {
    this.#bytes[this.at++] = value
  }

  /** A whole number from 0 to 2^53 in seven bits a byte, the lowest first; at most eight bytes. */
  whole(value: number): void {
    const bytes = this.#bytes
    let rest = value
    while (rest >= 0x80) {
      bytes[this.at++] = (rest % 0x80) | 0x80
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80)
    }
    bytes[this.at++] = rest
  }

  /** The first `count` whole numbers, each as its signed step from the one before. */
  steps(numbers: ArrayLike<number>, count: number): void {
    const bytes = this.#bytes
    let at = this.at
    let last = 0
    for (let n = 0; n < count; n += 1) {
      const number = numbers[n] ?? 0
      const step = number - last
      let rest = step < 0 ? -2 * step - 1 : 2 * step
      while (rest >= 0x80) {
        bytes[at++] = (rest % 0x80) | 0x80
        rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80)
      }
      bytes[at++] = rest
      last = number
    }
    this.at = at
  }

  double(value: number): void {
    this.at = this.#bytes.writeDoubleLE(value, this.at)
  }

  text(value: string): void {
    this.reserve(3 * value.length + 8)
    if (value.length < 0x80 && this.#isPut(value)) return
    const length = Buffer.byteLength(value)
    this.whole(length)
    this.at += this.#bytes.write(value, this.at)
  }

  /** A short text of plain letters, as nearly all names are, is put faster than it is handed on. */
  #isPut(value: string): boolean {
    const bytes = this.#bytes
    let at = this.at
    bytes[at++] = value.length
    for (let n = 0; n < value.length; n += 1) {
      const letter = value.charCodeAt(n)
      if (letter >= 0x80) return false
      bytes[at++] = letter
    }
    this.at = at
    return true
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.#bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  clear(): void {
    this.at = 0
  }

  /** What was written, as it lies here until more is. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.at)
  }
}

/** Reads what a ByteWriter has written. Past the end it finds zeros: whoever reads looks at `at` now and then. */
export class ByteReader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get end(): number {
    return this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0
  }

  whole(): number {
    const bytes = this.#bytes
    let value = 0
    let weight = 1
    for (;;) {
      const byte = bytes[this.at++] ?? 0
      value += (byte & 0x7f) * weight
      if (byte < 0x80) return value
      weight *= 0x80
    }
  }

  signed(): number {
    const value = this.whole()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** As many whole numbers as `steps` wrote, to `place` and behind it. */
  steps(into: Float64Array, place: number, count: number): void {
    const bytes = this.#bytes
    let at = this.at
    let last = 0
    for (let n = place; n < place + count; n += 1) {
      let byte = bytes[at++] ?? 0
      let value = byte & 0x7f
      for (let weight = 0x80; byte >= 0x80; weight *= 0x80) {
        byte = bytes[at++] ?? 0
        value += (byte & 0x7f) * weight
      }
      last += value % 2 === 0 ? value / 2 : -(value + 1) / 2
      into[n] = last
    }
    this.at = at
  }

  double(): number {
    this.at += 8
    return this.#bytes.readDoubleLE(this.at - 8)
  }

  length(): number {
    this.at += 4
    return this.#bytes.readUInt32LE(this.at - 4)
  }

  raw(length: number): Buffer {
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  text(): string {
    return this.raw(this.whole()).toString()
  }
}

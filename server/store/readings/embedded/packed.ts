import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Below this, compressing costs more than it saves. */
const PLAIN_BYTES = 512
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
const OPEN_BRACKET = 0x5b

/** An array as JSON, compressed when that pays. */
export function pack(value: readonly unknown[]): Uint8Array {
  const plain = Buffer.from(JSON.stringify(value))
  return plain.length < PLAIN_BYTES ? plain : zstdCompressSync(plain, FAST)
}

export function unpack(body: Uint8Array): unknown {
  const text = body[0] === OPEN_BRACKET ? Buffer.from(body) : zstdDecompressSync(body)
  return JSON.parse(text.toString())
}

/** Ascending numbers as differences: a steady interval costs next to nothing once compressed. */
export function steps(numbers: readonly number[]): number[] {
  let last = 0
  return numbers.map((number) => {
    const step = number - last
    last = number
    return step
  })
}

export function fromSteps(differences: readonly number[]): number[] {
  let last = 0
  return differences.map((step) => (last += step))
}

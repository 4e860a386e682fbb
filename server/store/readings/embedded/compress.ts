import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Below this, compressing costs more than it saves. */
const PLAIN_BYTES = 512
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** What every compressed body begins with; none of the plain ones does. */
const FRAME = 0x28

export function compress(plain: Uint8Array): Uint8Array {
  return plain.length < PLAIN_BYTES ? plain : zstdCompressSync(plain, FAST)
}

export function expand(body: Uint8Array): Uint8Array {
  return body[0] === FRAME ? zstdDecompressSync(body) : body
}

/** An array as JSON, compressed when that pays. */
export function pack(value: readonly unknown[]): Uint8Array {
  return compress(Buffer.from(JSON.stringify(value)))
}

export function unpack(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(expand(body)).toString())
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

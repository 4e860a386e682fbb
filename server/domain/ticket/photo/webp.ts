import type { CleanPicture } from './clean-picture.ts'

const HEADER_BYTES = 12
const DROPPED = new Set(['EXIF', 'XMP '])
const KNOWN = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Bits of VP8X that announce EXIF and XMP. */
const ANNOUNCES = 0x08 | 0x04

/** WebP (RFC 9649) without EXIF, XMP and unknown chunks; undefined when it is none. */
export function cleanWebp(bytes: Uint8Array): CleanPicture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const declared = bytes.length < HEADER_BYTES ? 0 : view.getUint32(4, true) + 8
  if (declared < HEADER_BYTES || declared > bytes.length) return undefined
  const chunks: Uint8Array[] = []
  let size: { width: number; height: number } | undefined
  for (let at = HEADER_BYTES; at + 8 <= declared;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4))
    const length = view.getUint32(at + 4, true)
    const end = at + 8 + length + (length % 2)
    if (end > declared) return undefined
    const chunk = Uint8Array.from(bytes.subarray(at, end))
    size ??= sizeOf(name, chunk)
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~ANNOUNCES
    if (KNOWN.has(name) && !DROPPED.has(name)) chunks.push(chunk)
    at = end
  }
  if (size === undefined) return undefined
  const header = Uint8Array.from(bytes.subarray(0, HEADER_BYTES))
  const body = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  new DataView(header.buffer).setUint32(4, body + 4, true)
  return { ...size, parts: [header, ...chunks] }
}

function sizeOf(name: string, chunk: Uint8Array): { width: number; height: number } | undefined {
  const byte = (at: number): number => chunk[at + 8] ?? 0
  if (name === 'VP8X' && chunk.length >= 18) {
    const long = (at: number): number => 1 + byte(at) + (byte(at + 1) << 8) + (byte(at + 2) << 16)
    return { width: long(4), height: long(7) }
  }
  if (name === 'VP8 ' && chunk.length >= 18) {
    const short = (at: number): number => (byte(at) | (byte(at + 1) << 8)) & 0x3fff
    return { width: short(6), height: short(8) }
  }
  if (name === 'VP8L' && chunk.length >= 13 && byte(0) === 0x2f) {
    const bits = byte(1) | (byte(2) << 8) | (byte(3) << 16) | (byte(4) << 24)
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
  }
  return undefined
}

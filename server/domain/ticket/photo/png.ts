import type { CleanPicture } from './clean-picture.ts'

const SIGNATURE_BYTES = 8
/** Chunks beside the critical ones that change how the picture looks. */
const KEPT = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'pHYs', 'sBIT'])

/** PNG (W3C, third edition) to its IEND, without texts, EXIF and times; undefined when it is none. */
export function cleanPng(bytes: Uint8Array): CleanPicture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = [bytes.subarray(0, SIGNATURE_BYTES)]
  let size: { width: number; height: number } | undefined
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) return undefined
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (size === undefined) {
      if (name !== 'IHDR' || length !== 13) return undefined
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
      if (size.width === 0 || size.height === 0) return undefined
    }
    const isCritical = /^[A-Z]/.test(name)
    if (isCritical || KEPT.has(name)) parts.push(bytes.subarray(at, end))
    if (name === 'IEND') return { ...size, parts }
    at = end
  }
  return undefined
}

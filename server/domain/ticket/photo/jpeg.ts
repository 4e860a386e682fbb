import type { CleanPicture } from './clean-picture.ts'

const [START, END, SCAN, APP1, APP2] = [0xd8, 0xd9, 0xda, 0xe1, 0xe2]
/** JFIF, and Adobe's, which says how colours are coded. */
const KEPT_APPS = new Set([0xe0, 0xee])
const COMMENT = 0xfe
/** Start of frame, where the size stands; C4, C8 and CC are none. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const isApp = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef

/** JPEG (ITU-T T.81, annex B) to its end of image, without data about it; undefined when it is none. */
export function cleanJpeg(bytes: Uint8Array): CleanPicture | undefined {
  const parts = [bytes.subarray(0, 2)]
  let size = { width: 0, height: 0 }
  for (let at = 2; at + 1 < bytes.length;) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff || marker === START) return undefined
    if (marker === END) {
      parts.push(bytes.subarray(at, at + 2))
      return size.width === 0 ? undefined : { ...size, parts }
    }
    const end = at + 2 + word(bytes, at + 2)
    if (end < at + 4 || end > bytes.length) return undefined
    const segment = bytes.subarray(at, end)
    if (isFrame(marker)) size = { height: word(bytes, at + 5), width: word(bytes, at + 7) }
    const turned = marker === APP1 ? orientationOf(segment) : undefined
    if (turned !== undefined) parts.push(orientationSegment(turned))
    else if (isKept(marker, segment)) parts.push(segment)
    at = marker === SCAN ? endOfScan(bytes, end) : end
    if (marker === SCAN) parts.push(bytes.subarray(end, at))
  }
  return undefined
}

function isKept(marker: number, segment: Uint8Array): boolean {
  if (marker === COMMENT) return false
  if (!isApp(marker) || KEPT_APPS.has(marker)) return true
  // The colour profile; the same marker also carries further whole pictures with data of their own.
  return marker === APP2 && text(segment, 4, 11) === 'ICC_PROFILE'
}

/** Coded data run to the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}

const EXIF_AT = 10
const ORIENTATION_TAG = 0x0112

/** How the camera was held, 2 to 8 (EXIF 2.32, 4.6.4); the one thing of EXIF that the picture needs. */
function orientationOf(segment: Uint8Array): number | undefined {
  if (text(segment, 4, 4) !== 'Exif') return undefined
  const little = text(segment, EXIF_AT, 2) === 'II'
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength)
  const within = (at: number, length: number): boolean => at >= 0 && at + length <= segment.length
  if (!within(EXIF_AT + 4, 4)) return undefined
  const first = EXIF_AT + view.getUint32(EXIF_AT + 4, little)
  if (!within(first, 2)) return undefined
  for (let entry = 0; entry < view.getUint16(first, little); entry += 1) {
    const at = first + 2 + entry * 12
    if (!within(at, 12)) return undefined
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue
    const turned = view.getUint16(at + 8, little)
    return turned >= 2 && turned <= 8 ? turned : undefined
  }
  return undefined
}

function orientationSegment(turned: number): Uint8Array {
  return Uint8Array.from([
    0xff,
    APP1,
    0,
    34,
    0x45,
    0x78,
    0x69,
    0x66,
    0,
    0,
    // Big-endian TIFF of one entry: orientation, a short, once.
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    turned,
    0,
    0,
    0,
    0,
    0,
    0,
  ])
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

import type { FileType } from '../sniff-type.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanPng } from './png.ts'
import { cleanWebp } from './webp.ts'
import type { CleanPicture } from './clean-picture.ts'

/** No camera makes more; a small file that unfolds into more is meant to fill memory. */
const MAX_SIDE_PX = 20_000
const MAX_PX = 100_000_000

/**
 * A photo without where, when and by whom it was taken (EXIF, GPS, XMP, comments) and without anything
 * behind its end; other files as they are. The picture itself is not touched, nor how it is turned.
 * `broken` is no picture of its type, `huge` unfolds beyond 20,000 px a side or 100 million in all,
 * `unknown` is a format whose data about the place cannot be taken out here (HEIC).
 */
export function cleanPhoto(bytes: Uint8Array, type: FileType): Uint8Array | 'broken' | 'huge' | 'unknown' {
  if (type === 'image/heic') return 'unknown'
  const clean = CLEANERS[type]
  if (clean === undefined) return bytes
  const picture = clean(bytes)
  if (picture === undefined) return 'broken'
  const { width, height, parts } = picture
  if (Math.max(width, height) > MAX_SIDE_PX || width * height > MAX_PX) return 'huge'
  return joined(parts)
}

const CLEANERS: Partial<Record<FileType, (bytes: Uint8Array) => CleanPicture | undefined>> = {
  'image/jpeg': cleanJpeg,
  'image/png': cleanPng,
  'image/webp': cleanWebp,
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

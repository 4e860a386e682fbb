/** What may be shown in a browser; anything else is only ever offered as a download. */
export const SHOWN_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const
export type FileType = (typeof SHOWN_TYPES)[number] | 'image/heic' | 'application/octet-stream'

/**
 * The type of a file by its first bytes. SVG and HTML are not among those known: whatever they claim to
 * be, they stay bytes to download.
 */
export function sniffType(bytes: Uint8Array): FileType {
  const text = String.fromCharCode(...bytes.subarray(0, 16))
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (text.slice(4, 8) === 'ftyp' && /^(heic|heix|mif1|msf1)/.test(text.slice(8))) return 'image/heic'
  if (text.startsWith('%PDF-')) return 'application/pdf'
  return 'application/octet-stream'
}

import { crc32, deflateSync } from 'node:zlib'

/** Two red pixels, as small as they come. */
export const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1R' +
    'V19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj' +
    'Y2NjY2NjY2NjY2NjY2P/wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAA' +
    'AAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABQb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCKALXj/9k=',
  'base64',
)
export const WEBP = Buffer.from(
  'UklGRjwAAABXRUJQVlA4IDAAAADQAQCdASoCAAEAAgA0JaACdLoB+AADsAD+8MQL/yC5YXXI1/8gP+QH/ID/+PIAAAA=',
  'base64',
)

/** A PNG of any size, with chunks of one's own before its end. */
export function aPng(
  width = 2,
  height = 1,
  more: readonly (readonly [name: string, data: Buffer])[] = [],
): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const row = Buffer.alloc(1 + Math.min(width, 4) * 3)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...more.map(([name, data]) => chunk(name, data)),
    chunk('IDAT', deflateSync(row)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}

/** A JPEG segment. */
export function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255])
  return Buffer.concat([head, body])
}

/** EXIF as phones write it: how it was held, and where it was. */
export function exif(orientation: number, little: boolean): Buffer {
  const tiff = Buffer.alloc(80)
  const short = (value: number, at: number) =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const long = (value: number, at: number) =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(little ? 'II' : 'MM', 0)
  short(42, 2)
  long(8, 4)
  short(2, 8)
  for (const [i, [tag, type, value]] of [
    [0x0112, 3, orientation],
    [0x8825, 4, 40],
  ].entries()) {
    const at = 10 + i * 12
    short(tag ?? 0, at)
    short(type ?? 0, at + 2)
    long(1, at + 4)
    if (type === 3) short(value ?? 0, at + 8)
    else long(value ?? 0, at + 8)
  }
  tiff.write('GPS 39.5081N 106.7222E', 44)
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

/** EXIF with a place alone, in whole seconds north and east. */
export function exifAt(lon: number, lat: number): Buffer {
  const tiff = Buffer.alloc(26 + 2 + 4 * 12 + 4 + 48)
  tiff.write('MM', 0)
  tiff.writeUInt16BE(42, 2)
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  entry(tiff, 10, { tag: 0x8825, type: 4, count: 1 }).writeUInt32BE(26, 18)
  tiff.writeUInt16BE(4, 26)
  const data = 26 + 2 + 4 * 12 + 4
  entry(tiff, 28, { tag: 1, type: 2, count: 2 }).write('N\0', 36)
  entry(tiff, 40, { tag: 2, type: 5, count: 3 }).writeUInt32BE(data, 48)
  entry(tiff, 52, { tag: 3, type: 2, count: 2 }).write('E\0', 60)
  entry(tiff, 64, { tag: 4, type: 5, count: 3 }).writeUInt32BE(data + 24, 72)
  for (const [degrees, at] of [
    [lat, data],
    [lon, data + 24],
  ] as const) {
    const seconds = Math.round(degrees * 3600)
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    parts.forEach((part, index) => {
      tiff.writeUInt32BE(part, at + index * 8)
      tiff.writeUInt32BE(1, at + index * 8 + 4)
    })
  }
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

function entry(
  tiff: Buffer,
  at: number,
  { tag, type, count }: { readonly tag: number; readonly type: number; readonly count: number },
): Buffer {
  tiff.writeUInt16BE(tag, at)
  tiff.writeUInt16BE(type, at + 2)
  tiff.writeUInt32BE(count, at + 4)
  return tiff
}

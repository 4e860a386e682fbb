import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPhoto } from '../../../../server/domain/ticket/photo/clean.ts'
import { sniffType } from '../../../../server/domain/ticket/sniff-type.ts'
import { aPng, exif, JPEG, segment, WEBP } from '../../../support/pictures.ts'

const clean = (bytes: Buffer) => {
  const result = cleanPhoto(bytes, sniffType(bytes))
  return typeof result === 'string' ? result : Buffer.from(result)
}
const behindStart = (...segments: Buffer[]): Buffer =>
  Buffer.concat([JPEG.subarray(0, 2), ...segments, JPEG.subarray(2)])
const inWebp = (name: string, data: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  const whole = Buffer.concat([WEBP, Buffer.from(name, 'latin1'), size, data])
  whole.writeUInt32LE(whole.length - 8, 4)
  return whole
}

describe('N24 a photo', () => {
  it('that tells nothing but its picture is kept byte for byte', () => {
    for (const picture of [JPEG, WEBP, aPng()]) expect(clean(picture)).toEqual(picture)
  })

  it.each([true, false])('keeps how it was held and loses where it was (little-endian %s)', (little) => {
    const cleaned = Buffer.from(clean(behindStart(segment(0xe1, exif(6, little)))))
    expect(cleaned.toString('latin1')).not.toMatch(/GPS|39\.5081/)
    // ExifTool and browsers read 6, “right, top”, from these 36 bytes.
    const turned = 'ffe10022457869660000' + '4d4d002a000000080001' + '01120003000000010006000000000000'
    expect(cleaned.subarray(2, 38).toString('hex')).toBe(turned)
    expect(Buffer.concat([cleaned.subarray(0, 2), cleaned.subarray(38)])).toEqual(JPEG)
  })

  it('upright by itself needs no word of how it was held', () => {
    expect(clean(behindStart(segment(0xe1, exif(1, true))))).toEqual(JPEG)
  })

  it.each([
    ['XMP', segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x>GPS</x>'))],
    ['IPTC', segment(0xed, Buffer.from('Photoshop 3.0\0 by somebody'))],
    ['a comment', segment(0xfe, Buffer.from('taken at home'))],
    ['more pictures', segment(0xe2, Buffer.from('MPF\0 another'))],
    ['a maker’s note', segment(0xe7, Buffer.from('serial number'))],
    [
      'EXIF that lies about its lengths',
      segment(0xe1, Buffer.concat([exif(6, true).subarray(0, 15), Buffer.alloc(9, 255)])),
    ],
  ])('loses %s', (_what, extra) => {
    expect(clean(behindStart(extra))).toEqual(JPEG)
  })

  it('loses what was hung behind its end: an archive, a page, another picture', () => {
    for (const tail of ['PK\x03\x04archive', '<script>alert(1)</script>', JPEG.toString('latin1')]) {
      expect(clean(Buffer.concat([JPEG, Buffer.from(tail, 'latin1')]))).toEqual(JPEG)
      expect(clean(Buffer.concat([aPng(), Buffer.from(tail, 'latin1')]))).toEqual(aPng())
    }
  })

  it('of PNG and WebP loses its texts, times and EXIF', () => {
    const told = (['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'] as const).map(
      (name) => [name, Buffer.from('GPS 39.5081N')] as const,
    )
    expect(clean(aPng(2, 1, told))).toEqual(aPng())
    for (const name of ['EXIF', 'XMP ', 'what'])
      expect(clean(inWebp(name, Buffer.from('GPS.')))).toEqual(WEBP)
  })

  it.each([
    ['1 × 30,000', 'huge', aPng(1, 30_000)],
    ['30,000 × 1', 'huge', aPng(30_000, 1)],
    ['four thousand million', 'huge', aPng(0xffff_ffff, 0xffff_ffff)],
    ['19,000 × 19,000', 'huge', aPng(19_000, 19_000)],
    ['none', 'broken', aPng(0, 0)],
  ])('of %s pixels is %s', (_what, verdict, picture) => {
    expect(clean(picture)).toBe(verdict)
  })

  it('in a format whose place cannot be taken out is refused', () => {
    expect(clean(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'))).toBe('unknown')
  })

  it('cut or damaged anywhere never throws and never grows', () => {
    const whole = behindStart(segment(0xe1, exif(6, true)))
    for (const picture of [whole, aPng(), inWebp('EXIF', Buffer.from('GPS.'))]) {
      fc.assert(
        fc.property(fc.nat(picture.length), fc.nat(picture.length - 1), fc.nat(255), (cut, at, value) => {
          const bytes = Buffer.from(picture)
          bytes[at] = value
          const result = clean(bytes.subarray(0, cut))
          return typeof result === 'string' || result.length <= picture.length
        }),
        { numRuns: 300 },
      )
    }
  })

  it('that is none, a document or bytes, is left alone', () => {
    for (const text of ['%PDF-1.7 …', '<svg/>', 'PK\x03\x04']) {
      expect(clean(Buffer.from(text))).toEqual(Buffer.from(text))
    }
  })
})

/** Lengths of the parts of a PMTiles v3 header, and what its fields say of pictures that nothing packs. */
const HEADER_BYTES = 127
const UNPACKED = 1
const PNG = 2

/** A PMTiles file of one picture for the whole world (PMTiles v3, §3 and §4). */
export function aPmtiles(png: Buffer): Buffer {
  // One entry: tile 0, one in a row, its length, and its offset plus one.
  const directory = Buffer.from([1, 0, 1, ...varint(png.length), 1])
  const metadata = Buffer.from('{}')
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('PMTiles', 'latin1')
  header.writeUInt8(3, 7)
  const metadataAt = HEADER_BYTES + directory.length
  const tilesAt = metadataAt + metadata.length
  const sections = [
    HEADER_BYTES,
    directory.length,
    metadataAt,
    metadata.length,
    tilesAt,
    0,
    tilesAt,
    png.length,
    1,
    1,
    1,
  ]
  for (const [n, value] of sections.entries()) header.writeBigUInt64LE(BigInt(value), 8 + n * 8)
  header.set([1, UNPACKED, UNPACKED, PNG, 0, 0], 96)
  const [west, south, east, north] = [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000]
  for (const [n, value] of [west, south, east, north].entries()) header.writeInt32LE(value, 102 + n * 4)
  return Buffer.concat([header, directory, metadata, png])
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]
}

import type { LayerMapping } from '#contract/network-mapping.ts'
import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { columnOf } from './guess-mapping.ts'
import type { Crs } from './crs.ts'
import type { SourceGeometry, SourceRow } from './source-layer.ts'

/** The geometry of a row in longitude and latitude, undefined where it has none, or why there is none. */
export function placeRow(
  row: SourceRow,
  { fields }: LayerMapping,
  crs: Crs | undefined,
): SourceGeometry | LocalizedText | undefined {
  const geometry = row.geometry ?? pointInColumns(row, fields)
  if (geometry === undefined || crs === undefined || 'zh' in geometry) return geometry
  let wrong: LocalizedText | undefined
  const turn = (place: Position): Position => {
    wrong ??= crs.wrong(place)
    const [lon, lat] = crs.toLonLat(place)
    return [rounded(lon), rounded(lat)]
  }
  const placed = turned(geometry, turn)
  return wrong ?? placed
}

const NO_NUMBER: LocalizedText = { zh: '坐标不是数字', en: 'a coordinate is no number' }

function pointInColumns(
  row: SourceRow,
  fields: LayerMapping['fields'],
): SourceGeometry | LocalizedText | undefined {
  const pairs = [
    [fields.lon, fields.lat],
    [fields.x, fields.y],
  ]
  const [x, y] = pairs.find(([one, other]) => one !== undefined && other !== undefined) ?? []
  if (x === undefined || y === undefined) return undefined
  const cells = [x, y].map((source) => row.values[columnOf(source) ?? ''])
  if (cells.every((cell) => cell === undefined || cell === null || cell === '')) return undefined
  const [east = NaN, north = NaN] = cells.map((cell) => (cell === '' || cell === null ? NaN : Number(cell)))
  return Number.isFinite(east) && Number.isFinite(north) ? { type: 'point', at: [east, north] } : NO_NUMBER
}

/** A millimetre: so that the same place is written the same way in every delivery. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e8) / 1e8
}

function turned(geometry: SourceGeometry, turn: (place: Position) => Position): SourceGeometry {
  switch (geometry.type) {
    case 'point':
      return { type: 'point', at: turn(geometry.at) }
    case 'line':
      return { type: 'line', lines: geometry.lines.map((line) => line.map(turn)) }
    case 'polygon':
      return {
        type: 'polygon',
        polygons: geometry.polygons.map((rings) => rings.map((ring) => ring.map(turn))),
      }
  }
}

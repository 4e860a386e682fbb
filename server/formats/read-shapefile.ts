import type { SourceLayer, SourceRow } from '../domain/network/delivery/source-layer.ts'
import { parseShp } from 'shpjs'
import { BadFile } from './bad-file.ts'
import { plainGeometry } from './plain-geometry.ts'
import { readDbf } from './read-dbf.ts'

/** Parts of Shapefiles by name, from an archive or lying side by side: a layer for each `.shp`. */
export function readShapefiles(file: string, parts: ReadonlyMap<string, Uint8Array>): readonly SourceLayer[] {
  const byName = new Map([...parts].map(([name, bytes]) => [name.toLowerCase(), bytes]))
  return [...parts.keys()]
    .filter((name) => name.toLowerCase().endsWith('.shp'))
    .map((name) => {
      const stem = name.slice(0, -4)
      const part = (extension: string) => byName.get(`${stem}${extension}`.toLowerCase())
      return layerOf(file, { stem, shp: part('.shp') ?? new Uint8Array(), part })
    })
}

interface ShapefileParts {
  readonly stem: string
  readonly shp: Uint8Array
  readonly part: (extension: string) => Uint8Array | undefined
}

function layerOf(file: string, { stem, shp, part }: ShapefileParts): SourceLayer {
  const layer = stem.split(/[\\/]/).at(-1) ?? stem
  const dbf = part('.dbf')
  if (dbf === undefined) throw new BadFile(`${layer}.shp 缺少 .dbf`, `${layer}.shp comes without its .dbf`)
  const plain = new TextDecoder()
  const { columns, rows } = readDbf(dbf, plain.decode(part('.cpg')))
  const geometries = geometriesOf(layer, shp)
  const prj = plain.decode(part('.prj')).trim()
  return {
    file,
    layer,
    columns,
    ...(prj === '' ? {} : { crs: prj }),
    rows: rows.flatMap((values, i): SourceRow[] => {
      if (values === undefined) return []
      const geometry = plainGeometry(geometries[i])
      return [{ row: i + 1, values, ...(geometry === undefined ? {} : { geometry }) }]
    }),
  }
}

function geometriesOf(layer: string, shp: Uint8Array) {
  try {
    return parseShp(shp)
  } catch {
    throw new BadFile(`${layer}.shp 已损坏`, `${layer}.shp is damaged`)
  }
}

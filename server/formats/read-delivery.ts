import type { SourceLayer } from '../domain/network/delivery/source-layer.ts'
import type { DeliveredFile } from '../flows/network/read-delivery.ts'
import { BadFile } from './bad-file.ts'
import { readEpanet } from './read-epanet.ts'
import { readGeoJson } from './read-geojson.ts'
import { readGeoPackage } from './read-geopackage.ts'
import { readShapefiles } from './read-shapefile.ts'
import { readTable } from './read-table.ts'
import { unzip } from './unzip.ts'

const SHAPEFILE_PART = /\.(shp|dbf|shx|prj|cpg|sbn|sbx|qix|qpj|qmd)$/i

/** The layers of all delivered files. What a file is, its bytes say; its name only where they do not. */
export async function readDelivery(files: readonly DeliveredFile[]): Promise<readonly SourceLayer[]> {
  const loose = files.filter(({ name }) => SHAPEFILE_PART.test(name))
  const layers: SourceLayer[] = []
  for (const file of files) {
    if (loose.includes(file)) continue
    layers.push(...(await named(file.name, () => readFile(file.name, file.bytes))))
  }
  const parts = new Map(loose.map(({ name, bytes }) => [name, bytes]))
  if (parts.size > 0) {
    const main = loose.find(({ name }) => /\.shp$/i.test(name))
    const whole = await named(main?.name ?? loose[0]?.name ?? '', () => {
      if (main === undefined) throw new BadFile('缺少 .shp', 'the .shp is missing')
      return readShapefiles(main.name, parts)
    })
    layers.push(...whole)
  }
  return layers.filter(({ rows }) => rows.length > 0)
}

/** Whatever goes wrong in a file is said with its name. */
async function named<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof BadFile)) throw error
    throw new BadFile(`${name}: ${error.said.zh}`, `${name}: ${error.said.en}`, error.row)
  }
}

async function readFile(name: string, bytes: Uint8Array): Promise<readonly SourceLayer[]> {
  if (bytes.length === 0) throw new BadFile('文件是空的', 'the file is empty')
  if (startsWith(bytes, 'PK\x03\x04'))
    return /\.xls[xm]$/i.test(name) ? await workbook(name, bytes) : readArchive(name, bytes)
  if (startsWith(bytes, 'SQLite format 3\0')) return readGeoPackage(name, bytes)
  const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  if (first === 0x7b || /\.(geo)?json$/i.test(name)) return readGeoJson(name, bytes)
  if (/\.(csv|txt|tsv)$/i.test(name)) return [readTable(name, bytes)]
  if (/\.inp$/i.test(name)) return readEpanet(name, bytes)
  throw new BadFile(
    '不认识的格式: 可用 GeoJSON、压缩的 Shapefile、GeoPackage、CSV、XLSX、EPANET .inp',
    'the format is not known: GeoJSON, zipped Shapefile, GeoPackage, CSV, XLSX and EPANET .inp are taken',
  )
}

/** Loaded only where a workbook comes: it is the largest of the libraries. */
async function workbook(name: string, bytes: Uint8Array): Promise<readonly SourceLayer[]> {
  const { readWorkbook } = await import('./read-workbook.ts')
  return readWorkbook(name, bytes)
}

async function readArchive(name: string, bytes: Uint8Array): Promise<readonly SourceLayer[]> {
  const inside = unzip(bytes)
  const shapes = readShapefiles(name, inside)
  const others: SourceLayer[] = []
  for (const [path, content] of inside) {
    if (!/\.(geojson|json|gpkg|csv|xlsx|inp)$/i.test(path)) continue
    others.push(
      ...(await named(path, () => readFile(path, content))).map((layer) => ({ ...layer, file: name })),
    )
  }
  if (shapes.length + others.length > 0) return [...shapes, ...others]
  throw new BadFile(
    '压缩包里没有 .shp 或其他可读的图层',
    'the archive has no .shp and no other layer that can be read',
  )
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}

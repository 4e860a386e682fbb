import { parse } from 'csv-parse/sync'
import wkx from 'wkx'
import type { Geometry } from 'geojson'
import type { SourceLayer, SourceRow } from '../domain/network/delivery/source-layer.ts'
import { BadFile } from './bad-file.ts'
import { plainGeometry } from './plain-geometry.ts'
import { readText } from './read-text.ts'

const MAX_COLUMNS = 500

/** A text table with names in its first line, separated by comma, semicolon or tab. */
export function readTable(file: string, bytes: Uint8Array): SourceLayer {
  const text = readText(bytes)
  const [head = ''] = text.split('\n', 1)
  const delimiter = [',', '\t', ';'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]
  const records = recordsOf(text, delimiter ?? ',')
  const layer =
    file
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.[^.]*$/, '') ?? file
  return { file, layer, ...tableOf(records.map(({ record, info }) => ({ row: info.lines, cells: record }))) }
}

function recordsOf(text: string, delimiter: string) {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: readonly string[]
      readonly info: { readonly lines: number }
    }[]
  } catch (error) {
    const row = (error as { lines?: number }).lines
    throw new BadFile('不是有效的 CSV(引号没有成对)', 'this is no valid CSV (a quote is not closed)', row)
  }
}

export interface TableRow {
  readonly row: number
  readonly cells: readonly unknown[]
}

/** Rows below the names; a column named twice gets a number, one called WKT or geometry may hold the shape. */
export function tableOf([head, ...body]: readonly TableRow[]): Pick<
  SourceLayer,
  'columns' | 'rows' | 'notes'
> {
  if (head === undefined) throw new BadFile('表是空的', 'the table is empty')
  if (head.cells.length > MAX_COLUMNS)
    throw new BadFile(`超过 ${MAX_COLUMNS} 列`, `there are more than ${MAX_COLUMNS} columns`)
  const { columns, repeated } = namesOf(head.cells)
  const shape = columns.findIndex((name) => /^(wkt|the_geom|geometry|geom)$/i.test(name))
  const rows = body.map(({ row, cells }): SourceRow => {
    const values = Object.fromEntries(
      columns.flatMap((name, i) => (i === shape ? [] : [[name, cells[i] ?? null]])),
    )
    const geometry = shape < 0 ? undefined : plainGeometry(fromText(cells[shape], row))
    return { row, values, ...(geometry === undefined ? {} : { geometry }) }
  })
  const notes = repeated.map((name) => ({
    zh: `列名 ${name} 出现了不止一次: 后面的写为 ${name} (2)`,
    en: `the column ${name} is there more than once: the later one is called ${name} (2)`,
  }))
  return { columns: columns.filter((_, i) => i !== shape), rows, ...(notes.length === 0 ? {} : { notes }) }
}

function namesOf(cells: readonly unknown[]): {
  readonly columns: readonly string[]
  readonly repeated: readonly string[]
} {
  const counts = new Map<string, number>()
  const repeated: string[] = []
  const columns = cells.map((cell, i) => {
    const name = String(cell ?? '').trim() || `column ${i + 1}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count === 2) repeated.push(name)
    return count === 1 ? name : `${name} (${count})`
  })
  return { columns, repeated }
}

function fromText(cell: unknown, row: number): Geometry | undefined {
  if (typeof cell !== 'string' || cell.trim() === '') return undefined
  try {
    return wkx.Geometry.parse(cell.trim().replace(/\s+Z\s*\(/i, ' Z(')).toGeoJSON() as Geometry
  } catch {
    throw new BadFile(`第 ${row} 行的几何(WKT)不能读`, `the geometry (WKT) of row ${row} cannot be read`, row)
  }
}

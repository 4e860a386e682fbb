import type { LayerMapping } from '#contract/network-mapping.ts'
import type { LocalizedText } from '#contract/text.ts'
import { columnOf } from './guess-mapping.ts'
import { COLUMN_WORDS } from './column-words.ts'
import type { SourceLayer } from './source-layer.ts'

/** What is wrong with a matching itself, whatever the rows say. */
export function checkMapping(
  layer: SourceLayer,
  { kindFrom, fields }: LayerMapping,
): readonly LocalizedText[] {
  const columns = new Set(layer.columns)
  const asked = [kindFrom?.column, ...Object.values(fields).map(columnOf)].filter(
    (column) => column !== undefined,
  )
  const missing = [...new Set(asked)].filter((column) => !columns.has(column))
  const unknown = Object.keys(fields).filter((field) => !Object.hasOwn(COLUMN_WORDS, field))
  const places = [fields.lon ?? fields.lat, fields.x ?? fields.y].filter((field) => field !== undefined)
  const halves = (['lon', 'x'] as const).filter(
    (first) => (fields[first] === undefined) !== (fields[first === 'lon' ? 'lat' : 'y'] === undefined),
  )
  return [
    ...missing.map((column) => ({ zh: `没有列 ${column}`, en: `there is no column ${column}` })),
    ...unknown.map((field) => ({ zh: `没有字段 ${field}`, en: `there is no field ${field}` })),
    ...(places.length > 1
      ? [
          {
            zh: '位置只能来自一对列: 经纬度或 x、y',
            en: 'places come from one pair of columns: lon and lat, or x and y',
          },
        ]
      : []),
    ...halves.map((half) =>
      half === 'lon'
        ? { zh: '经度和纬度要一起对应', en: 'lon and lat are matched together' }
        : { zh: 'x 和 y 要一起对应', en: 'x and y are matched together' },
    ),
    ...sharedColumns(fields),
  ]
}

/** A column with x and y in it, or an id that is also the name, is one thing; two measures from one column are not. */
function sharedColumns(fields: LayerMapping['fields']): readonly LocalizedText[] {
  const byColumn = new Map<string, string[]>()
  for (const [field, source] of Object.entries(fields)) {
    const column = columnOf(source)
    if (column !== undefined && field !== 'name')
      byColumn.set(column, [...(byColumn.get(column) ?? []), field])
  }
  return [...byColumn]
    .filter(([, all]) => all.length > 1)
    .map(([column, all]) => ({
      zh: `列 ${column} 对应了不止一个字段: ${all.join('、')}`,
      en: `column ${column} is matched to more than one field: ${all.join(', ')}`,
    }))
}

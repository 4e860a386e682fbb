import { ASSET_ID_PATTERN } from '#contract/identity.ts'
import type { FieldSource, LayerKind, LayerMapping } from '#contract/network-mapping.ts'
import type { LocalizedText } from '#contract/text.ts'
import { columnOf, fieldsOf } from './guess-mapping.ts'
import { fieldValue, isEmpty, isMeasured } from './field-values.ts'
import type { SourceRow } from './source-layer.ts'

export type Properties = Record<string, unknown>

/** What a row is; a sentence where its type has not been translated. */
export function kindOfRow(
  { values }: SourceRow,
  { kind, kindFrom }: LayerMapping,
): LayerKind | LocalizedText {
  if (kindFrom === undefined) {
    return kind ?? { zh: '还没有选择这一图层是什么', en: 'it has not been said what this layer is' }
  }
  const value = values[kindFrom.column]
  const found = kindFrom.values[String(value ?? '')] ?? kind
  if (found !== undefined) return found
  if (isEmpty(value))
    return { zh: `列 ${kindFrom.column} 为空,不知道是什么`, en: `column ${kindFrom.column} is empty` }
  const word = String(value).slice(0, 60)
  return {
    zh: `列 ${kindFrom.column} 的值“${word}”没有对应的类别`,
    en: `the value “${word}” of column ${kindFrom.column} stands for no kind`,
  }
}

/** The fields of a row as the network file has them; an id that is no id is written with `_`. */
export function propertiesOf(row: SourceRow, kind: LayerKind, mapping: LayerMapping): Properties {
  const properties: Properties = { kind: kind === 'joint' ? 'well' : kind }
  const wanted = new Set(fieldsOf(kind))
  for (const [field, source] of Object.entries(mapping.fields)) {
    if (!wanted.has(field)) continue
    const value = valueOf(row, field, source)
    if (value !== undefined) properties[field] = value
  }
  if (Array.isArray(row.values.devices)) properties.devices = row.values.devices
  if (kind === 'joint') properties.covers ??= 0
  const prefix = mapping.idPrefix ?? ''
  if (typeof properties.id === 'string') properties.id = `${prefix}${properties.id}`
  return properties
}

function valueOf({ values }: SourceRow, field: string, source: FieldSource): unknown {
  if (typeof source !== 'string' && 'value' in source) return source.value
  const cell = values[columnOf(source) ?? '']
  const translated = typeof source === 'string' ? undefined : source.values?.[String(cell ?? '')]
  const value = fieldValue(field, translated ?? cell)
  const scale = typeof source === 'string' ? undefined : source.scale
  // A zero is how tables without empty cells say that nobody knows.
  if (value === 0 && ZERO_IS_UNKNOWN.has(field)) return undefined
  return scale !== undefined && isMeasured(field) && typeof value === 'number' ? value * scale : value
}
const ZERO_IS_UNKNOWN: ReadonlySet<string> = new Set(['diameterMm', 'lengthM', 'depthM', 'roughnessMm'])

/** True where the id in the file had to be written differently. */
export function idWasChanged(row: SourceRow, mapping: LayerMapping): boolean {
  const source = mapping.fields.id
  const cell = source === undefined ? undefined : row.values[columnOf(source) ?? '']
  return !isEmpty(cell) && !ASSET_ID_PATTERN.test(String(cell).normalize('NFKC').trim())
}

import type { FieldSource, LayerKind, LayerMapping } from '#contract/network-mapping.ts'
import {
  AREA,
  DATED,
  MORE_OF_PIPE,
  OWN,
  PIPE,
  PLACES,
  POINT,
  type Field,
} from '../../model/network-fields.ts'

/** What a column of such a layer may become; a table's may also be a place. */
export function fieldsFor(kind: LayerKind | undefined, isTable: boolean): readonly Field[] {
  if (kind === 'ignore') return []
  if (kind === 'area') return AREA
  if (kind === 'pipe') return [...PIPE, ...MORE_OF_PIPE]
  const own = kind === undefined ? Object.values(OWN).flat() : OWN[kind]
  return [...new Set<Field>([...POINT, ...own, ...DATED, ...(isTable ? PLACES : [])])]
}

function columnOf(source: FieldSource): string | undefined {
  if (typeof source === 'string') return source
  return 'column' in source ? source.column : undefined
}

/** The field that a column is matched to. */
export function fieldOf({ fields }: LayerMapping, column: string): string {
  return Object.entries(fields).find(([, source]) => columnOf(source) === column)?.[0] ?? ''
}

/** The matching with the column given to a field, or to none; a field gives up the column it had. */
export function matched(mapping: LayerMapping, column: string, field: string): LayerMapping {
  const others = Object.entries(mapping.fields).filter(
    ([name, source]) => name !== field && columnOf(source) !== column,
  )
  return { ...mapping, fields: Object.fromEntries(field === '' ? others : [...others, [field, column]]) }
}

/** The same with one value for all rows. */
export function fixed(mapping: LayerMapping, field: string, value: string): LayerMapping {
  return { ...mapping, fields: { ...mapping.fields, [field]: { value } } }
}

/** The same as another kind of layer: fields that the kind does not have are given up. */
export function asKind(mapping: LayerMapping, kind: LayerKind, isTable: boolean): LayerMapping {
  const { file, layer, idPrefix, crs } = mapping
  const known: readonly string[] = fieldsFor(kind, isTable)
  const kept = Object.entries(mapping.fields).filter(([field]) => known.includes(field))
  const wants = (field: string, value: string): readonly [string, FieldSource][] =>
    known.includes(field) && mapping.fields[field] === undefined ? [[field, { value }]] : []
  const fields = [...kept, ...wants('network', 'primary'), ...wants('class', 'trunk')]
  return {
    file,
    layer,
    kind,
    fields: Object.fromEntries(fields),
    ...(idPrefix === undefined ? {} : { idPrefix }),
    ...(crs === undefined ? {} : { crs }),
  }
}

import type { FieldSource, LayerKind, LayerMapping } from '#contract/network-mapping.ts'

const POINT = ['id', 'name', 'network', 'address', 'zone', 'elevationM', 'managedBy'] as const
const DATED = ['commissionedAt', 'warrantyUntil', 'underConstruction'] as const
const PLACES = ['lon', 'lat', 'x', 'y'] as const
const OWN = {
  source: ['holdingPressureMpa', 'supplyPressureMpa'],
  station: ['nominalFlowTh', 'heatedAreaM2', 'households'],
  well: ['depthM', 'onPipe', 'covers'],
  joint: ['onPipe'],
  valve: ['normallyOpen'],
} as const
const PIPE = ['id', 'name', 'from', 'to', 'network', 'class', 'side', 'diameterMm', 'lengthM'] as const
const MORE_OF_PIPE = ['roughnessMm', 'zone', 'address', ...DATED] as const
const AREA = ['id', 'name', 'department', 'validFrom', 'validTo'] as const

export type Field =
  | (typeof POINT)[number]
  | (typeof DATED)[number]
  | (typeof PLACES)[number]
  | (typeof PIPE)[number]
  | (typeof MORE_OF_PIPE)[number]
  | (typeof AREA)[number]
  | (typeof OWN)[keyof typeof OWN][number]

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

import { PROPERTIES_BY_KIND } from '#contract/network.ts'
import type { FieldSource, LayerKind, LayerMapping, NetworkMapping } from '#contract/network-mapping.ts'
import { COLUMN_WORDS, KIND_WORDS, plainName } from './column-words.ts'
import { fieldValue, isEmpty } from './field-values.ts'
import { geometryOf, type SourceLayer } from './source-layer.ts'

/** Fields of ours that a layer of the kind may fill; a layer whose rows say their kind may fill all. */
export function fieldsOf(kind: LayerKind | undefined): readonly string[] {
  if (kind === 'ignore') return []
  if (kind === undefined) return Object.keys(COLUMN_WORDS).filter((field) => field !== 'kind')
  const own = PROPERTIES_BY_KIND[kind === 'joint' ? 'well' : kind]
  return Object.keys(own.properties).filter((field) => field !== 'kind' && field !== 'devices')
}

/** What a person would most likely match: by names in Chinese and English, kept matchings first. */
export function guessMapping(
  layers: readonly SourceLayer[],
  kept: Partial<NetworkMapping> = {},
): NetworkMapping {
  const guessed = layers.map((layer) => keptFor(layer, kept) ?? guessLayer(layer))
  return { ...kept, layers: withPrefixes(guessed, layers) }
}

/** A kept matching fits a layer of the same name whose columns it uses are still there, whatever the file is called. */
function keptFor(
  layer: SourceLayer,
  { layers: kept = [] }: Partial<NetworkMapping>,
): LayerMapping | undefined {
  const named = kept.filter((one) => one.layer === layer.layer)
  const own =
    named.find((one) => one.file === layer.file) ??
    named.find((one) => usedColumns(one).every((column) => layer.columns.includes(column))) ??
    kept.find(
      (one) =>
        usedColumns(one).length > 1 && usedColumns(one).every((column) => layer.columns.includes(column)),
    )
  return own === undefined ? undefined : { ...own, file: layer.file, layer: layer.layer }
}

function usedColumns({ kindFrom, fields }: LayerMapping): readonly string[] {
  return [
    ...(kindFrom === undefined ? [] : [kindFrom.column]),
    ...Object.values(fields).flatMap((source) => columnOf(source) ?? []),
  ]
}

/** The column that a field is taken from; undefined for one value of all rows. */
export function columnOf(source: FieldSource): string | undefined {
  if (typeof source === 'string') return source
  return 'column' in source ? source.column : undefined
}

function guessLayer(layer: SourceLayer): LayerMapping {
  const { file, layer: name } = layer
  if (isOurs(layer)) return ourMapping(layer)
  const kindFrom = guessKindFrom(layer)
  const kind = kindFrom === undefined ? guessKind(layer) : undefined
  const taken = new Set(kindFrom === undefined ? [] : [kindFrom.column])
  const fields = guessFields(layer, { kind, taken })
  const base = { file, layer: name, fields: { ...fields, ...defaults(layer, kind, fields) } }
  if (kindFrom !== undefined) return { ...base, kindFrom }
  return kind === undefined ? base : { ...base, kind }
}

/** A layer whose rows say their kind in our own words is in our own form: nothing of it is guessed. */
function isOurs({ columns, rows }: SourceLayer): boolean {
  const known = rows.filter(({ values }) => Object.hasOwn(PROPERTIES_BY_KIND, String(values.kind)))
  return columns.includes('kind') && known.length * 2 >= rows.length
}

function ourMapping({ file, layer, columns }: SourceLayer): LayerMapping {
  const kinds = Object.keys(PROPERTIES_BY_KIND) as LayerKind[]
  const own = fieldsOf(undefined).filter((field) => columns.includes(field))
  return {
    file,
    layer,
    kindFrom: { column: 'kind', values: Object.fromEntries(kinds.map((kind) => [kind, kind])) },
    fields: Object.fromEntries(own.map((field) => [field, field])),
  }
}

/** The words for kinds in a type column, where most of its values are such words. */
function guessKindFrom(layer: SourceLayer): LayerMapping['kindFrom'] {
  for (const pattern of COLUMN_WORDS.kind ?? []) {
    for (const column of layer.columns.filter((one) => pattern.test(plainName(one)))) {
      const found = new Map<string, LayerKind | undefined>()
      for (const { values } of layer.rows) {
        const value = values[column]
        if (isEmpty(value) || found.size > 200) continue
        found.set(String(value), kindOfWord(String(value)))
      }
      const known = [...found].filter((one): one is [string, LayerKind] => one[1] !== undefined)
      if (known.length > 0 && known.length * 2 >= found.size && fits(layer, known)) {
        return { column, values: Object.fromEntries(known) }
      }
    }
  }
  return undefined
}

/** A pipe layer's "type" says of what it is made or whether it is a branch, not that it is a pipe. */
function fits(layer: SourceLayer, known: readonly (readonly [string, LayerKind])[]): boolean {
  const geometry = geometryOf(layer)
  if (geometry === 'line') return false
  return (
    geometry === 'none' ||
    known.every(([, kind]) => (kind === 'area') === (geometry === 'polygon') && kind !== 'pipe')
  )
}

function kindOfWord(word: string): LayerKind | undefined {
  if (Object.hasOwn(PROPERTIES_BY_KIND, word)) return word as LayerKind
  return KIND_WORDS.find(([, words]) => words.test(word))?.[0]
}

function guessKind(layer: SourceLayer): LayerKind | undefined {
  const geometry = geometryOf(layer)
  if (geometry === 'line') return 'pipe'
  if (geometry === 'polygon') return 'area'
  const columns = layer.columns.map(plainName)
  const has = (field: string) =>
    columns.some((column) => COLUMN_WORDS[field]?.some((words) => words.test(column)) === true)
  if (geometry === 'none' && has('from') && has('to')) return 'pipe'
  const named = [layer.layer, layer.file]
    .map(kindOfWord)
    .find((kind) => kind !== undefined && kind !== 'pipe' && kind !== 'area')
  if (named !== undefined) return named
  if (has('heatedAreaM2') || has('households')) return 'station'
  return has('depthM') || has('covers') ? 'well' : undefined
}

/** Each field takes the column whose name is the surest word for it, and no column serves twice. */
function guessFields(
  layer: SourceLayer,
  { kind, taken }: { readonly kind: LayerKind | undefined; readonly taken: Set<string> },
): Record<string, FieldSource> {
  const places = geometryOf(layer) === 'none' && kind !== 'pipe' ? ['lon', 'lat', 'x', 'y'] : []
  const fields = [...places, ...fieldsOf(kind).filter((field) => !PLACES.has(field))]
  const filled = layer.columns.filter((column) => layer.rows.some(({ values }) => !isEmpty(values[column])))
  const candidates = fields.flatMap((field) =>
    filled.flatMap((column) => {
      if (column === field) return [{ field, column, rank: -1 }]
      const rank = COLUMN_WORDS[field]?.findIndex((words) => words.test(plainName(column))) ?? -1
      return rank < 0 ? [] : [{ field, column, rank }]
    }),
  )
  const guessed: Record<string, FieldSource> = {}
  for (const { field, column } of candidates.sort((a, b) => a.rank - b.rank)) {
    if (taken.has(column) || guessed[field] !== undefined || !isUsable(layer, field, column)) continue
    guessed[field] = column
    taken.add(column)
  }
  return withAxes(layer, withMillimetres(layer, guessed))
}

/** A pipe of 0.4 is one of 0.4 m. */
function withMillimetres(
  layer: SourceLayer,
  fields: Record<string, FieldSource>,
): Record<string, FieldSource> {
  const { diameterMm: column } = fields
  if (typeof column !== 'string') return fields
  const typical = typicalOf(layer, column)
  return typical > 0 && typical < 3 ? { ...fields, diameterMm: { column, scale: 1000 } } : fields
}

function typicalOf(layer: SourceLayer, column: string): number {
  const numbers = layer.rows
    .slice(0, 200)
    .map(({ values }) => Number(values[column]))
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  return numbers[numbers.length >> 1] ?? 0
}
const PLACES: ReadonlySet<string> = new Set(['lon', 'lat', 'x', 'y'])

/** An id column names every row differently; a word column holds words that are known. */
function isUsable(layer: SourceLayer, field: string, column: string): boolean {
  const values = layer.rows.map((row) => row.values[column]).filter((value) => !isEmpty(value))
  if (field === 'id') return new Set(values.map(String)).size > values.length * 0.9
  if (field !== 'network' && field !== 'class' && field !== 'side') return true
  return (
    values.filter(
      (value) => typeof fieldValue(field, value) === 'string' && WORD.test(String(fieldValue(field, value))),
    ).length *
      2 >=
    values.length
  )
}
const WORD = /^(primary|secondary|trunk|branch|supply|return|both)$/

/** Chinese surveyors call north X: whichever column holds the eastings is `x`. */
function withAxes(layer: SourceLayer, fields: Record<string, FieldSource>): Record<string, FieldSource> {
  const { x, y } = fields
  if (typeof x !== 'string' || typeof y !== 'string') return fields
  const isNorth = (value: number) => value > 1_900_000 && value < 6_100_000
  return isNorth(typicalOf(layer, x)) && !isNorth(typicalOf(layer, y)) ? { ...fields, x: y, y: x } : fields
}

/** What a file mostly leaves out because it goes without saying there; shown, so that a person may change it. */
function defaults(
  layer: SourceLayer,
  kind: LayerKind | undefined,
  fields: Record<string, FieldSource>,
): Record<string, FieldSource> {
  const wants = fieldsOf(kind)
  const isSecondary = /二次|二级|secondary/i.test(`${layer.layer} ${layer.file}`)
  const isBranch = /支|户线|branch/i.test(`${layer.layer} ${layer.file}`)
  return {
    ...(wants.includes('network') && fields.network === undefined
      ? { network: { value: isSecondary ? 'secondary' : 'primary' } }
      : {}),
    ...(wants.includes('class') && fields.class === undefined && geometryOf(layer) === 'line'
      ? { class: { value: isBranch ? 'branch' : 'trunk' } }
      : {}),
  }
}

const PREFIXES: Readonly<Partial<Record<LayerKind, string>>> = {
  pipe: 'P-',
  valve: 'V-',
  area: 'A-',
  station: 'S-',
  source: 'H-',
  well: 'W-',
  joint: 'J-',
}

/** Ids are one list here, in other programs one a layer: a layer that repeats ids of an earlier one gets a prefix. */
function withPrefixes(mappings: readonly LayerMapping[], layers: readonly SourceLayer[]): LayerMapping[] {
  const seen = new Set<string>()
  const order = mappings.map((mapping, i) => ({ mapping, layer: layers[i], i }))
  const points = order.filter(({ mapping }) => mapping.kind !== 'pipe')
  const done: LayerMapping[] = [...mappings]
  for (const { mapping, layer, i } of [
    ...points,
    ...order.filter(({ mapping }) => mapping.kind === 'pipe'),
  ]) {
    const column = mapping.fields.id === undefined ? undefined : columnOf(mapping.fields.id)
    if (column === undefined || layer === undefined || mapping.kind === 'area' || mapping.kind === 'ignore')
      continue
    const ids = layer.rows.map(({ values }) => String(fieldValue('id', values[column]) ?? ''))
    const prefix = mapping.kind === undefined ? undefined : PREFIXES[mapping.kind]
    const clash =
      mapping.idPrefix === undefined && prefix !== undefined && ids.some((id) => id !== '' && seen.has(id))
    if (clash) done[i] = { ...mapping, idPrefix: prefix }
    for (const id of ids) seen.add(`${clash ? prefix : (mapping.idPrefix ?? '')}${id}`)
  }
  return done
}

import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'
import type { LayerMapping, NetworkMapping } from '#contract/network-mapping.ts'
import { layerCrs } from './layer-crs.ts'
import { checkMapping } from './check-mapping.ts'
import { columnOf } from './guess-mapping.ts'
import type { Converted, DraftFeature } from './converted.ts'
import { farLayers } from './far-layers.ts'
import { placeRow } from './place-rows.ts'
import { idWasChanged, kindOfRow, propertiesOf, type Properties } from './row-properties.ts'
import type { Finding, SourceGeometry, SourceLayer, SourceRow } from './source-layer.ts'
import { joinNetwork } from './join-network.ts'

/** A feature of the network file to be, with the place in the delivery that it comes from. */
const SNAP_M = 0.5

/** Layers as a person matched them, as one network: places turned to WGS 84, lines joined, rows that are wrong named. */
export function convertLayers(
  layers: readonly SourceLayer[],
  mapping: NetworkMapping,
  { near }: { readonly near?: Position } = {},
): Converted {
  const problems: Finding[] = []
  const notes: Finding[] = []
  const drafts: DraftFeature[] = []
  let residualsM: readonly number[] | undefined
  let unplaced = false
  for (const [i, layer] of layers.entries()) {
    const own = mapping.layers.find(({ file, layer: name }) => file === layer.file && name === layer.layer)
    const where = { file: layer.file, layer: layer.layer }
    const tell =
      (list: Finding[]) =>
      (message: LocalizedText | undefined, more: Partial<Finding> = {}) => {
        if (message !== undefined) list.push({ message, ...where, ...more })
      }
    for (const note of layer.notes ?? []) tell(notes)(note)
    if (own === undefined) {
      tell(problems)({ zh: '这一图层还没有对应', en: 'this layer has not been matched' })
      continue
    }
    if (own.kind === 'ignore') continue
    for (const wrong of checkMapping(layer, own)) tell(problems)(wrong)
    const {
      crs,
      problem,
      note,
      residualsM: residuals,
    } = crsNeeded(layer, own) ? layerCrs(layer, own, mapping) : {}
    residualsM ??= residuals
    unplaced ||= problem !== undefined && crs === undefined
    tell(problems)(problem)
    // Against a network that stands a shift is found by itself.
    if (near === undefined || layer.crs !== undefined) tell(notes)(note)
    tell(notes)(unusedColumns(layer, own))
    for (const row of layer.rows) {
      const made = convertRow(row, own, { origin: [i, row.row], crs })
      if ('zh' in made.place) tell(problems)(made.place, { row: row.row, ...idOf(made.properties) })
      else if (made.properties !== undefined) {
        drafts.push({ properties: made.properties, geometry: made.place.geometry, origin: [i, row.row] })
        if (idWasChanged(row, own)) tell(notes)(CHANGED_ID, { row: row.row, ...idOf(made.properties) })
      }
    }
  }
  problems.push(...farLayers(drafts, layers, near), ...idsByCase(drafts, layers))
  const drawn = named(drafts, layers, notes)
  // Without a coordinate system nothing says how far a metre is.
  const joined = unplaced
    ? { features: drawn, problems: [], notes: [] }
    : joinNetwork(drawn, { layers, snapM: mapping.snapM ?? SNAP_M })
  return {
    features: joined.features,
    problems: [...problems, ...joined.problems],
    notes: [...notes, ...joined.notes],
    ...(residualsM === undefined ? {} : { residualsM }),
  }
}

const CHANGED_ID: LocalizedText = {
  zh: '编号里有不能用的字符,写为 _',
  en: 'the id has characters that an id cannot have; they are written as _',
}
const WITHOUT_ID: LocalizedText = {
  zh: '没有编号: 按图层与行号编号,下次交付将认不出它们',
  en: 'there is no id: it is called after layer and row, and the next delivery will not recognise it',
}

function crsNeeded(layer: SourceLayer, { fields }: LayerMapping): boolean {
  return (
    layer.rows.some((row) => row.geometry !== undefined) || fields.lon !== undefined || fields.x !== undefined
  )
}

function unusedColumns(layer: SourceLayer, { kindFrom, fields }: LayerMapping): LocalizedText | undefined {
  const used = new Set([kindFrom?.column, 'kind', 'devices', ...Object.values(fields).map(columnOf)])
  const unused = layer.columns.filter((column) => !used.has(column))
  if (unused.length === 0) return undefined
  const list = unused.slice(0, 8)
  const more = unused.length > list.length
  return {
    zh: `没有对应、不导入的列: ${list.join('、')}${more ? ` 等 ${unused.length} 列` : ''}`,
    en: `columns not matched and not imported: ${list.join(', ')}${more ? ` and ${unused.length - list.length} more` : ''}`,
  }
}

function convertRow(
  row: SourceRow,
  own: LayerMapping,
  { crs }: { readonly origin: readonly [number, number]; readonly crs: Parameters<typeof placeRow>[2] },
): {
  readonly properties?: Properties
  readonly place: LocalizedText | { readonly geometry: SourceGeometry | undefined }
} {
  const kind = kindOfRow(row, own)
  if (typeof kind !== 'string') return { place: kind }
  if (kind === 'ignore') return { place: { geometry: undefined } }
  const properties = propertiesOf(row, kind, own)
  const geometry = placeRow(row, own, crs)
  if (geometry !== undefined && 'zh' in geometry) return { properties, place: geometry }
  if (
    geometry === undefined &&
    (kind !== 'pipe' || properties.from === undefined || properties.to === undefined)
  ) {
    return { properties, place: { zh: '没有坐标', en: 'there are no coordinates' } }
  }
  return { properties, place: { geometry } }
}

function idOf(properties: Properties | undefined): { readonly id?: string } {
  return typeof properties?.id === 'string' ? { id: properties.id } : {}
}

/** Ids for rows without one, names for points without one. */
function named(
  drafts: readonly DraftFeature[],
  layers: readonly SourceLayer[],
  notes: Finding[],
): readonly DraftFeature[] {
  return drafts.map((draft) => {
    const { properties, origin } = draft
    const isArea = properties.kind === 'area'
    const layer = layers[origin[0]]
    if (properties.id === undefined && !isArea) {
      notes.push({ message: WITHOUT_ID, file: layer?.file ?? '', layer: layer?.layer ?? '', row: origin[1] })
    }
    const made = `${(layer?.layer ?? '').replaceAll(/[^\p{L}\p{N}]/gu, '_')}-${origin[1]}`
    const id = properties.id ?? (isArea ? undefined : made)
    const name = properties.name ?? (isArea || properties.kind === 'pipe' ? undefined : id)
    return {
      ...draft,
      properties: {
        ...properties,
        ...(id === undefined ? {} : { id }),
        ...(name === undefined ? {} : { name }),
      },
    }
  })
}

/** Two ids that only differ by case are one asset to a person, and two to every program. */
function idsByCase(drafts: readonly DraftFeature[], layers: readonly SourceLayer[]): readonly Finding[] {
  const spelt = new Map<string, string>()
  return drafts.flatMap(({ properties: { id }, origin }) => {
    if (typeof id !== 'string') return []
    const first = spelt.get(id.toLowerCase())
    if (first === undefined) spelt.set(id.toLowerCase(), id)
    if (first === undefined || first === id) return []
    const message = { zh: `编号与 ${first} 只有大小写不同`, en: `the id differs from ${first} by case only` }
    const layer = layers[origin[0]]
    return [{ message, file: layer?.file ?? '', layer: layer?.layer ?? '', row: origin[1], id }]
  })
}

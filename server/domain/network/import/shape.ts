import type { LocalizedText } from '#contract/text.ts'
import type { ImportMistake } from '#contract/import-mistake.ts'
import type { FeatureKind, NetworkFile } from '#contract/network.ts'
import { PROPERTIES_BY_KIND } from '#contract/network.ts'
import type { NetworkFeature } from '../features.ts'
import { checkGeometry } from './geometry.ts'
import { complainAbout, type Complain } from './mistake.ts'
import { checkProperties, isObject } from './properties.ts'

export interface Shape {
  readonly features: NetworkFile['features']
  readonly mistakes: readonly ImportMistake[]
  readonly warnings: readonly LocalizedText[]
  /** Ids of features that are wrong in themselves: what points to them is not wrong for that. */
  readonly wrongIds: ReadonlySet<string>
}

/** Coordinate systems that a file may name; RFC 7946 knows only WGS 84, CGCS2000 equals it within 0.1 m. */
const GOOD_CRS = /(CRS84|EPSG:{1,2}4326|EPSG:{1,2}4490)$/

/** Checks each feature of a file for itself: GeoJSON, schema by kind, geometry, ids given twice. */
export function checkShape(raw: unknown): Shape {
  const mistakes: ImportMistake[] = []
  const ofFile = complainAbout(mistakes, '')
  if (!isObject(raw) || raw.type !== 'FeatureCollection' || !Array.isArray(raw.features)) {
    ofFile('/type', '不是 GeoJSON 的 FeatureCollection', 'this is no FeatureCollection of GeoJSON')
    return { features: [], mistakes, warnings: [], wrongIds: new Set() }
  }
  if (raw.features.length === 0) ofFile('/features', '文件里没有任何要素', 'the file has no feature')
  const wrong = wrongCrs(raw.crs)
  if (wrong !== undefined) ofFile('/crs', wrong.zh, wrong.en)

  const ignored = new Map<string, number>()
  const seen = new Set<string>()
  const wrongIds = new Set<string>()
  const features = raw.features.flatMap((feature: unknown, i) => {
    const name = nameOf(feature, i)
    const complain = complainAbout(mistakes, name)
    const checked = checkFeature(feature, complain, ignored)
    if (checked === undefined) {
      wrongIds.add(name)
      return []
    }
    const id = checked.properties.kind === 'area' ? undefined : checked.properties.id
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id)
      return [checked]
    }
    complain('/properties/id', `编号 ${id} 在文件中出现了不止一次`, `the id ${id} is there more than once`)
    return []
  })
  const warnings = [...ignored].map(([field, n]) => ({
    zh: `忽略了不认识的属性 ${field}(${n} 处)`,
    en: `the unknown property ${field} is left out (${n} times)`,
  }))
  return { features, mistakes, warnings, wrongIds }
}

function checkFeature(
  feature: unknown,
  complain: Complain,
  ignored: Map<string, number>,
): NetworkFeature | undefined {
  if (!isObject(feature) || feature.type !== 'Feature' || !isObject(feature.properties)) {
    complain('', '不是带 properties 的 GeoJSON Feature', 'this is no GeoJSON Feature with properties')
    return undefined
  }
  const { kind } = feature.properties
  if (!isKind(kind)) {
    const kinds = Object.keys(PROPERTIES_BY_KIND)
    complain(
      '/properties/kind',
      `不认识的类别 kind: 应为 ${kinds.join('、')} 之一`,
      `the kind is not known: one of ${kinds.join(', ')} is wanted`,
    )
    return undefined
  }
  let wrong = false
  const note: Complain = (path, zh, en) => {
    wrong = true
    complain(path, zh, en)
  }
  const count = (field: string) => {
    const key = `${kind}.${field.slice(0, 60)}`
    if (ignored.has(key) || ignored.size < 100) ignored.set(key, (ignored.get(key) ?? 0) + 1)
  }
  const geometry = checkGeometry(kind, feature.geometry, note)
  const properties = checkProperties(kind, feature.properties, note, count)
  // Every field has just been checked against the schema of this kind.
  return wrong ? undefined : ({ type: 'Feature', geometry, properties } as unknown as NetworkFeature)
}

function isKind(kind: unknown): kind is FeatureKind {
  return typeof kind === 'string' && Object.hasOwn(PROPERTIES_BY_KIND, kind)
}

/** How a feature is called in a list of mistakes: its id, else its place in the file. */
function nameOf(feature: unknown, i: number): string {
  const place = `features[${i}]`
  if (!isObject(feature)) return place
  const own = isObject(feature.properties) ? feature.properties.id : undefined
  const id = own ?? feature.id
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 100) : place
}

/** What is wrong with the coordinate system that a file names; undefined where it is right or not named. */
function wrongCrs(crs: unknown): LocalizedText | undefined {
  if (crs === undefined || crs === null) return undefined
  const name = isObject(crs) && isObject(crs.properties) ? crs.properties.name : undefined
  if (typeof name === 'string' && GOOD_CRS.test(name)) return undefined
  return {
    zh: `坐标系应为 WGS 84(EPSG:4326)或 CGCS2000(EPSG:4490),文件写的是 ${String(name)}`,
    en: `WGS 84 (EPSG:4326) or CGCS2000 (EPSG:4490) is wanted, the file says ${String(name)}`,
  }
}

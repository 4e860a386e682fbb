import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { FeatureKind } from '#contract/network.ts'
import type { Complain } from './mistake.ts'
import { isObject } from './properties.ts'
import { checkRing } from './rings.ts'

/** More than any real pipe or area needs, and few enough to be checked in a moment. */
const MAX_VERTICES = 10_000

/** Where China lies, generously; a place outside it that would lie inside when turned round is turned round. */
const CHINA = { west: 73, south: 17, east: 136, north: 55 } as const
function inChina([lon, lat]: Position): boolean {
  return CHINA.west <= lon && lon <= CHINA.east && CHINA.south <= lat && lat <= CHINA.north
}

/** Checks the geometry that a kind needs and gives it back without altitudes; undefined when it is wrong. */
export function checkGeometry(kind: FeatureKind, geometry: unknown, complain: Complain): object | undefined {
  const wanted = kind === 'pipe' ? ['LineString'] : kind === 'area' ? ['Polygon', 'MultiPolygon'] : ['Point']
  if (!isObject(geometry) || typeof geometry.type !== 'string' || !wanted.includes(geometry.type)) {
    complain(
      '/geometry',
      `几何应为 ${wanted.join(' 或 ')}`,
      `the geometry should be a ${wanted.join(' or a ')}`,
    )
    return undefined
  }
  const { type, coordinates } = geometry
  const checked = checkCoordinates(type, coordinates, complain)
  return checked === undefined ? undefined : { type, coordinates: checked }
}

function checkCoordinates(type: string, coordinates: unknown, complain: Complain): unknown {
  const path = '/geometry/coordinates'
  switch (type) {
    case 'Point':
      return checkPosition(coordinates, path, complain)
    case 'LineString':
      return checkLine(coordinates, path, complain)
    case 'Polygon':
      return listOf(coordinates, path, complain, checkRingLine)
    default:
      return listOf(coordinates, path, complain, (polygon, at) =>
        listOf(polygon, at, complain, checkRingLine),
      )
  }
}

function checkRingLine(value: unknown, path: string, complain: Complain): readonly Position[] | undefined {
  const ring = checkLine(value, path, complain)
  if (ring !== undefined) checkRing(ring, path, complain)
  return ring
}

function checkLine(value: unknown, path: string, complain: Complain): readonly Position[] | undefined {
  if (Array.isArray(value) && value.length > MAX_VERTICES) {
    complain(
      path,
      `顶点过多(${value.length} 个),最多 ${MAX_VERTICES} 个`,
      `there are too many vertices (${value.length}), at most ${MAX_VERTICES}`,
    )
    return undefined
  }
  const line = listOf(value, path, complain, checkPosition)
  if (line === undefined || line.length >= 2) return line
  complain(path, '线至少要有两个点', 'a line has at least two points')
  return undefined
}

/** Every member by its own check; stops at the first wrong one, for the others are mostly wrong alike. */
function listOf<T>(
  value: unknown,
  path: string,
  complain: Complain,
  check: (member: unknown, path: string, complain: Complain) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    complain(path, '坐标应为列表,且不能为空', 'coordinates are a list that is not empty')
    return undefined
  }
  const good: T[] = []
  for (const [i, member] of value.entries()) {
    const checked = check(member, `${path}/${i}`, complain)
    if (checked === undefined) return undefined
    good.push(checked)
  }
  return good
}

function checkPosition(value: unknown, path: string, complain: Complain): Position | undefined {
  const [lon, lat]: unknown[] = Array.isArray(value) ? value : []
  if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat)) {
    complain(path, '坐标应为 [经度, 纬度] 两个数', 'a place is two numbers, [longitude, latitude]')
    return undefined
  }
  const wrong = wrongPlace([lon, lat])
  if (wrong === undefined) return [lon, lat]
  complain(path, wrong.zh, wrong.en)
  return undefined
}

function wrongPlace([lon, lat]: Position): LocalizedText | undefined {
  const turnedRound = !inChina([lon, lat]) && inChina([lat, lon])
  if (turnedRound) {
    return {
      zh: `经纬度写反了: [${lon}, ${lat}],应为 [经度, 纬度]`,
      en: `longitude and latitude are swapped: [${lon}, ${lat}]`,
    }
  }
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return undefined
  return Math.abs(lon) > 1000 || Math.abs(lat) > 1000
    ? {
        zh: `不是经纬度: [${lon}, ${lat}],像是以米计的投影坐标,应为 WGS 84`,
        en: `these are no degrees: [${lon}, ${lat}] look like metres of a projection; WGS 84 is wanted`,
      }
    : {
        zh: `超出经纬度范围: [${lon}, ${lat}]`,
        en: `this is beyond the range of longitude and latitude: [${lon}, ${lat}]`,
      }
}

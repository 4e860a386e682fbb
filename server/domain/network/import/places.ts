import type { ImportMistake } from '#contract/import-mistake.ts'
import gcoord from 'gcoord'
import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { NetworkFile } from '#contract/network.ts'
import { isPipe, isPoint, polygonsOf, type NetworkFeature } from '../features.ts'
import { distanceM } from '../geometry.ts'
import { complainAbout } from './mistake.ts'

// Its types speak of a module with a default export, Node gives the CommonJS object itself.
const { transform, WGS84, GCJ02 } = 'default' in gcoord ? gcoord.default : gcoord

/** No district heating network is wider: a place farther off is a slip of a digit. */
const FARTHEST_KM = 200
/** GCJ-02 shifts a place by 100 to 700 m; a shift equal to it within this is no accident. */
const SAME_M = 5
const SHIFTED_M = 50

/** Checks places against each other: far off the rest, lines and points in different coordinates. */
export function checkPlaces(features: NetworkFile['features']): readonly ImportMistake[] {
  const mistakes: ImportMistake[] = []
  const middle = middleOf(features)
  const points = new Map(
    features.filter(isPoint).map((f) => [f.properties.id, f.geometry.coordinates] as const),
  )
  for (const feature of features) {
    const complain = complainAbout(mistakes, feature.properties.id ?? '')
    const far = placesOf(feature).find((place) => kmBetween(place, middle) > FARTHEST_KM)
    if (far !== undefined) {
      const turned = kmBetween([far[1], far[0]], middle) <= FARTHEST_KM
      const [zh, en] = turned
        ? [',像是经纬度写反了', '; longitude and latitude seem to be swapped']
        : ['', '']
      complain(
        '/geometry/coordinates',
        `[${far.join(', ')}] 离其他要素超过 ${FARTHEST_KM} 公里${zh}`,
        `[${far.join(', ')}] lies more than ${FARTHEST_KM} km from everything else${en}`,
      )
    }
    if (isPipe(feature) && endsShifted(feature.properties, feature.geometry.coordinates, points)) {
      complain(
        '/geometry/coordinates',
        '管线与其端点的坐标系不同: 偏移与 GCJ-02(火星坐标)一致,应为 WGS 84',
        'the pipe and its ends are in different systems: they are apart exactly as GCJ-02 is from WGS 84',
      )
    }
  }
  return mistakes
}

/**
 * Checks an incoming file against the network that stands: a point that moves exactly as GCJ-02 would
 * shift it was exported from a web map and must be turned back to WGS 84 first.
 */
export function checkShift(
  before: NetworkFile['features'],
  incoming: NetworkFile['features'],
): readonly ImportMistake[] {
  const known = new Map(before.filter(isPoint).map((f) => [f.properties.id, f.geometry.coordinates] as const))
  const mistakes: ImportMistake[] = []
  for (const { properties, geometry } of incoming.filter(isPoint)) {
    const old = known.get(properties.id)
    if (old === undefined || !isGcjOf(geometry.coordinates, old)) continue
    complainAbout(mistakes, properties.id)(
      '/geometry/coordinates',
      `比现有位置偏移 ${Math.round(distanceM(old, geometry.coordinates))} 米,与 GCJ-02(火星坐标)一致,应为 WGS 84`,
      `lies ${Math.round(distanceM(old, geometry.coordinates))} m from where it was, exactly as GCJ-02 shifts it; WGS 84 is wanted`,
    )
  }
  return mistakes
}

/** What the first network of all leaves in doubt when nothing says in which coordinates it is. */
export function doubtOfPlaces(features: NetworkFile['features']): readonly LocalizedText[] {
  if (features.length === 0) return []
  const [lon, lat] = middleOf(features)
  const [eastGcj = lon, northGcj = lat] = transform([lon, lat], WGS84, GCJ02)
  const offM = Math.round(distanceM([lon, lat], [eastGcj, northGcj]))
  const at = `[${lon.toFixed(5)}, ${lat.toFixed(5)}]`
  return [
    {
      zh: `文件没有写明坐标系,按 WGS 84 读取,管网中部在 ${at}: 若其实是 GCJ-02(高德、腾讯地图),全部位置会偏 ${offM} 米,BD-09(百度地图)更多;请在地图上核对`,
      en: `the file names no coordinate system and is read as WGS 84, its middle at ${at}: if it is GCJ-02 (Amap, Tencent) every place is ${offM} m off, BD-09 (Baidu) more; check it on the map`,
    },
  ]
}

function endsShifted(
  { from, to }: { from: string; to: string },
  line: readonly Position[],
  points: ReadonlyMap<string, Position>,
): boolean {
  const pairs = [
    [line[0], points.get(from)],
    [line.at(-1), points.get(to)],
  ] as const
  return pairs.every(([a, b]) => a !== undefined && b !== undefined && (isGcjOf(a, b) || isGcjOf(b, a)))
}

function isGcjOf(shifted: Position, wgs84: Position): boolean {
  if (distanceM(shifted, wgs84) < SHIFTED_M) return false
  const [lon, lat] = transform([wgs84[0], wgs84[1]], WGS84, GCJ02)
  return lon !== undefined && lat !== undefined && distanceM([lon, lat], shifted) < SAME_M
}

function placesOf(feature: NetworkFeature): readonly Position[] {
  if (isPoint(feature)) return [feature.geometry.coordinates]
  return isPipe(feature) ? feature.geometry.coordinates : polygonsOf(feature).flat(2)
}

/** The median place: a few wrong ones do not move it. */
function middleOf(features: NetworkFile['features']): Position {
  const firsts = features.flatMap((feature) => placesOf(feature).slice(0, 1))
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
  return [median(firsts.map(([lon]) => lon)), median(firsts.map(([, lat]) => lat))]
}

/** Flat-earth kilometres, good enough to tell 200 km from a network. */
function kmBetween([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const shrink = Math.cos((((lat1 + lat2) / 2) * Math.PI) / 180)
  return Math.hypot((lon1 - lon2) * shrink, lat1 - lat2) * 111.2
}

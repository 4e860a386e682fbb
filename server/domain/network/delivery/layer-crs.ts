import type { CrsChoice, LayerMapping, NetworkMapping } from '#contract/network-mapping.ts'
import type { Position } from '#contract/identity.ts'
import type { LocalizedText } from '#contract/text.ts'
import { fitControlPoints } from './control-points.ts'
import { crsOf, type Crs } from './crs.ts'
import type { SourceLayer } from './source-layer.ts'

export interface LayerCrs {
  /** Undefined where nobody can say where the places are. */
  readonly crs?: Crs
  readonly problem?: LocalizedText
  readonly note?: LocalizedText
  readonly residualsM?: readonly number[]
}

const UNNAMED: LocalizedText = {
  zh: '没有写明坐标系: 请选择(WGS 84、CGCS2000、GCJ-02、BD-09、EPSG 编号或控制点)',
  en: 'the coordinate system is not named: choose one (WGS 84, CGCS2000, GCJ-02, BD-09, an EPSG number or control points)',
}
const BY_FORMAT: LocalizedText = {
  zh: '没有写明坐标系,按 WGS 84 读取: 若其实是 GCJ-02(高德、腾讯)会偏几百米,BD-09(百度)更多;请在地图上核对',
  en: 'no coordinate system is named, read as WGS 84: if it is GCJ-02 (Amap, Tencent) all places are some hundred metres off, BD-09 (Baidu) more; check them on the map',
}
const NEEDS_PARAMETERS: LocalizedText = {
  zh: '北京54、西安80 没有本市的转换参数,位置可能偏 50–150 米: 请给出参数(towgs84)或四个控制点',
  en: "Beijing 54 and Xi'an 80 may be 50–150 m off without the city's parameters: give them (towgs84) or four control points",
}

/** What a column's name says of its coordinates: gcj_lng, 经度(BD09). */
const SAID_IN_COLUMN = [
  [/gcj/i, 'GCJ-02'],
  [/bd.?09/i, 'BD-09'],
  [/wgs/i, 'EPSG:4326'],
] as const

/** In which coordinates a layer is: what a person says of it, of all, what the file says, or its format. */
export function layerCrs(layer: SourceLayer, own: LayerMapping, mapping: NetworkMapping): LayerCrs {
  const chosen = own.crs ?? mapping.crs
  if (chosen !== undefined) return { ...chosenCrs(chosen), ...otherThanFile(layer, chosen) }
  if (layer.crs !== undefined) return namedCrs(layer.crs)
  const inColumn = Object.values(own.fields).find(
    (column) => typeof column === 'string' && /gcj|bd.?09|wgs/i.test(column),
  )
  const named = SAID_IN_COLUMN.find(([words]) => typeof inColumn === 'string' && words.test(inColumn))
  if (named !== undefined) return namedCrs(named[1])
  const [x, y] = firstPlace(layer) ?? [0, 0]
  if (layer.crsByFormat !== true || Math.abs(x) > 180 || Math.abs(y) > 180) return { problem: UNNAMED }
  return { ...namedCrs('EPSG:4326'), note: BY_FORMAT }
}

function firstPlace({ rows }: SourceLayer): Position | undefined {
  const geometry = rows.find((row) => row.geometry !== undefined)?.geometry
  if (geometry?.type === 'point') return geometry.at
  return geometry?.type === 'line' ? geometry.lines[0]?.[0] : geometry?.polygons[0]?.[0]?.[0]
}

function chosenCrs(chosen: CrsChoice): LayerCrs {
  if (typeof chosen === 'string') return namedCrs(chosen)
  if ('system' in chosen) return namedCrs(chosen.system, chosen.towgs84)
  const fitted = fitControlPoints(chosen.controlPoints, chosen)
  const residuals = fitted.residualsM.length > 0 ? { residualsM: fitted.residualsM } : {}
  if ('problem' in fitted) return { problem: fitted.problem, ...residuals }
  const name = `${chosen.controlPoints.length} control points`
  return {
    crs: { name, needsParameters: false, toLonLat: fitted.toLonLat, wrong: () => undefined },
    ...residuals,
  }
}

function namedCrs(text: string, towgs84?: readonly number[]): LayerCrs {
  const crs = crsOf(text, towgs84)
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  if (crs === undefined) {
    return { problem: { zh: `不认识的坐标系 ${short}`, en: `the coordinate system ${short} is not known` } }
  }
  return crs.needsParameters ? { crs, problem: NEEDS_PARAMETERS } : { crs }
}

function otherThanFile({ crs: said }: SourceLayer, chosen: CrsChoice): { readonly note?: LocalizedText } {
  const inFile = said === undefined ? undefined : crsOf(said)?.name
  const name = typeof chosen === 'string' ? crsOf(chosen)?.name : undefined
  if (inFile === undefined || inFile === name) return {}
  return {
    note: {
      zh: `文件写的坐标系是 ${inFile},按所选的读取`,
      en: `the file says ${inFile}; it is read as chosen`,
    },
  }
}

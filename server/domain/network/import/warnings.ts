import type { LocalizedText } from '#contract/text.ts'
import type { NetworkLevel } from '#contract/vocabulary.ts'
import { areasContaining } from '../areas.ts'
import { isPipeAsset, pipesOfPoint, positionOf } from '../assets.ts'
import { levelOf } from '../class.ts'
import { instantOfDate } from '../dates.ts'
import { distanceM, placeOnLine } from '../geometry.ts'
import type { Area, Asset, Network, PointAsset } from '../network.ts'
import { partsOf } from '../zone.ts'
import { someOf } from './mistake.ts'

/** A pipe drawn farther than this from its points, or a well from its pipe, is probably misdrawn. */
const FAR_END_M = 200

/** What a good file leaves impossible or doubtful, in sentences for the engineer. */
export function warningsOf(network: Network): readonly LocalizedText[] {
  const points = [...network.points.values()]
  const pipes = [...network.pipes.values()]
  const ids = (assets: readonly { readonly id: string }[]) => assets.map(({ id }) => id)
  const some = (
    assets: readonly { readonly id: string }[],
    zh: (list: string) => string,
    en: (list: string) => string,
  ): readonly LocalizedText[] => {
    const list = someOf(ids(assets))
    return assets.length === 0 ? [] : [{ zh: zh(list.zh), en: en(list.en) }]
  }

  const sources = points.filter((p) => p.kind === 'source')
  const stations = points.filter((p) => p.kind === 'station')
  const primary = pipes.filter((pipe) => pipe.network === 'primary')
  return [
    ...hydraulicWarnings(network, sources.length > 0),
    ...some(
      sources.filter((s) => s.supplyPressureMpa === undefined || s.holdingPressureMpa === undefined),
      (list) => `热源 ${list} 缺供水压力或定压压力: 水力模型不能核对绝对压力`,
      (list) =>
        `sources ${list} lack the supply pressure or the holding pressure: the hydraulic model cannot check absolute pressures`,
    ),
    ...some(
      primary.filter((pipe) => pipe.diameterMm === undefined),
      (list) => `一次网管线 ${list} 缺管径: 其上泄漏不能由水力模型定位,泄漏量不能估算`,
      (list) =>
        `primary pipes ${list} lack their diameter: a leak on them is not located by the hydraulic model, nor its amount estimated`,
    ),
    ...some(
      stations.filter((s) => s.nominalFlowTh === undefined),
      (list) => `换热站 ${list} 缺额定流量: 水力模型按平均分配`,
      (list) => `stations ${list} lack their nominal flow: the hydraulic model shares it out evenly`,
    ),
    ...some(
      pipes.filter((pipe) => endsFar(network, pipe.id)),
      (list) => `管线 ${list} 的端部距其端点超过 ${FAR_END_M} 米`,
      (list) => `pipes ${list} are drawn more than ${FAR_END_M} m from their ends`,
    ),
    ...some(
      points.filter((p) => isFarFromPipe(network, p)),
      (list) => `热力井 ${list} 距其所在管线超过 ${FAR_END_M} 米`,
      (list) => `wells ${list} lie more than ${FAR_END_M} m from the pipe that they are on`,
    ),
    ...some(
      points.filter((p) => p.kind !== 'source' && pipesOfPoint(network, p.id).length === 0),
      (list) => `${list} 不在任何管线上: 不能判断主干/支线、上下游和水力分区`,
      (list) => `${list} are on no pipe: trunk or branch, upstream, downstream and zone are not known`,
    ),
    ...some(
      points.filter((p) => isMisnamed(network, p)),
      (list) => `${list} 写为一次网,但只连着二次网管线: 按一次网处理`,
      (list) => `${list} are called primary but only have secondary pipes: they are taken as primary`,
    ),
    ...some(
      [...points, ...pipes].filter(endsBeforeItBegins),
      (list) => `${list} 的质保期止早于投运日期`,
      (list) => `the warranty of ${list} ends before they were commissioned`,
    ),
    ...areaWarnings(network),
  ]
}

const LEVEL_NAMES: Readonly<Record<NetworkLevel, LocalizedText>> = {
  primary: { zh: '一次网', en: 'primary' },
  secondary: { zh: '二次网', en: 'secondary' },
}
const NO_SOURCE: LocalizedText = {
  zh: '没有热源: 不能做水力计算和泄漏定位,也不能判断上下游',
  en: 'there is no heat source: no hydraulics, no place of a leak, no upstream and downstream',
}

function hydraulicWarnings(network: Network, hasSource: boolean): readonly LocalizedText[] {
  const parts = partsOf(network)
  const feeding = (level: NetworkLevel) => (level === 'primary' ? ['source'] : ['source', 'station'])
  const islands = parts.filter(({ level, points }) => {
    return !points.some((id) => feeding(level).includes(network.points.get(id)?.kind ?? ''))
  })
  const primaryPipes = [...network.pipes.values()].filter((pipe) => pipe.network === 'primary')
  const primaryParts = parts.filter(({ level }) => level === 'primary')
  const primaryPoints = new Set(primaryPipes.flatMap((pipe) => [pipe.from, pipe.to]))
  const loops = primaryPipes.length - primaryPoints.size + primaryParts.length
  return [
    ...(hasSource ? [] : [NO_SOURCE]),
    ...(hasSource ? islands : []).map(({ level, start, points }) => ({
      zh: `${LEVEL_NAMES[level].zh}中 ${points.length} 个点(${start} 等)不与${level === 'primary' ? '热源' : '换热站'}连通: 不能判断其上下游`,
      en: `${points.length} points of the ${LEVEL_NAMES[level].en} network (${start} and others) hang together with no ${level === 'primary' ? 'source' : 'station'}: what is upstream of them is not known`,
    })),
    ...(loops > 0
      ? [
          {
            zh: `一次网有 ${loops} 个环: 环内上下游按阻力最小的路径判断`,
            en: `the primary network has ${loops} loops: upstream in them is judged by the way of least resistance`,
          },
        ]
      : []),
  ].slice(0, 50)
}

function endsFar(network: Network, pipeId: string): boolean {
  const pipe = network.pipes.get(pipeId)
  const pairs = [[pipe?.line[0], pipe?.from] as const, [pipe?.line.at(-1), pipe?.to] as const]
  return pairs.some(([place, id]) => {
    const point = network.points.get(id ?? '')
    return place !== undefined && point !== undefined && distanceM(place, point.position) > FAR_END_M
  })
}

function isFarFromPipe(network: Network, point: PointAsset): boolean {
  if (point.kind !== 'well' || point.onPipe === undefined) return false
  const pipe = network.pipes.get(point.onPipe)
  return pipe !== undefined && placeOnLine(pipe.line, point.position).distanceM > FAR_END_M
}

function isMisnamed(network: Network, point: PointAsset): boolean {
  if (point.kind === 'station' || point.network !== 'primary') return false
  const levels = pipesOfPoint(network, point.id).map((pipe) => pipe.network)
  return levels.length > 0 && !levels.includes('primary')
}

function endsBeforeItBegins({ commissionedAt, warrantyUntil }: Asset): boolean {
  const [begins, ends] = [instantOfDate(commissionedAt ?? ''), instantOfDate(warrantyUntil ?? '')]
  return begins !== undefined && ends !== undefined && ends < begins
}

/** Stations and secondary assets that go by area and will have none, or two at once. */
function areaWarnings(network: Network): readonly LocalizedText[] {
  const byArea = [...network.points.values(), ...network.pipes.values()].filter((asset) => {
    return asset.kind === 'station' || (asset.kind !== 'source' && levelOf(network, asset) === 'secondary')
  })
  const none: string[] = []
  const several: string[] = []
  for (const asset of byArea) {
    const areas = placesOf(asset).map((place) => areasContaining(network, place))
    if (areas.some((found) => found.length === 0)) none.push(asset.id)
    else if (areas.some(disagree)) several.push(asset.id)
  }
  const [outside, twice] = [someOf(none), someOf(several)]
  return [
    ...(none.length === 0
      ? []
      : [
          {
            zh: `${outside.zh} 不(全)在任何责任区域内: 其工单由调度中心研判`,
            en: `${outside.en} are not (wholly) in any area of responsibility: the dispatch centre decides on their tickets`,
          },
        ]),
    ...(several.length === 0
      ? []
      : [
          {
            zh: `${twice.zh} 同时在两个责任区域内: 其工单由调度中心研判`,
            en: `${twice.en} are in two areas of responsibility at once: the dispatch centre decides on their tickets`,
          },
        ]),
  ]
}

function placesOf(asset: Asset) {
  if (!isPipeAsset(asset)) return [positionOf(asset)]
  return [asset.line[0], asset.line.at(-1)].filter((place) => place !== undefined)
}

function disagree(areas: readonly Area[]): boolean {
  return areas.some((a, i) =>
    areas.slice(i + 1).some((b) => {
      const together = Math.max(a.validFrom ?? -Infinity, b.validFrom ?? -Infinity)
      return (
        a.departmentId !== b.departmentId && together < Math.min(a.validTo ?? Infinity, b.validTo ?? Infinity)
      )
    }),
  )
}

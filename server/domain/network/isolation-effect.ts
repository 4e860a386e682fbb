import type { LocalizedText } from '#contract/text.ts'
import type { Instant } from '../instant.ts'
import { areaAt } from './areas.ts'
import { calledName } from './assets.ts'
import { assetOf } from './assets.ts'
import { stationOf } from './zone.ts'
import type { Isolation } from './isolation.ts'
import type { Network, PointAsset } from './network.ts'

/** Who is without heat while an asset is isolated. */
export interface IsolationEffect {
  readonly stations: readonly {
    readonly id: string
    readonly name: string
    readonly address?: string
    readonly households?: number
    readonly heatedAreaM2?: number
    /** Only a part of its secondary network is cut off: its figures are the most it can be. */
    readonly partly: boolean
  }[]
  /** Sums over the stations whose figures the network file gives [households, m²]. */
  readonly households: number
  readonly heatedAreaM2: number
  /** Stations without these figures: the sums are too small. */
  readonly unknown: readonly string[]
  readonly areas: readonly { readonly id: string; readonly name: string; readonly departmentId: string }[]
  /** Addresses of what is cut off, as the network file has them. */
  readonly streets: readonly string[]
}

/** The stations, homes, areas and streets behind an isolation at an instant. */
export function effectOf(network: Network, isolation: Isolation, at: Instant): IsolationEffect {
  const points = isolation.points.flatMap((id) => network.points.get(id) ?? [])
  const whole = points.filter(({ kind }) => kind === 'station' && isolation.level === 'primary')
  const wholeIds = new Set(whole.map(({ id }) => id))
  const partly = new Set(
    isolation.level === 'primary'
      ? []
      : [...isolation.points, ...isolation.pipes].flatMap((id) => stationOf(network, id) ?? []),
  )
  const stations = [...whole, ...[...partly].flatMap((id) => network.points.get(id) ?? [])]
    .map((point) => stationLine(point, !wholeIds.has(point.id) && !isolation.stop.includes(point.id)))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const areas = new Map(
    points.flatMap(({ position }) => {
      const found = areaAt(network, position, at)
      return found.kind === 'one' ? [[found.area.id, found.area] as const] : []
    }),
  )
  const addresses = [...isolation.points, ...isolation.pipes].flatMap((id) => {
    const asset = assetOf(network, id)
    return asset === undefined || asset.kind === 'valve' ? [] : (asset.address ?? [])
  })
  return {
    stations,
    households: sum(stations.map(({ households }) => households)),
    heatedAreaM2: sum(stations.map(({ heatedAreaM2 }) => heatedAreaM2)),
    unknown: stations.filter(({ households }) => households === undefined).map(({ id }) => id),
    areas: [...areas.values()].map(({ id, name, departmentId }) => ({ id, name, departmentId })),
    streets: [...new Set(addresses)].sort(),
  }
}

function stationLine(point: PointAsset, partly: boolean): IsolationEffect['stations'][number] {
  const { id, name, address } = point
  const { households, heatedAreaM2 } = point.kind === 'station' ? point : {}
  return {
    id,
    name,
    partly,
    ...(address === undefined ? {} : { address }),
    ...(households === undefined ? {} : { households }),
    ...(heatedAreaM2 === undefined ? {} : { heatedAreaM2 }),
  }
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, one) => total + (one ?? 0), 0)
}

const MAX_NAMED = 12

/** A notice for residents as a draft: a dispatcher reads it, adds the time, and publishes it. */
export function draftNotice(network: Network, isolation: Isolation, effect: IsolationEffect): LocalizedText {
  const asset = assetOf(network, isolation.assetId)
  const name = asset === undefined ? isolation.assetId : calledName(asset)
  const nameEn = asset?.name ?? isolation.assetId
  const stations = effect.stations.map((one) => (one.partly ? `${one.name}(部分)` : one.name))
  const stationsEn = effect.stations.map((one) => (one.partly ? `${one.name} (in part)` : one.name))
  if (effect.stations.length === 0 && effect.streets.length === 0) {
    return {
      zh: `因${name}抢修需关闭阀门,预计不影响居民供热。`,
      en: `Valves are closed to repair ${nameEn}; no home is expected to lose heat.`,
    }
  }
  const most = effect.stations.some(({ partly }) => partly)
  const [zhHomes, enHomes] = homes(effect, most)
  const streets = effect.streets.slice(0, MAX_NAMED)
  return {
    zh: [
      `停热公告:因${name}抢修,需临时停热。`,
      ...(stations.length === 0 ? [] : [`涉及换热站:${named(stations, '、')}${zhHomes}。`]),
      ...(streets.length === 0
        ? []
        : [`涉及地段:${streets.join('、')}${effect.streets.length > MAX_NAMED ? '等' : ''}。`]),
      '恢复供热时间另行通知,给您带来不便,敬请谅解。',
    ].join(''),
    en: [
      `Heat is interrupted while ${nameEn} is repaired.`,
      ...(stationsEn.length === 0 ? [] : [` Stations: ${named(stationsEn, ', ')}${enHomes}.`]),
      ...(streets.length === 0
        ? []
        : [` Streets: ${streets.join(', ')}${effect.streets.length > MAX_NAMED ? ' and others' : ''}.`]),
      ' The time of return will be announced.',
    ].join(''),
  }
}

function named(names: readonly string[], between: string): string {
  const more = names.length - MAX_NAMED
  return `${names.slice(0, MAX_NAMED).join(between)}${more > 0 ? ` … +${String(more)}` : ''}`
}

function homes(
  { households, heatedAreaM2, unknown }: IsolationEffect,
  most: boolean,
): readonly [string, string] {
  if (households === 0 && heatedAreaM2 === 0) return ['', '']
  const zhBound = most ? '至多' : unknown.length > 0 ? '至少' : '约'
  const enBound = most ? 'at most' : unknown.length > 0 ? 'at least' : 'about'
  const area = Math.round(heatedAreaM2)
  return [
    `,${zhBound} ${String(households)} 户、${String(area)} 平方米`,
    `, ${enBound} ${String(households)} households, ${String(area)} m²`,
  ]
}

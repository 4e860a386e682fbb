import type { ImportMistake } from '#contract/import-mistake.ts'
import type { AreaFeature, NetworkFile, PipeFeature, PointFeature } from '#contract/network.ts'
import { instantOfDate } from '../dates.ts'
import { idsOf, isPipe, isPoint, type FileIds } from '../features.ts'
import { plainAlias } from '../../translation/alias.ts'
import { complainAbout, type Complain } from './mistake.ts'

type Ids = FileIds & { readonly wrongIds: ReadonlySet<string> }

/**
 * Checks what features say of each other: ends of pipes, pipes of wells, devices, areas of one id.
 * @param wrongIds features that have their own mistake already; they count as there
 */
export function checkReferences(
  features: NetworkFile['features'],
  wrongIds: ReadonlySet<string> = new Set(),
): readonly ImportMistake[] {
  const mistakes: ImportMistake[] = []
  const ids: Ids = { ...idsOf(features), wrongIds }
  const deviceAt = new Map<string, string>()
  const aliasOf = new Map<string, string>()
  for (const feature of ids.assets.values()) {
    const complain = complainAbout(mistakes, idOf(feature))
    if (isPipe(feature)) checkPipe(feature, ids, complain)
    else if (isPoint(feature)) checkPoint(feature, ids, deviceAt, complain)
    if (isPoint(feature)) checkAliases(feature, aliasOf, complain)
  }
  for (const [id, areas] of ids.areas) checkArea(areas, complainAbout(mistakes, id))
  return mistakes
}

function idOf(feature: NetworkFile['features'][number]): string {
  return feature.properties.id ?? ''
}

function checkPipe({ properties }: PipeFeature, { assets, wrongIds }: Ids, complain: Complain): void {
  for (const end of ['from', 'to'] as const) {
    const point = assets.get(properties[end])
    if (wrongIds.has(properties[end])) continue
    if (point === undefined)
      complain(
        `/properties/${end}`,
        `管线的端点 ${properties[end]} 不存在`,
        `the pipe ends at ${properties[end]}, which is not there`,
      )
    else if (!isPoint(point))
      complain(
        `/properties/${end}`,
        `管线的端点 ${properties[end]} 不是点`,
        `the pipe ends at ${properties[end]}, which is no point`,
      )
  }
  if (properties.from === properties.to)
    complain('/properties/to', '管线的起点与终点是同一个点', 'the pipe begins and ends at the same point')
}

function checkPoint(
  { properties }: PointFeature,
  { assets, wrongIds }: Ids,
  deviceAt: Map<string, string>,
  complain: Complain,
): void {
  const isPipeId = (id: string) => wrongIds.has(id) || assets.get(id)?.properties.kind === 'pipe'
  if (properties.kind === 'well' && properties.onPipe !== undefined && !isPipeId(properties.onPipe)) {
    complain(
      '/properties/onPipe',
      `所在管线 ${properties.onPipe} 不存在`,
      `the pipe ${properties.onPipe} that it lies on is not there`,
    )
  }
  for (const [i, device] of (properties.devices ?? []).entries()) {
    const path = `/properties/devices/${i}`
    const other = deviceAt.get(device.id)
    if (other !== undefined)
      complain(
        `${path}/id`,
        `设备 ${device.id} 已在 ${other} 上;一台设备只能在一处`,
        `the device ${device.id} is at ${other} already; it can only be in one place`,
      )
    deviceAt.set(device.id, properties.id)
    if (device.pipe !== undefined && !isPipeId(device.pipe)) {
      complain(
        `${path}/pipe`,
        `设备 ${device.id} 所测管线 ${device.pipe} 不存在`,
        `the pipe ${device.pipe} that device ${device.id} measures is not there`,
      )
    }
  }
}

/** A platform's word for a device means one device alone. */
function checkAliases(
  { properties: { devices = [] } }: PointFeature,
  aliasOf: Map<string, string>,
  complain: Complain,
): void {
  for (const [i, { id, aliases = [] }] of devices.entries()) {
    for (const alias of aliases.map(plainAlias)) {
      const other = alias === undefined ? undefined : aliasOf.get(alias)
      if (alias === undefined) continue
      if (other !== undefined && other !== id)
        complain(
          `/properties/devices/${i}/aliases`,
          `平台标识 ${alias} 已属于设备 ${other}`,
          `the alias ${alias} is that of the device ${other} already`,
        )
      aliasOf.set(alias, id)
    }
  }
}

/** One area may pass from one department to the next, but never belong to two at once. */
function checkArea(areas: readonly AreaFeature[], complain: Complain): void {
  const spans = areas.map(({ properties: { validFrom, validTo } }) => ({
    from: instantOfDate(validFrom ?? '') ?? -Infinity,
    to: instantOfDate(validTo ?? '') ?? Infinity,
  }))
  if (spans.some(({ from, to }) => from >= to))
    complain('/properties/validTo', '失效时间应晚于生效时间', 'validTo should be later than validFrom')
  const byStart = [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))
  const overlap = byStart.some(({ from }, i) => from < (byStart[i - 1]?.to ?? -Infinity))
  if (overlap)
    complain(
      '/properties/id',
      '同一编号的区域出现多次,且有效期重叠',
      'areas of this id are there more than once, and at the same time',
    )
}

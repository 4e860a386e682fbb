import type { LocalizedText } from '#contract/text.ts'
import type { NetworkFile } from '#contract/network.ts'
import { isPoint } from '../features.ts'
import { devicesIn, withDevices, type ListedDevice, type StandingFile } from '../listed-devices.ts'
import { someOf } from './mistake.ts'

/**
 * The features of an import in which every listed device stands as the list has it, whatever the file says
 * of it. A device whose asset is removed goes with it, and both are told.
 */
export function keepListed(
  before: StandingFile,
  merged: NetworkFile['features'],
): {
  readonly features: NetworkFile['features']
  readonly listed: readonly ListedDevice[]
  readonly warnings: readonly LocalizedText[]
} {
  const { listed = [] } = before
  if (listed.length === 0) return { features: merged, listed, warnings: [] }
  const points = new Set(merged.filter(isPoint).map(({ properties }) => properties.id))
  const [old, given] = [devicesIn(before.features), devicesIn(merged)]
  const lost = listed.filter((one) => one.retired === undefined && !points.has(one.assetId))
  const otherwise = listed.filter(({ id, assetId }) => {
    const said = given.get(id)
    if (said === undefined) return false
    return said.assetId !== assetId || JSON.stringify(said.device) !== JSON.stringify(old.get(id)?.device)
  })
  const ids = new Set(listed.map(({ id }) => id))
  const standing = Map.groupBy(
    listed.filter(({ retired }) => retired === undefined),
    ({ assetId }) => assetId,
  )
  const features = merged.map((feature) => {
    if (!isPoint(feature)) return feature
    const { id, devices = [] } = feature.properties
    const own = (standing.get(id) ?? []).flatMap((one) => old.get(one.id)?.device ?? [])
    if (own.length === 0 && !devices.some((device) => ids.has(device.id))) return feature
    return withDevices(feature, [...devices.filter((device) => !ids.has(device.id)), ...own])
  })
  const kept = listed.filter((one) => !lost.includes(one))
  return { features, listed: kept, warnings: warningsOf(otherwise, lost) }
}

function warningsOf(
  otherwise: readonly ListedDevice[],
  lost: readonly ListedDevice[],
): readonly LocalizedText[] {
  const [kept, gone] = [otherwise, lost].map((list) => someOf(list.map(({ id }) => id)))
  return [
    ...(otherwise.length === 0 || kept === undefined
      ? []
      : [
          {
            zh: `设备 ${kept.zh} 以设备清单为准: 没有采用文件中的内容`,
            en: `the devices ${kept.en} stay as the list of devices has them: what the file says of them is not taken`,
          },
        ]),
    ...(lost.length === 0 || gone === undefined
      ? []
      : [
          {
            zh: `设备 ${gone.zh} 所在的设施被移除: 设备不再有位置`,
            en: `the assets of the devices ${gone.en} are removed: these devices stand nowhere any more`,
          },
        ]),
  ]
}

import { HOUR } from '../../instant.ts'
import { oncePerNetwork } from '../../network/assets.ts'
import type { PlacedDevice } from '../../network/network.ts'
import type { Site } from '../run.ts'
import { BUCKET_MS, meanOf, median, normalOf } from '../series.ts'
import { knownDevice, type SeriesState } from '../state.ts'

/** What one sample of a chamber says. */
export interface ChamberReading {
  readonly temperature: number | undefined
  readonly humidity: number | undefined
  readonly level: number | undefined
}

/** Which of the signs of a leak it shows. */
export interface ChamberSigns {
  readonly rise: number | undefined
  readonly rate: number | undefined
  readonly hot: boolean
  readonly humid: boolean
  readonly wet: boolean
  readonly steam: boolean
  readonly gushing: boolean
}

/** Judges one sample against the chamber's own baseline, or against absolute limits without one. */
export function signsOf(site: Site, { temperature, humidity, level }: ChamberReading): ChamberSigns {
  const settings = site.run.context.settings
  const { series } = site.device
  const primary = site.asset.network === 'primary'
  const normal = normalOf(series['chamber_c'])
  const rise = temperature === undefined || normal === undefined ? undefined : temperature - normal
  const rate = temperature === undefined ? undefined : riseWithinQuarter(series['chamber_c'], temperature)
  const above = rise === undefined ? undefined : rise - commonRise(site)
  const steam =
    primary &&
    temperature !== undefined &&
    temperature > settings.chamberSteamC &&
    (above ?? Infinity) > settings.chamberHumidRiseK
  const usuallyHumid = (normalOf(series['humidity_pct']) ?? 0) >= settings.chamberHumidityPct - 1
  const dry = normalOf(series['water_level_m']) ?? 0
  const depth = site.asset.kind === 'well' ? (site.asset.depthM ?? settings.wellDepthM) : settings.wellDepthM
  return {
    rise,
    rate,
    hot:
      steam ||
      (above ?? 0) > settings.chamberRiseK ||
      ((rate ?? 0) > settings.chamberRateK && (above ?? 0) > settings.chamberRateK),
    humid:
      humidity !== undefined &&
      humidity >= settings.chamberHumidityPct &&
      !usuallyHumid &&
      (above ?? 0) > settings.chamberHumidRiseK,
    wet: level !== undefined && level - dry > settings.wellLevelM,
    steam,
    gushing:
      level !== undefined && level > settings.wellGushShare * depth && level - dry > settings.wellLevelM,
  }
}

/** K above the lowest value of the last quarter of an hour. */
function riseWithinQuarter(series: SeriesState | undefined, now: number): number | undefined {
  if (series === undefined) return undefined
  let lowest = Infinity
  for (let index = series.recent.length - 1; index >= 0; index -= 1) {
    if (series.at - (series.recentAt[index] ?? 0) > BUCKET_MS) break
    lowest = Math.min(lowest, series.recent[index] ?? Infinity)
  }
  const { buckets } = series
  const before = buckets === undefined ? undefined : meanOf(buckets, buckets.newest - 1)
  if (before !== undefined && before < lowest) lowest = before
  return lowest === Infinity ? undefined : now - lowest
}

const ENOUGH_NEIGHBOURS = 5

const devicesByZone = oncePerNetwork((network): ReadonlyMap<string, readonly string[]> => {
  const zones = new Map<string, string[]>()
  for (const placed of network.devices.values()) {
    const key = zoneKey(placed)
    const known = zones.get(key)
    if (known === undefined) zones.set(key, [placed.id])
    else known.push(placed.id)
  }
  return zones
})

function zoneKey({ asset }: PlacedDevice): string {
  return `${asset.network} ${asset.zone ?? ''}`
}

/** When many chambers of the network warm up together, the water got hotter: an operation, not a leak. */
function commonRise(site: Site): number {
  const { state, context } = site.run
  const own = site.device.series['chamber_c']
  if (
    own === undefined ||
    Math.abs(own.value - (normalOf(own) ?? own.value)) < context.settings.chamberHumidRiseK
  )
    return 0
  const rises: number[] = []
  for (const id of devicesByZone(context.network).get(zoneKey(site.placed)) ?? []) {
    const series = knownDevice(state, id)?.series['chamber_c']
    if (series === undefined || id === site.device.id || own.at - series.at > HOUR) continue
    const normal = normalOf(series)
    if (normal !== undefined) rises.push(series.value - normal)
  }
  return rises.length < ENOUGH_NEIGHBOURS ? 0 : Math.max(0, median(rises))
}

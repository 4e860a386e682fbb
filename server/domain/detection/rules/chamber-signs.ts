import { HOUR } from '../../instant.ts'
import { oncePerNetwork } from '../../network/assets.ts'
import type { PlacedDevice } from '../../network/network.ts'
import type { Site } from '../core/context.ts'
import { BUCKET_MS, meanOf, median, normalOf, settledNormalOf } from '../core/series.ts'
import { setting, settingsOf, type SettingDefinitions } from '../core/settings.ts'
import { knownDevice, type SeriesState } from '../core/state.ts'

export const CHAMBER_SETTINGS = {
  chamberRiseK: setting(
    ['井室升温:高于24小时中位数', 'Chamber warms up: above its 24-hour median'],
    'K',
    8,
    [2, 40],
  ),
  chamberRateK: setting(['井室升温:15分钟内', 'Chamber warms up: within 15 minutes'], 'K', 4, [1, 40]),
  chamberHumidRiseK: setting(['高湿时的升温', 'Chamber warms up: while humid'], 'K', 3, [1, 20]),
  chamberHumidityPct: setting(['井室高湿', 'Chamber humid: humidity'], '%RH', 98, [80, 100]),
  chamberSteamC: setting(
    ['一次网井室冒汽温度', 'Chamber steam: temperature (primary network)'],
    '°C',
    55,
    [40, 100],
  ),
  chamberDangerC: setting(
    ['一次网井室无基线时的冒汽温度', 'Chamber steam without a baseline: temperature (primary network)'],
    '°C',
    75,
    [55, 99],
  ),
  chamberHoldS: setting(['井室单一信号:持续时间', 'Chamber: one sign alone is held for'], 's', 60, [0, 1800]),
  chamberClearHoldS: setting(['井室恢复:持续时间', 'Chamber back to normal: held for'], 's', 900, [0, 86400]),
  wellLevelM: setting(['井内积水:高于平时', 'Water in the well: above normal'], 'm', 0.1, [0.02, 2]),
  wellGushShare: setting(
    ['冒水:水位占井深', 'Gushing water: level as a share of the depth'],
    '',
    0.8,
    [0.3, 1],
  ),
  wellDepthM: setting(['井深(未登记时)', 'Well depth (where not registered)'], 'm', 2.5, [0.5, 20]),
} as const satisfies SettingDefinitions

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

/** Air so moist speaks for steam beside another sign. */
export const MOIST_PCT = 95
/** Ground water is colder than this [°C]; heating water that has filled a chamber is not. */
const GROUND_WATER_C = 30

/**
 * Judges one sample against what is usual in this very chamber: ground water stands in many, and some are
 * warm or damp all winter. Until that is known only what no sound chamber shows is a sign.
 */
export function signsOf(site: Site, { temperature, humidity, level }: ChamberReading): ChamberSigns {
  const settings = settingsOf(site, CHAMBER_SETTINGS)
  const { series } = site.device
  const primary = site.asset.network === 'primary'
  const normal = settledNormalOf(series['chamber_c'])
  const rise = temperature === undefined || normal === undefined ? undefined : temperature - normal
  const rate = temperature === undefined ? undefined : riseWithinQuarter(series['chamber_c'], temperature)
  const above =
    rise === undefined ? undefined : rise - commonRise(site, 'chamber_c', settings.chamberHumidRiseK)
  const steam =
    primary &&
    temperature !== undefined &&
    (above === undefined
      ? temperature > settings.chamberDangerC && (humidity ?? 100) >= MOIST_PCT
      : temperature > settings.chamberSteamC && above > settings.chamberHumidRiseK)
  const usuallyHumid = (normalOf(series['humidity_pct']) ?? 0) >= settings.chamberHumidityPct - 1
  const standing = settledNormalOf(series['water_level_m'])
  const risen =
    level === undefined || standing === undefined
      ? 0
      : level - standing - commonRise(site, 'water_level_m', settings.wellLevelM)
  const wet = risen > settings.wellLevelM
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
    wet,
    steam,
    gushing:
      level !== undefined &&
      level > settings.wellGushShare * depth &&
      (standing === undefined ? (temperature ?? Infinity) > GROUND_WATER_C : wet),
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

/** Deeper than this [m] water stands in a chamber. */
const STANDING_M = 0.05

/**
 * What many places rise by together: the water in the pipes of a zone got hotter, or the ground water of the
 * town higher after rain. Nobody's leak; 0 while this place itself has not changed by `least`.
 */
function commonRise(site: Site, signal: 'chamber_c' | 'water_level_m', least: number): number {
  const { state, context } = site.run
  const own = site.device.series[signal]
  if (own === undefined || Math.abs(own.value - (normalOf(own) ?? own.value)) < least) return 0
  const rises: number[] = []
  const { devices } = context.network
  const zone = signal === 'chamber_c' ? devicesByZone(context.network).get(zoneKey(site.placed)) : undefined
  for (const id of zone ?? devices.keys()) {
    const series = knownDevice(state, id)?.series[signal]
    if (series === undefined || id === site.device.id || own.at - series.at > HOUR) continue
    const normal = normalOf(series)
    if (normal === undefined || (signal === 'water_level_m' && normal < STANDING_M)) continue
    rises.push(series.value - normal)
  }
  return rises.length < ENOUGH_NEIGHBOURS ? 0 : Math.max(0, median(rises))
}

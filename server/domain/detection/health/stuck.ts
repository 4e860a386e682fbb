import { spanWords, figure } from '../core/words.ts'
import { clearFault, hasFault, raiseFault } from './faults.ts'
import { neighboursOf, placeOf } from './neighbours.ts'
import type { RawReading } from './raw-reading.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS, meansBetween, normalOf } from '../core/series.ts'
import type { DeviceState } from '../core/state.ts'

const NEIGHBOURS = 3
const STANDING_M = 0.05

/**
 * Twelve equal values in a row while three neighbours moved by more than 3 σ, or at the end
 * of the range while three neighbours stayed below it and the well itself gives no alarm: condensation.
 */
export function judgeStuck(run: DetectorRun, raw: RawReading): void {
  const { series, device, signal, trait, value } = raw
  const pinned = trait.pinnedAt !== undefined && value === trait.pinnedAt
  if (!trait.moves && !pinned && !hasFault(device, 'stuck', signal)) return
  if (isHeld(run, device.id, signal)) return
  if (value !== series.value) {
    if (!hasFault(device, 'stuck', signal)) return
    const why = { zh: `${signal} 读数重新变化`, en: `${signal} moves again` }
    clearFault(run, device, { fault: 'stuck', signal, at: raw.receivedAt, why })
    return
  }
  const equal = series.equal + 1
  const every = run.context.settings.stuckValues
  if (equal < every || equal % every !== 0 || hasFault(device, 'stuck', signal)) return
  if (pinned && (device.rules['chamber']?.raised !== undefined || standsInWater(device))) return
  const shows = (means: readonly number[]): boolean =>
    pinned
      ? Math.max(...means) < value - 3 * trait.sigma
      : Math.max(...means) - Math.min(...means) > 3 * trait.sigma
  const moved = neighboursThat(shows, run, raw)
  if (moved < NEIGHBOURS) return
  const others = pinned
    ? {
        zh: `其间 ${moved} 个邻近测点都低于它,疑为凝露`,
        en: `while ${moved} neighbours were below it: condensation`,
      }
    : { zh: `其间 ${moved} 个邻近测点有变化`, en: `while ${moved} neighbours moved` }
  const span = spanWords(raw.at - series.equalSince)
  raiseFault(run, device, {
    fault: 'stuck',
    signal,
    at: raw.receivedAt,
    eventAt: series.equalSince,
    grounds: {
      rule: 'quality.stuck',
      sentence: {
        zh: `设备 ${device.id} 的 ${signal} 连续 ${equal} 次为 ${figure(value, 3)}(${span.zh}),${others.zh}`,
        en: `${signal} of ${device.id} has been ${figure(value, 3)} ${equal} times in a row (${span.en}) ${others.en}`,
      },
      statistic: 'equal_values',
      value: equal,
      threshold: every,
      observed: value,
      windowS: Math.round((raw.at - series.equalSince) / 1000),
      signals: [signal],
    },
  })
}

/** Over standing water the air is saturated: that is no condensation on the sensor. */
function standsInWater({ series }: DeviceState): boolean {
  return (normalOf(series['water_level_m']) ?? 0) > STANDING_M
}

/** At the plant the return pressure is held: a constant value there is what is wanted. */
function isHeld(run: DetectorRun, deviceId: string, signal: string): boolean {
  return signal === 'primary_return_mpa' && placeOf(run.context.network, deviceId)?.kind === 'source'
}

function neighboursThat(
  shows: (means: readonly number[]) => boolean,
  run: DetectorRun,
  { series, device, signal }: RawReading,
): number {
  const since = Math.floor(series.equalSince / BUCKET_MS)
  let moved = 0
  for (const id of neighboursOf(run.context.network, device.id, signal)) {
    const other = Object.hasOwn(run.state.devices, id) ? run.state.devices[id]?.series[signal] : undefined
    if (id === device.id || other?.buckets === undefined || other.buckets.newest < since) continue
    const means = meansBetween(other.buckets, since, other.buckets.newest)
    if (means.length === 0) continue
    if (shows(means)) moved += 1
    if (moved >= NEIGHBOURS) return moved
  }
  return moved
}

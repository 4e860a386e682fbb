import { soundBuckets } from '../core/quarantine.ts'
import { BUCKET_MS, QUARTERS_OF_DAY, meanOf, meansBetween, median } from '../core/series.ts'
import { traitOf } from '../core/traits.ts'
import type { Change } from './changes.ts'
import type { Evaluation } from './evaluation.ts'

/** Levels count as exchanged within this much, or this share of what lies between them. */
const NEAR_KPA = 2
const NEAR_SHARE = 0.1
/** Levels closer than this say nothing when exchanged. */
const APART_KPA = 5
/** Another signal of the device has jumped too: so many of its smallest sigmas, and this share of its level. */
const JUMP_SIGMAS = 5
const JUMP_SHARE = 0.05

/** No service moves a zero so far: a jump of this much and this share of the level is another place's level. */
const ELSEWHERE_KPA = 60
const ELSEWHERE_SHARE = 0.18

/** What a sensor was swapped with: another sensor's key and change, its own device as a whole, or nobody known. */
export interface Swap {
  readonly with?: string
  readonly other?: Change
}

/**
 * Whether a stray sensor answers under another's name: two sensors have exchanged their levels, or every
 * other level of the device has jumped with it, or it has jumped to a level that its place never has.
 */
export function swapOf(evaluation: Evaluation, change: Change): Swap | undefined {
  const other = evaluation.changes.list.find((one) => one !== change && haveExchanged(one, change))
  if (other !== undefined) return { with: other.sensor.key, other }
  if (allJumped(evaluation, change)) return { with: change.sensor.deviceId }
  return isElsewhere(change) ? {} : undefined
}

function isElsewhere({ offKpa, nowKpa }: Change): boolean {
  const off = Math.abs(offKpa)
  return off > ELSEWHERE_KPA && off > ELSEWHERE_SHARE * (nowKpa - offKpa)
}

function haveExchanged(a: Change, b: Change): boolean {
  const [beforeA, beforeB] = [a.nowKpa - a.offKpa, b.nowKpa - b.offKpa]
  const apart = Math.abs(beforeA - beforeB)
  const near = Math.max(NEAR_KPA, NEAR_SHARE * apart)
  return apart > APART_KPA && Math.abs(a.nowKpa - beforeB) < near && Math.abs(b.nowKpa - beforeA) < near
}

function allJumped({ run, at }: Evaluation, { sensor, offKpa, nowKpa }: Change): boolean {
  if (Math.abs(offKpa) < JUMP_SHARE * nowKpa) return false
  const placed = run.context.network.devices.get(sensor.deviceId)
  const others = (placed?.signals ?? []).filter((signal) => signal !== sensor.signal && isLevel(signal))
  const last = Math.floor((at - 1) / BUCKET_MS)
  const judged = others.flatMap((signal) => {
    const buckets = soundBuckets(run, sensor.deviceId, signal)
    const now = buckets === undefined ? undefined : (meanOf(buckets, last) ?? meanOf(buckets, last - 1))
    if (buckets === undefined || now === undefined) return []
    const before = meansBetween(buckets, last - QUARTERS_OF_DAY, last - 8)
    if (before.length < 8) return []
    const usual = median(before)
    const jump = Math.abs(now - usual)
    return [jump > JUMP_SIGMAS * (traitOf(signal)?.sigma ?? 1) && jump > JUMP_SHARE * Math.abs(usual)]
  })
  return judged.length > 0 && judged.every((jumped) => jumped)
}

/** Pressures and temperatures have a level of their place. */
function isLevel(signal: string): boolean {
  const quantity = traitOf(signal)?.quantity
  return quantity === 'pressure' || quantity === 'temperature'
}

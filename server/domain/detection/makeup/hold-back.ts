import type { HeldBack } from '../core/makeup-state.ts'
import { HOUR, type Instant } from '../../instant.ts'
import { supplyLossOf } from './flow-balance.ts'
import type { MakeupState } from '../core/makeup-state.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { Site } from '../core/context.ts'
import { BUCKET_MS, QUARTERS_OF_DAY, meansBetween, median, robustSigma } from '../core/series.ts'
import { zoneOfSource } from '../core/zones.ts'
import type { Contraction } from '../core/makeup-state.ts'

/** Quarter hours that the thermal relation needs: three days; and how long it is waited for at most: a week. */
const LEARNT_QUARTERS = 3 * QUARTERS_OF_DAY
const START_QUARTERS = 7 * QUARTERS_OF_DAY
/** A loss on the supply side shows in the balance of flows beyond so many σ, and by so much of its size. */
const BALANCE_SIGMAS = 3
const BALANCE_SHARE = 0.4

/** The holding point has fallen beyond so many σ of its day, and by so much [MPa]; what it was: over two hours. */
const HOLDING_SIGMAS = 4
const HOLDING_MPA = 0.005
const ENOUGH_PAST = 8

/** What bears out that make-up above the usual is water lost, and not a filling or the water's own cooling. */
export type Proof = 'pressures' | 'balance' | 'holding' | 'size' | 'lasting' | 'limit'

/** Make-up above the usual in one quarter hour [t/h]. */
export interface Doubted {
  readonly at: Instant
  /** When it began. */
  readonly eventAt: Instant
  /** Over the last hour, and in its last quarter. */
  readonly off: number
  readonly newestOff: number
  readonly sigma: number
  /** Undefined: there is no usual yet, an absolute limit was passed. */
  readonly usual: number | undefined
  readonly contraction: Contraction | undefined
}

/** Whether the make-up's answer to the temperatures has still to be learnt. */
export function isStarting({ quarter, thermal }: MakeupState): boolean {
  return thermal !== undefined && quarter < START_QUARTERS && (thermal.gram[0] ?? 0) < LEARNT_QUARTERS
}

/**
 * An operator who fills a part of the network, and a cooling that is not known well, draw water as a leak
 * does; they end by themselves. So an alarm of the make-up waits for something that bears it out: for hours
 * and not longer, the more water is drawn the shorter.
 */
export function holdBack(site: Site, watch: MakeupState, { at, off, contraction }: Doubted): HeldBack {
  const { makeupFillingH, makeupFillingT, makeupUnsureH } = site.run.context.settings
  const why = isStarting(watch) ? 'start' : isCooling(off, contraction) ? 'cooling' : 'filling'
  const hours = why === 'filling' ? makeupFillingH : makeupUnsureH
  const mostT =
    makeupFillingT * (why === 'filling' ? 1 : Math.max(1, makeupUnsureH / Math.max(makeupFillingH, 1)))
  return { since: at, why, until: at + hours * HOUR, drawnT: 0, mostT }
}

/** The correction for cooling is as large as what is left: the alarm rests on it. */
function isCooling(off: number, contraction: Contraction | undefined): boolean {
  return contraction !== undefined && Math.abs(contraction.flowTh) > Math.max(off, 0)
}

/** Undefined: nothing bears it out yet. */
export function proofOf(site: Site, held: HeldBack, doubted: Doubted): Proof | undefined {
  const { run, asset } = site
  const { at, eventAt, off, newestOff, sigma, usual, contraction } = doubted
  const { makeupAtOnceTh, makeupWanderTh } = run.context.settings
  if (usual === undefined) return 'limit'
  if (isBorneOutByPressures(site)) return 'pressures'
  const cooling = Math.abs(contraction?.flowTh ?? 0)
  if (Math.min(newestOff, 2 * off) > makeupAtOnceTh && cooling < off / 2) return 'size'
  const loss = supplyLossOf(run, asset.id, { since: eventAt, at })
  const least = BALANCE_SHARE * Math.max(newestOff, off)
  if (loss !== undefined && loss.flowTh > Math.max(BALANCE_SIGMAS * loss.sigmaTh, least)) return 'balance'
  if (cooling < off / 2 && hasHoldingFallen(site, doubted)) return 'holding'
  // What has just ended is still in the mean of the hour.
  const over = at >= held.until || held.drawnT >= held.mostT
  return over && Math.min(off, newestOff) > makeupWanderTh + sigma ? 'lasting' : undefined
}

/** Water that is let in lifts the holding point, or leaves it; water that is lost pulls it down until it is replaced. */
function hasHoldingFallen({ run, asset }: Site, { at, eventAt }: Doubted): boolean {
  const [last, event] = [Math.floor((at - 1) / BUCKET_MS), Math.floor(eventAt / BUCKET_MS)]
  const devices = asset.kind === 'source' ? (asset.devices ?? []) : []
  return devices.some(({ id }) => {
    const buckets = soundBuckets(run, id, 'primary_return_mpa')
    const day = buckets === undefined ? [] : meansBetween(buckets, last - QUARTERS_OF_DAY, event - 1)
    const now = buckets === undefined ? [] : meansBetween(buckets, Math.max(event, last - 1), last)
    if (day.length < ENOUGH_PAST || now.length === 0) return false
    const least = Math.max(HOLDING_MPA, HOLDING_SIGMAS * robustSigma(day, median(day)))
    return median(day.slice(-ENOUGH_PAST)) - median(now) > least
  })
}

/** Pressures of the zone say that it leaks, by more than a guess at the place. */
export function isBorneOutByPressures({ run, asset }: Site): boolean {
  const zone = zoneOfSource(run.context.network).get(asset.id)
  const watch = zone === undefined ? undefined : run.state.zones[zone.id]
  return watch?.raised !== undefined && watch.guess !== true
}

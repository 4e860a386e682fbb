import type { DeviceEvent } from '#contract/vocabulary.ts'
import { HOUR, MINUTE, SECOND, type Instant } from '../../instant.ts'
import {
  clearedCover,
  CONTACT_OPEN,
  coverGrounds,
  DAMAGE,
  DEVICE_EVENT,
  deviation,
  DISPLACED,
  lateGrounds,
  STEPS,
  TILTED_OPEN,
} from './cover-words.ts'
import { clearFault, hasFault, raiseFault } from '../health/faults.ts'
import { createLadder, ladderDue, see, settleLadder, type LadderRule, type Raising } from '../ladder.ts'
import { emergency } from '../make-finding.ts'
import type { Site, When } from '../run.ts'
import type { Ladder, Watch } from '../state.ts'

type Values = Readonly<Record<string, number | boolean>>
/** Takes in one sample of tilt, contact and shock (detection.md §2 “Cover”). */
export function observeCover(site: Site, values: Values, when: When): void {
  const tilt = values['cover_tilt_deg']
  const open = values['cover_open']
  const shock = values['shock_g']
  const settings = site.run.context.settings
  const ladder = ladderOf(site)
  if (typeof shock === 'number' && shock > settings.coverShockG) {
    site.device.shockAt = Math.max(site.device.shockAt ?? 0, when.at)
  }
  if (typeof tilt === 'number') observeTilt(site, ladder, tilt, when)
  if (typeof open === 'boolean') see(ladder, CONTACT_OPEN, open ? 'bad' : 'ok', when)
  const sound = ladder.steps.every((watch, step) => step === DEVICE_EVENT || watch.badSince === 0)
  if (sound && (typeof tilt === 'number' || open === false)) see(ladder, DEVICE_EVENT, 'ok', when)
  const isLate = when.receivedAt - when.at > settings.lateEventH * HOUR
  if (isLate || !hasFault(site.device, 'silence', LATE)) return
  const why = { zh: '读数重新按时到达', en: 'Readings arrive in time again' }
  clearFault(site.run, site.device, { fault: 'silence', signal: LATE, at: when.receivedAt, why })
}

function observeTilt(site: Site, ladder: Ladder, tilt: number, when: When): void {
  const settings = site.run.context.settings
  const off = deviation(site, tilt)
  const open =
    off > settings.coverTiltDeg && (Math.abs(tilt) > settings.coverOpenDeg || off > settings.coverOpenDeg)
  const sound = off < settings.coverTiltDeg - settings.coverClearBelowDeg
  const shockAt = site.device.shockAt
  const shaken =
    shockAt !== undefined && when.at >= shockAt && when.at - shockAt <= settings.coverShockWindowMin * MINUTE
  const damaged = off >= settings.coverLeanDeg && (shaken || (ladder.steps[DAMAGE]?.badSince ?? 0) !== 0)
  see(ladder, DAMAGE, damaged ? 'bad' : off < settings.coverLeanDeg ? 'ok' : 'between', when)
  see(ladder, DISPLACED, off > settings.coverTiltDeg ? 'bad' : sound ? 'ok' : 'between', when)
  see(ladder, TILTED_OPEN, open ? 'bad' : sound ? 'ok' : 'between', when)
}

/** An alarm that the device has debounced itself: it confirms, and it clears, at once. */
export function observeCoverEvent(site: Site, event: DeviceEvent, when: When): void {
  const ladder = ladderOf(site)
  if (event === 'cover_open' || event === 'cover_tilt' || event === 'cover_tamper') {
    see(ladder, DEVICE_EVENT, 'bad', when)
  } else if (event === 'cover_closed') {
    const since = when.at - site.run.context.settings.coverClearHoldS * SECOND
    for (const watch of ladder.steps) {
      if (watch.badSince !== 0 || watch.badLast !== 0 || watch.okSince !== 0) closeAt(watch, since, when)
    }
  }
}

function closeAt(watch: Watch, since: Instant, when: When): void {
  if (when.at < watch.badLast) return
  watch.badSince = 0
  watch.okSince = since
  watch.okKnownAt = when.receivedAt
}

/** A cover that was hit and then fell silent may lie in the well, and its device with it. */
export function observeSilenceAfterShock(site: Site, now: Instant): void {
  const { device } = site
  const window = site.run.context.settings.coverShockWindowMin * MINUTE
  if (device.shockAt === undefined || device.heardAt - device.shockAt > window) return
  see(ladderOf(site), DAMAGE, 'bad', { at: Math.max(device.shockAt, device.heardAt), receivedAt: now })
  settleCover(site, now)
}

export function settleCover(site: Site, now: Instant): void {
  settleLadder(site, site.device.cover, ruleOf, now)
}

export function coverDue(site: Site, now: Instant): Instant | undefined {
  return ladderDue(site, site.device.cover, ruleOf, now)
}

function ladderOf(site: Site): Ladder {
  return (site.device.cover ??= createLadder(STEPS))
}

function ruleOf(site: Site): LadderRule {
  const settings = site.run.context.settings
  const displaced = settings.coverDisplacedHoldS * SECOND
  const open = settings.coverOpenHoldS * SECOND
  return {
    holds: [displaced, displaced, open, open, 0],
    clearMs: settings.coverClearHoldS * SECOND,
    raise: (step, at, eventAt) => raise(site, step, at, eventAt),
    cleared: (raised) => clearedCover(site, raised),
  }
}

/** A late message is the device's fault; it is kept apart from plain silence by this signal. */
const LATE = 'cover_open'

function raise(site: Site, step: number, at: Instant, eventAt: Instant): Raising {
  const { run, asset, device } = site
  const newest = Math.max(...(device.cover?.steps.map((watch) => watch.badLast) ?? [at]))
  const grounds = coverGrounds(site, step, at, eventAt)
  if (at - newest > run.context.settings.lateEventH * HOUR) {
    raiseFault(run, device, {
      fault: 'silence',
      signal: LATE,
      at,
      eventAt,
      grounds: lateGrounds(grounds, at, newest),
    })
    return 'too_late'
  }
  if (run.context.checkInAt?.(asset.id, at) !== undefined) return 'explained'
  const { weightCover, weightDamage } = run.context.settings
  return emergency(site, {
    id: `cover:${device.id}:${eventAt}`,
    family: 'cover',
    ticketKind: 'cover',
    at,
    eventAt,
    weight: step === DAMAGE ? weightDamage : weightCover,
    grounds,
  })
}

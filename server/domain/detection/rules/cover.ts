import type { DeviceEvent } from '#contract/vocabulary.ts'
import { HOUR, MINUTE, SECOND } from '../../instant.ts'
import type { Site, When } from '../core/context.ts'
import { clearFault, hasFault } from '../health/faults.ts'
import { emergency, type Fault } from '../core/make-finding.ts'
import { settingsOf } from '../core/settings.ts'
import { observeStep, stepsOf } from './severity-steps.ts'
import {
  clearedCover,
  CONTACT_OPEN,
  COVER_SETTINGS,
  coverGrounds,
  DAMAGE,
  DEVICE_EVENT,
  deviation,
  DISPLACED,
  lateGrounds,
  STEPS,
  TILTED_OPEN,
} from './cover-words.ts'
import type { DeviceState } from '../core/state.ts'
import type { DeviceRule } from './rule.ts'

/** A manhole cover that is displaced, open, missing or damaged, by tilt, contact, shock and its own alarms. */
export const cover: DeviceRule = {
  name: 'cover',
  at: ['well', 'valve'],
  settings: COVER_SETTINGS,
  steps: STEPS,
  frozen: [],
  observe(site, values, when) {
    const tilt = values['cover_tilt_deg']
    const open = values['cover_open']
    const shock = values['shock_g']
    if ((tilt ?? open ?? shock) === undefined) return
    const { steps } = stepsOf(site, cover)
    const { coverShockG } = settingsOf(site, COVER_SETTINGS)
    if (typeof shock === 'number' && shock > coverShockG) {
      site.device.shockAt = Math.max(site.device.shockAt ?? 0, when.at)
    }
    if (typeof tilt === 'number') observeTilt(site, tilt, when)
    if (typeof open === 'boolean') observeStep(steps, CONTACT_OPEN, open ? 'bad' : 'ok', when)
    const sound = steps.every((timer, step) => step === DEVICE_EVENT || timer.badSince === 0)
    if (sound && (typeof tilt === 'number' || open === false)) observeStep(steps, DEVICE_EVENT, 'ok', when)
    endLateness(site, when)
  },
  observeEvent(site, event, when) {
    if (OPENED.has(event)) observeStep(stepsOf(site, cover).steps, DEVICE_EVENT, 'bad', when)
    else if (event === 'cover_closed') observeClosed(site, when)
  },
  /** A cover that was hit and then fell silent may lie in the well, and its device with it. */
  observeSilence(site, now) {
    const { device } = site
    const window = settingsOf(site, COVER_SETTINGS).coverShockWindowMin * MINUTE
    if (device.shockAt === undefined || device.heardAt - device.shockAt > window) return
    const when = { at: Math.max(device.shockAt, device.heardAt), receivedAt: now }
    observeStep(stepsOf(site, cover).steps, DAMAGE, 'bad', when)
  },
  decide(site) {
    const settings = settingsOf(site, COVER_SETTINGS)
    const displaced = settings.coverDisplacedHoldS * SECOND
    const open = settings.coverOpenHoldS * SECOND
    return { holds: [displaced, displaced, open, open, 0], clearMs: settings.coverClearHoldS * SECOND }
  },
  /** A crew that has checked in at the well opened it on purpose. */
  isExplained: ({ run, asset }, at) => run.context.checkInAt?.(asset.id, at) !== undefined,
  describeLate: (site, { at, eventAt, step }, newest): Fault => ({
    fault: 'silence',
    signal: LATE,
    at,
    eventAt,
    grounds: lateGrounds(coverGrounds(site, { step, at, eventAt }), at, newest),
  }),
  describe(site, reached) {
    const { weightCover, weightDamage } = site.run.context.settings
    return emergency(site, {
      id: `cover:${site.device.id}:${reached.eventAt}`,
      family: 'cover',
      ticketKind: 'cover',
      at: reached.at,
      eventAt: reached.eventAt,
      weight: reached.step === DAMAGE ? weightDamage : weightCover,
      grounds: coverGrounds(site, reached),
    })
  },
  describeCleared: clearedCover,
}

const OPENED: ReadonlySet<DeviceEvent> = new Set(['cover_open', 'cover_tilt', 'cover_tamper'])

/** A late message is the device's fault; it is kept apart from plain silence by this signal. */
const LATE = 'cover_open'

function observeTilt(site: Site, tilt: number, when: When): void {
  const settings = settingsOf(site, COVER_SETTINGS)
  const { steps } = stepsOf(site, cover)
  if (site.placed.installedTiltDeg === undefined) learnTilt(site.device, tilt, settings.coverSlopeDeg)
  const off = deviation(site, tilt)
  const open =
    off > settings.coverTiltDeg && (Math.abs(tilt) > settings.coverOpenDeg || off > settings.coverOpenDeg)
  const sound = off < settings.coverTiltDeg - settings.coverClearBelowDeg
  const shockAt = site.device.shockAt
  const shaken =
    shockAt !== undefined && when.at >= shockAt && when.at - shockAt <= settings.coverShockWindowMin * MINUTE
  const damaged = off >= settings.coverLeanDeg && (shaken || (steps[DAMAGE]?.badSince ?? 0) !== 0)
  observeStep(steps, DAMAGE, damaged ? 'bad' : off < settings.coverLeanDeg ? 'ok' : 'between', when)
  observeStep(steps, DISPLACED, off > settings.coverTiltDeg ? 'bad' : sound ? 'ok' : 'between', when)
  observeStep(steps, TILTED_OPEN, open ? 'bad' : sound ? 'ok' : 'between', when)
}

/** Frames lie on slopes: a lid is taken to lie as it was first seen, or more level; never more tilted. */
function learnTilt(device: DeviceState, tilt: number, steepest: number): void {
  if (Math.abs(tilt) <= Math.min(steepest, Math.abs(device.installedTiltDeg ?? Infinity))) {
    device.installedTiltDeg = tilt
  }
}

/** The device has debounced it: what was bad clears at once. */
function observeClosed(site: Site, when: When): void {
  const since = when.at - settingsOf(site, COVER_SETTINGS).coverClearHoldS * SECOND
  for (const timer of stepsOf(site, cover).steps) {
    const isObserved = timer.badSince !== 0 || timer.badLast !== 0 || timer.okSince !== 0
    if (isObserved && when.at >= timer.badLast) {
      timer.badSince = 0
      timer.okSince = since
      timer.okKnownAt = when.receivedAt
    }
  }
}

function endLateness({ run, device }: Site, when: When): void {
  const isLate = when.receivedAt - when.at > run.context.settings.lateEventH * HOUR
  if (isLate || !hasFault(device, 'silence', LATE)) return
  const why = { zh: '读数重新按时到达', en: 'Readings arrive in time again' }
  clearFault(run, device, { fault: 'silence', signal: LATE, at: when.receivedAt, why })
}

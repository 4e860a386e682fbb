import { DAY, HOUR, type Instant } from '../../instant.ts'
import { observeStatistic, type Budget } from '../core/calibration.ts'
import type { DetectionSettings } from '../core/settings.ts'
import { clearFault, raiseFault } from '../health/faults.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS } from '../core/series.ts'
import type { DeviceState } from '../core/state.ts'
import type { Change } from './changes.ts'
import { shapeOf, type Shape } from './fault-shape.ts'
import { faultZ, strayOf } from './glr.ts'
import type { Evaluation } from './evaluation.ts'
import { faultGrounds } from './sensor-finding.ts'
import { swapOf } from './swapped-sensors.ts'
import type { Named, ZoneState } from '../core/zone-state.ts'

/** Evaluations before a stray sensor is named, and before it is named whatever its shape. */
const ENOUGH = 4
const LATEST = 20
/** Evaluations that a suspicion survives without being seen. */
const FORGIVEN = 4
/** Sum of squares of the better shape against the other from which it is plain. */
const PLAIN_RATIO = 0.7
const CALM = 8
const ACCEPTED_AFTER = 72 * HOUR

export function sensorBudget(settings: DetectionSettings): Budget {
  return { least: settings.sensorLeast, perSeason: settings.falseAlarmsPerSeason }
}

/** Sensors that stray alone, as `strays` found them; named once their shape is plain. */
export function judgeSensors(
  evaluation: Evaluation,
  strays: ReadonlyMap<string, Change>,
  greatest: number,
): void {
  const { run, watch, at } = evaluation
  if (strays.size > 0) watch.sensor.alarmed = true
  observeStatistic(watch.sensor, greatest, at, sensorBudget(run.context.settings))
  for (const key of strays.keys()) {
    const suspect = (watch.suspects[key] ??= { since: watch.quarter, count: 0, missed: 0 })
    suspect.count += 1
    suspect.missed = 0
  }
  for (const [key, suspect] of Object.entries(watch.suspects)) {
    if (!strays.has(key)) suspect.missed += 1
    if (suspect.missed > FORGIVEN) Reflect.deleteProperty(watch.suspects, key)
  }
  for (const [key, change] of strays) {
    const count = watch.suspects[key]?.count ?? 0
    if (count >= ENOUGH) nameIt(evaluation, key, change, count)
  }
}

function nameIt(evaluation: Evaluation, key: string, change: Change, count: number): void {
  const shape = shapeOf(change.residuals)
  if (shape === undefined || (shape.ratio > PLAIN_RATIO && count < LATEST)) return
  const swap = swapOf(evaluation, change)
  const fault = isConstant(evaluation, change)
    ? 'stuck'
    : swap !== undefined && (swap.with !== undefined || shape.kind === 'step')
      ? 'swapped'
      : shape.kind === 'ramp'
        ? 'drift'
        : 'offset'
  put(evaluation, { key, change, shape, fault, ...(swap?.with === undefined ? {} : { with: swap.with }) })
  if (fault !== 'swapped' || swap?.other === undefined) return
  // Two that were exchanged are one mistake, and both are said.
  const itsShape = shapeOf(swap.other.residuals) ?? shape
  const other = { key: swap.other.sensor.key, change: swap.other, shape: itsShape }
  put(evaluation, { ...other, fault, with: key })
}

interface Naming {
  readonly key: string
  readonly change: Change
  readonly shape: Shape
  readonly fault: Named['fault']
  readonly with?: string
}

function put(evaluation: Evaluation, { key, change, shape, fault, ...more }: Naming): void {
  const { run, watch, knownAt, weighed, changes } = evaluation
  const device = run.state.devices[change.sensor.deviceId]
  if (device === undefined) return
  const index = changes.list.indexOf(change)
  const eventAt = sinceOf(evaluation, shape)
  run.context.touched?.(device.id)
  raiseFault(run, device, {
    fault,
    signal: change.sensor.signal,
    at: knownAt,
    eventAt,
    grounds: faultGrounds(evaluation, {
      change,
      fault,
      shape,
      eventAt,
      ...more,
      z: faultZ(weighed.precision, index),
      stray: strayOf(weighed.precision, index),
    }),
  })
  watch.named[key] = { fault, at: knownAt, usual: Number(shape.level.toFixed(3)), calm: 0 }
  Reflect.deleteProperty(watch.suspects, key)
}

function sinceOf({ at }: Evaluation, { from }: Shape): Instant {
  const newest = Math.floor((at - 1) / BUCKET_MS)
  return (newest - 95 + from) * BUCKET_MS
}

function isConstant({ run }: Evaluation, { sensor }: Change): boolean {
  const equal = run.state.devices[sensor.deviceId]?.series[sensor.signal]?.equal ?? 0
  return equal >= run.context.settings.stuckValues
}

/**
 * What becomes of named sensors: normal again, or after three days taken for a new level that is learnt
 * anew. Until then they are quarantined.
 */
export function settleNamed(
  run: DetectorRun,
  watch: ZoneState,
  at: { readonly at: Instant; readonly knownAt: Instant },
  residuals: ReadonlyMap<string, number>,
): void {
  for (const [key, { until }] of Object.entries(watch.mended)) {
    if (until <= at.at) Reflect.deleteProperty(watch.mended, key)
  }
  for (const [key, named] of Object.entries(watch.named)) {
    const [deviceId = '', signal = ''] = key.split(' ')
    const device = Object.hasOwn(run.state.devices, deviceId) ? run.state.devices[deviceId] : undefined
    if (device === undefined || !Object.hasOwn(device.faults, `${named.fault}:${signal}`)) {
      Reflect.deleteProperty(watch.named, key)
      continue
    }
    const residual = residuals.get(key)
    const near =
      residual !== undefined && Math.abs(residual - named.usual) < run.context.settings.sensorOffKpa
    named.calm = near ? named.calm + 1 : 0
    const accepted = at.knownAt - named.at > (named.fault === 'drift' ? 2 : 1) * ACCEPTED_AFTER
    if (named.calm < CALM && !accepted) continue
    end(run, watch, { key, named, device, signal, accepted, at: at.knownAt })
  }
}

function end(
  run: DetectorRun,
  watch: ZoneState,
  of: {
    readonly key: string
    readonly named: Named
    readonly device: DeviceState
    readonly signal: string
    readonly accepted: boolean
    readonly at: Instant
  },
): void {
  run.context.touched?.(of.device.id)
  const why = of.accepted
    ? {
        zh: `${of.signal} 三天来保持在新水平,按新的水平重新学习`,
        en: `${of.signal} has kept its new level for three days and is learnt anew at it`,
      }
    : { zh: `${of.signal} 与其余测点重新一致`, en: `${of.signal} agrees with the other sensors again` }
  clearFault(run, of.device, { fault: of.named.fault, signal: of.signal, at: of.at, why })
  Reflect.deleteProperty(watch.named, of.key)
  // What it said at the other level would be averaged with what it says now.
  if (of.accepted) Reflect.deleteProperty(watch.history.y, of.key)
  else watch.mended[of.key] = { usual: of.named.usual, until: of.at + DAY }
}

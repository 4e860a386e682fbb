import { DAY, type Instant } from '../instant.ts'
import type { Decoded } from '../telemetry/decode.ts'
import { learnClock, sampleTime } from '../telemetry/sample-time.ts'
import { canHappenAt } from '../telemetry/misplaced.ts'
import type { Sample } from '../telemetry/reading.ts'
import type { Values } from '../telemetry/values.ts'
import { judgeBattery, raiseBattery } from './health/battery.ts'
import type { Finding } from './core/finding.ts'
import { observeSource, settleHeld } from './makeup/makeup.ts'
import { judgeQuality, settleSpikes } from './health/quality.ts'
import type { RawReading } from './health/raw-reading.ts'
import { siteOf, type DetectionContext, type DetectorRun, type Site, type When } from './core/context.ts'
import { admit, createSeries, learn, remember, startAnew } from './core/series.ts'
import { noticeZone, scheduleBySource } from './spatial/schedule.ts'
import { observeVoice } from './silence.ts'
import { judgeSkew } from './health/skew.ts'
import { evaluateRules, observeEvent, observeSample } from './rules/evaluate-rules.ts'
import { rulesAt } from './rules/rules.ts'
import { isHeld } from './rules/severity-steps.ts'
import { deviceState, type DetectorState, type DeviceState } from './core/state.ts'
import { guarded, schedule, tickRun } from './tick.ts'
import { traitOf, traitsAt, UNJUDGED } from './core/traits.ts'

/** A message as the journal's consumers decode it. */
export interface Observation {
  readonly deviceId: string
  readonly receivedAt: Instant
  readonly decoded: Decoded
}

/**
 * Takes one message in and says what it means: first everything that was due before its arrival, then
 * the message, then what it made due at once. Changes `state` in place; the same state and message give
 * the same findings with the same ids, and a redelivered message none.
 */
export function step(state: DetectorState, seen: Observation, context: DetectionContext): readonly Finding[] {
  const run: DetectorRun = { state, context, findings: [] }
  tickRun(run, seen.receivedAt)
  if (Object.hasOwn(state.isolated, seen.deviceId)) return run.findings
  const device = deviceState(state, seen.deviceId)
  guarded(run, device, () => takeIn(run, device, seen))
  return run.findings
}

function takeIn(run: DetectorRun, device: DeviceState, { decoded, receivedAt }: Observation): void {
  if (decoded.kind === 'malformed') return
  device.heardAt = Math.max(device.heardAt, receivedAt)
  if (decoded.kind === 'status') device.online = decoded.state === 'online'
  // A will is the broker's word, not the device's.
  if (decoded.kind !== 'status' || device.online === true) observeVoice(run, device, receivedAt)
  const site = siteOf(run, device)
  if (site !== undefined && device.assetId !== site.asset.id) settleAt(device, site.asset.id)
  if (decoded.kind === 'telemetry' || decoded.kind === 'event') {
    takeSamples({ run, device, site, receivedAt }, decoded)
  }
  if (site !== undefined) schedule(site, receivedAt)
}

/** A device that has been moved knows nothing of its new place. */
function settleAt(device: DeviceState, assetId: string): void {
  if (device.assetId !== undefined) {
    for (const series of Object.values(device.series)) startAnew(series)
    delete device.installedTiltDeg
  }
  device.assetId = assetId
}

type WithSamples = Extract<Decoded, { kind: 'telemetry' | 'event' }>

/** A message of a device, and where that stands. */
interface Arrival {
  readonly run: DetectorRun
  readonly device: DeviceState
  readonly site: Site | undefined
  readonly receivedAt: Instant
}

function takeSamples({ run, device, site, receivedAt }: Arrival, decoded: WithSamples): void {
  const samples = decoded.kind === 'event' ? [decoded.sample] : decoded.samples
  device.clock = learnClock(device.clock, samples, receivedAt)
  judgeSkew(run, device, receivedAt)
  const timeOf = (sample: Sample): Instant => sampleTime(sample, device.clock, receivedAt).at
  const inOrder = samples.length > 1 ? samples.toSorted((a, b) => timeOf(a) - timeOf(b)) : samples
  for (const sample of inOrder) takeSample(run, { device, site, sample, at: timeOf(sample), receivedAt })
  if (site === undefined) return
  noticeZone(run, device.id, receivedAt)
  if (decoded.kind === 'event') {
    const when = { at: timeOf(decoded.sample), receivedAt }
    if (!canHappenAt(decoded.event, site.asset.kind)) return
    if (decoded.event === 'battery_low') raiseBattery(run, device, when)
    else observeEvent(site, decoded.event, when)
  }
  evaluateRules(site, receivedAt)
}

interface Taken {
  readonly device: DeviceState
  readonly site: Site | undefined
  readonly sample: Sample
  readonly at: Instant
  readonly receivedAt: Instant
}

function takeSample(run: DetectorRun, taken: Taken): void {
  const { device, site, at, receivedAt } = taken
  const usable = usableValues(run, taken)
  if (site !== undefined) observe(site, usable, taken)
  const frozen = site === undefined ? NONE : frozenSignals(site, receivedAt)
  for (const signal in usable) {
    const value = usable[signal]
    const series = device.series[signal]
    if (typeof value !== 'number' || series === undefined) continue
    if (traitOf(signal)?.learnt === true && !frozen.includes(signal)) learn(series, at, value)
  }
}

/** The sample's values without those that nothing may be concluded from: nearly always all of them. */
function usableValues(run: DetectorRun, { device, site, sample: { values }, at, receivedAt }: Taken): Values {
  const traits = traitsAt(site?.asset.kind)
  const raw: RawReading = { device, at, receivedAt, signal: '', trait: UNJUDGED, series: NONE_YET, value: 0 }
  let left: string[] | undefined
  for (const signal in values) {
    const trait = traits.get(signal)
    if (trait !== undefined) {
      raw.signal = signal
      raw.trait = trait
      raw.series = device.series[signal] ??= createSeries()
      if (isUsable(run, raw, values[signal])) continue
    }
    left ??= []
    left.push(signal)
  }
  return left === undefined
    ? values
    : Object.fromEntries(Object.entries(values).filter(([signal]) => !left.includes(signal)))
}

const NONE_YET = createSeries()

/** Takes one value in; false: it was taken in before, or its quality is bad. */
function isUsable(run: DetectorRun, raw: RawReading, value: number | boolean | undefined): boolean {
  const { device, series, at } = raw
  if (!admit(series, at)) {
    run.context.repeated?.()
    return false
  }
  if (typeof value !== 'number') {
    remember(series, at, value === true ? 1 : 0)
    return true
  }
  raw.value = value
  const good = judgeQuality(run, raw)
  settleSpikes(run, raw)
  if (!good) return false
  remember(series, at, value)
  if (raw.signal === 'battery_v') judgeBattery(run, device, value, raw)
  return true
}

function observe(site: Site, values: Values, when: When): void {
  observeSample(site, values, when)
  if (site.asset.kind !== 'source') return
  const makeup = values['makeup_flow_t_h']
  observeSource(site, typeof makeup === 'number' ? makeup : undefined, when)
  scheduleBySource(site.run, site.asset.id, when)
  settleHeld(site, when)
}

/** An alarm that has lasted three days is the new normal, or its cause is known and being repaired. */
const FROZEN_MS = 3 * DAY

const NONE: readonly string[] = []

/** While something is wrong at a device, what the rule that says so compares with is not learnt as normal. */
function frozenSignals({ device, asset }: Site, now: Instant): readonly string[] {
  let frozen = NONE
  for (const { name, frozen: own } of rulesAt(asset.kind)) {
    const steps = own.length === 0 ? undefined : device.rules[name]
    if (steps === undefined) continue
    const alarmed = steps.raised === undefined ? isHeld(steps) : now - steps.raised.at < FROZEN_MS
    if (alarmed) frozen = frozen.length === 0 ? own : [...frozen, ...own]
  }
  return frozen
}

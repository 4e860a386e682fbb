import type { AssetState, DeviceView } from '#contract/live.ts'
import { signalDefinition } from '#contract/signals.ts'
import { DEFAULT_SETTINGS } from '../../domain/detection/catalogue.ts'
import type { DeviceFinding, Finding, UpkeepFinding } from '../../domain/detection/core/finding.ts'
import type { DetectorState } from '../../domain/detection/core/state.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Network, PlacedDevice, PointAsset } from '../../domain/network/network.ts'
import { mayUseName } from '../../domain/telemetry/signal-names.ts'
import {
  blindness,
  missingSignals,
  type Blindness,
  type MissingSignal,
} from '../../domain/coverage/missing-signals.ts'
import type { Decoded } from '../../domain/telemetry/decode.ts'
import { withLid } from '../../domain/telemetry/lid-event.ts'
import type { DeviceMessage, Sample } from '../../domain/telemetry/reading.ts'
import type { AssetWatcher } from './detector-parts.ts'
import { offlineAfterMs } from '../../domain/detection/health/offline-limit.ts'
import { deviceView, healthOf, voiceOf, type HeardDevice } from './device-view.ts'
import type { Clock, LiveStates, NetworkSource } from '../ports.ts'

export interface AssetWatchingParts {
  readonly network: NetworkSource
  readonly live: LiveStates
  readonly clock: Clock
  /** The crew that is checked in at an asset now. */
  readonly checkInOf?: (assetId: string, at: Instant) => AssetState['checkIn'] | undefined
}

export interface AssetWatching extends AssetWatcher {
  snapshot(): readonly AssetState[]
  /** Undefined for an unknown asset; a pipe has no devices and is unwatched. */
  asset(id: string): AssetState | undefined
  device(id: string): DeviceView | undefined
  /** Why nothing of a signal can be believed; undefined: it can. */
  blindness(device: PlacedDevice, signal: string): Blindness | undefined
  /** Signals that a device should bring and that never came or stopped coming, though it speaks. */
  missing(device: PlacedDevice): readonly MissingSignal[]
  /** An asset has changed otherwise, by a check-in for example. */
  changed(assetId: string): void
  close(): void
}

/** What was last heard of a device, and where it stands. */
interface Heard extends HeardDevice {
  at: Instant
  online: boolean | undefined
  readonly values: Map<string, [Instant, number | boolean, Instant]>
  readonly faults: Map<string, DeviceFinding>
  readonly upkeep: Map<string, UpkeepFinding>
  /** Where it stands in the network of that version; undefined: nowhere. */
  shown: Shown | undefined
  version: number | undefined
}

/** An asset as far as screens have been told of it. */
interface Shown {
  readonly id: string
  /** Published within the last second, and whether it has changed since. */
  isResting: boolean
  isWaiting: boolean
}

const AT_MOST_EVERY_MS = 1000

/** Live state of every asset for the map; each asset is published at most once a second. */
export function createAssetWatching({ network, live, clock, checkInOf }: AssetWatchingParts): AssetWatching {
  const heard = new Map<string, Heard>()
  const assets = new Map<string, Shown>()
  /** Those published within the last second. */
  let resting: Shown[] = []
  let timer: NodeJS.Timeout | undefined

  return { seed, observe, find, snapshot, asset, device, blindness: blindnessOf, missing, changed, close }

  function seed(state: DetectorState): void {
    for (const known of Object.values(state.devices)) {
      const one = heardOf(known.id)
      one.at = known.heardAt
      one.online = known.online
      for (const [signal, series] of Object.entries(known.series)) {
        if (series.at === 0) continue
        const boolean = signalDefinition(signal)?.type === 'boolean'
        one.values.set(signal, [series.at, boolean ? series.value === 1 : series.value, series.at])
      }
      for (const fault of Object.values(known.faults)) one.faults.set(fault.id, fault)
      for (const { raised } of Object.values(known.rules)) {
        if (raised?.kind === 'upkeep') one.upkeep.set(raised.id, raised)
      }
    }
    for (const outage of Object.values(state.outages)) {
      for (const id of outage.deviceIds ?? []) heardOf(id).faults.set(outage.id, outage)
    }
  }

  function observe(message: Omit<DeviceMessage, 'body'>, decoded: Decoded): void {
    if (decoded.kind === 'malformed') return
    const one = heardOf(message.deviceId)
    one.at = Math.max(one.at, message.receivedAt)
    if (decoded.kind === 'status') one.online = decoded.state === 'online'
    else one.online = true
    if (decoded.kind === 'event') keep(one, withLid(decoded.event, decoded.sample), message.receivedAt)
    if (decoded.kind === 'telemetry')
      for (const sample of decoded.samples) keep(one, sample, message.receivedAt)
    changedDevice(message.deviceId, one)
  }

  function keep(one: Heard, sample: Sample, receivedAt: Instant): void {
    const at = Math.min(sample.ts ?? receivedAt, receivedAt)
    for (const signal in sample.values) {
      const value = sample.values[signal]
      const before = one.values.get(signal)
      if (before !== undefined) before[2] = Math.max(before[2], receivedAt)
      if (value === undefined || (before !== undefined && before[0] > at)) continue
      if (before === undefined && !mayUseName(one.values, signal)) continue
      if (before === undefined) one.values.set(signal, [at, value, receivedAt])
      else {
        before[0] = at
        before[1] = value
      }
    }
  }

  function find(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.kind === 'upkeep') findUpkeep(finding)
      if (finding.kind !== 'device') continue
      for (const id of finding.deviceIds ?? [finding.deviceId]) {
        const one = heardOf(id)
        if (finding.phase === 'raised') one.faults.set(finding.id, finding)
        else one.faults.delete(finding.id)
        changedDevice(id, one)
      }
    }
  }

  function findUpkeep(finding: UpkeepFinding): void {
    const one = heardOf(finding.deviceId)
    if (finding.phase === 'cleared') one.upkeep.delete(finding.id)
    else one.upkeep.set(finding.id, finding)
    changedDevice(finding.deviceId, one)
  }

  function heardOf(id: string): Heard {
    const known = heard.get(id)
    if (known !== undefined) return known
    const made: Heard = {
      at: 0,
      online: undefined,
      values: new Map(),
      faults: new Map(),
      upkeep: new Map(),
      shown: undefined,
      version: undefined,
    }
    heard.set(id, made)
    return made
  }

  function changedDevice(id: string, one: Heard): void {
    const { version, devices } = network.current()
    if (one.version !== version) {
      const assetId = devices.get(id)?.assetId
      one.shown = assetId === undefined ? undefined : shownOf(assetId)
      one.version = version
    }
    if (one.shown !== undefined) publishOrWait(one.shown)
  }

  function changed(assetId: string): void {
    if (isThere(assetId)) publishOrWait(shownOf(assetId))
  }

  function shownOf(assetId: string): Shown {
    const known = assets.get(assetId)
    if (known !== undefined) return known
    const made: Shown = { id: assetId, isResting: false, isWaiting: false }
    assets.set(assetId, made)
    return made
  }

  function publishOrWait(shown: Shown): void {
    if (shown.isResting) shown.isWaiting = true
    else publish(shown)
  }

  function publish(shown: Shown): void {
    shown.isResting = true
    resting.push(shown)
    timer ??= setTimeout(publishWaiting, AT_MOST_EVERY_MS).unref()
    live.announce('asset', shown.id, assetOrUnwatched)
  }

  function publishWaiting(): void {
    timer = undefined
    const rested = resting
    resting = []
    for (const shown of rested) shown.isResting = false
    for (const shown of rested) {
      if (!shown.isWaiting) continue
      shown.isWaiting = false
      if (isThere(shown.id)) publish(shown)
    }
  }

  function assetOrUnwatched(id: string): AssetState {
    return asset(id) ?? unwatched(id)
  }

  function snapshot(): readonly AssetState[] {
    const now = network.current()
    return [...now.points.values()].map((point) => stateOf(now, point))
  }

  function asset(id: string): AssetState | undefined {
    const now = network.current()
    const point = now.points.get(id)
    if (point !== undefined) return stateOf(now, point)
    return now.pipes.has(id) ? unwatched(id) : undefined
  }

  function isThere(id: string): boolean {
    const { points, pipes } = network.current()
    return points.has(id) || pipes.has(id)
  }

  function device(id: string): DeviceView | undefined {
    const placed = network.current().devices.get(id)
    return placed === undefined ? undefined : viewOf(placed)
  }

  function blindnessOf(placed: PlacedDevice, signal: string): Blindness | undefined {
    const one = heard.get(placed.id)
    const blind = blindness(placed, signal, voiceOf(one), DEFAULT_SETTINGS)
    if (blind !== undefined || one === undefined) return blind
    const isSilent = clock.now() - one.at > offlineAfterMs(placed, DEFAULT_SETTINGS)
    return isSilent ? { since: one.at, why: 'silence' } : undefined
  }

  function missing(placed: PlacedDevice): readonly MissingSignal[] {
    return missingSignals(placed, voiceOf(heard.get(placed.id)), DEFAULT_SETTINGS)
  }

  function stateOf(now: Network, point: PointAsset): AssetState {
    const devices = (point.devices ?? []).flatMap(({ id }) => {
      const placed = now.devices.get(id)
      return placed === undefined ? [] : [viewOf(placed)]
    })
    const checkIn = checkInOf?.(point.id, clock.now())
    return {
      id: point.id,
      health: healthOf(now, devices),
      devices,
      ...(checkIn === undefined ? {} : { checkIn }),
    }
  }

  function viewOf(placed: PlacedDevice): DeviceView {
    return deviceView(placed, heard.get(placed.id), { missing: missing(placed), now: clock.now() })
  }

  function close(): void {
    clearTimeout(timer)
  }
}

/** A pipe, or what has left the network since it was announced. */
function unwatched(id: string): AssetState {
  return { id, health: 'unwatched', devices: [] }
}

import type { DeviceClock } from '../../telemetry/device-clock.ts'
import type { Instant } from '../../instant.ts'
import type { DeviceFinding, Finding } from './finding.ts'
import type { MakeupState } from './makeup-state.ts'
import type { ZoneState } from './zone-state.ts'

/** Means of 15 minutes over 24 h, in a ring by bucket number. 0 readings: empty. */
export interface Buckets {
  /** Number of the newest bucket: floor(at / 15 min); −1 while there is none. */
  newest: number
  mean: number[]
  count: number[]
  /** Median of the closed buckets of the last 24 h, made once a bucket; undefined below the minimum. */
  median?: number
  closed: number
}

/** What is remembered of one signal of one device. */
export interface SeriesState {
  /** Times taken in, ascending, the newest 64 or some more: what is older or among them changes nothing. */
  seen: Instant[]
  at: Instant
  value: number
  /** Newest usable values, at most 7, oldest first, and when they were. */
  recent: number[]
  recentAt: Instant[]
  /** Newest values that were learnt, at most 7: the baseline of a device that speaks rarely. */
  usual: number[]
  /** How many equal values in a row, since when. */
  equal: number
  equalSince: Instant
  /** Consecutive readings out of range, in another unit, and in order. */
  outOfRange: number
  otherUnit: number
  inOrder: number
  /** How far one value usually is from the next: a running mean of the absolute steps. */
  stir: number
  /** A spike whose return is awaited: the value before it. Times of the last ones. */
  spikeFrom?: number
  spikes: Instant[]
  buckets?: Buckets
}

/** One condition and how long it has been bad or good. 0 stands for “not now”. */
export interface HoldTimer {
  badSince: Instant
  badLast: Instant
  /** Server time at which the run became known. */
  knownAt: Instant
  okSince: Instant
  okKnownAt: Instant
}

/** A rule's steps at one device, from light to grave, and the one finding that they share. */
export interface SeveritySteps {
  steps: HoldTimer[]
  raised?: Finding
  /** The step that `raised` speaks of. */
  step: number
  /** Set while a crew's check-in explains a confirmed run. */
  explained?: 'check-in'
}

export interface DeviceState {
  readonly id: string
  /** Server time of the newest message of any kind. */
  heardAt: Instant
  clock: DeviceClock
  online?: boolean
  /** Its entry in the agenda; 0: none. */
  due: Instant
  readonly series: Record<string, SeriesState>
  readonly faults: Record<string, DeviceFinding>
  /** By name of the rule, once it has seen something. */
  readonly rules: Record<string, SeveritySteps>
  shockAt?: Instant
  /** Where it stood when it was last heard: elsewhere everything is learnt anew. */
  assetId?: string
  /** Angle of its lid, where none is registered: the most level one seen there. */
  installedTiltDeg?: number
  /** Set while it counts as offline; the id of its finding, or of the outage that it is part of. */
  silent?: string
  /** Daily means of the battery voltage: [day number, mean, readings]. */
  battery?: [number, number, number][]
}

/** Devices that went silent together and wait for judgement. */
interface Gathering {
  dueAt: Instant
  deviceIds: string[]
}

/**
 * Everything the detector knows. Plain JSON, owned by whoever holds it; `step` and `tick` change it in
 * place and never read a clock, so a replay from a saved state says the same with the same ids.
 */
export interface DetectorState {
  readonly version: 3
  /** Server time that has been judged up to. */
  now: Instant
  /** Silence is counted from here at the earliest: before it the server itself was away. */
  listeningSince: Instant
  readonly devices: Record<string, DeviceState>
  /** Heap of (instant, device id): what `tick` has to look at next. */
  readonly agenda: AgendaEntry[]
  gathering?: Gathering
  /** Outages of the network of devices, by id of the finding. */
  readonly outages: Record<string, DeviceFinding>
  /** One for each source with a make-up meter. */
  readonly leaks: Record<string, MakeupState>
  /** One for each connected primary network with pressures. */
  readonly zones: Record<string, ZoneState>
  /** Server time of the next evaluation that no source sets the pace of; Infinity would not be JSON. */
  zonesDue: Instant
  /** Devices that made the detector fail: set aside, shown, others go on (F18). */
  readonly isolated: Record<string, Isolation>
}

export interface AgendaEntry {
  readonly at: Instant
  readonly id: string
}

interface Isolation {
  readonly since: Instant
  readonly reason: string
}

/** A detector that knows nothing yet. */
export function createDetectorState(): DetectorState {
  return {
    version: 3,
    now: 0,
    listeningSince: 0,
    devices: {},
    agenda: [],
    outages: {},
    leaks: {},
    zones: {},
    zonesDue: 0,
    isolated: {},
  }
}

/** The state of a device that has been heard. Ids are strangers': `constructor` is one. */
export function knownDevice({ devices }: DetectorState, id: string): DeviceState | undefined {
  return Object.hasOwn(devices, id) ? devices[id] : undefined
}

/** The state of a device, made when it is first heard of. */
export function deviceState(state: DetectorState, id: string): DeviceState {
  const known = knownDevice(state, id)
  if (known !== undefined) return known
  const made: DeviceState = {
    id,
    heardAt: 0,
    clock: { recent: [], skewMs: 0 },
    due: 0,
    series: {},
    faults: {},
    rules: {},
  }
  state.devices[id] = made
  return made
}

import { signalDefinition, type Measurement } from '#contract/signals.ts'
import type { Network } from '../../domain/network/network.ts'
import { decodeMessage } from '../../domain/telemetry/decode.ts'
import { DeviceNames } from '../../domain/telemetry/device-names.ts'
import { UNKNOWN_CLOCK, type DeviceClock } from '../../domain/telemetry/device-clock.ts'
import { IdInterner } from '../../domain/telemetry/id-interner.ts'
import { withLid } from '../../domain/telemetry/lid-event.ts'
import { addFastRows } from '../../domain/telemetry/fast-rows.ts'
import { learnClock, sampleTime } from '../../domain/telemetry/sample-time.ts'
import type { DeviceMessage, Sample } from '../../domain/telemetry/reading.ts'
import type { Rows } from '../../domain/telemetry/rows.ts'
import type { JournalRecord, ReadingTags, StoredReading } from '../ports.ts'

/** The tags of a device's readings, and the measurement of what belongs to no other. */
interface Place {
  readonly assetId: string
  readonly network: string
  readonly zone: string
  readonly measurement: Measurement
}

/** Plain, so that it can be posted to another thread. */
export type Places = ReadonlyMap<string, Place>

/** A device that the network no longer knows; what it sent was promised all the same. */
const NOWHERE: Place = { assetId: '', network: '', zone: '', measurement: 'station' }

export function deviceTagsOf(network: Network): Places {
  const places = new Map<string, Place>()
  // What a device sent before it was retired may still wait to be stored.
  for (const [id, { assetId }] of [...network.retired, ...network.devices]) {
    const asset = network.points.get(assetId)
    const atStation = asset?.kind === 'station' || asset?.kind === 'source'
    places.set(id, {
      assetId,
      network: asset?.network ?? '',
      zone: asset?.zone ?? '',
      measurement: atStation ? 'station' : 'well',
    })
  }
  return places
}

interface Device {
  readonly id: string
  /** As of these places. */
  places: Places | undefined
  place: Place | undefined
  /** Its place in `owners`. */
  owner: number
  /** After all that is stored. */
  clock: DeviceClock | undefined
  /** After all that was placed. */
  learned: DeviceClock | undefined
  readonly names: DeviceNames
}

/** What the forwarder knows of devices: the names of each that has used any beside the vocabulary's. */
export type NamesOfDevices = readonly (readonly [deviceId: string, names: readonly string[]])[]

/** Puts messages into rows; the owner of a row is a place in `owners`. */
export interface ReadingMapper {
  /** A device has a new one whenever it has moved; none ever changes. */
  readonly owners: readonly ReadingTags[]
  /**
   * Adds a message's samples. The same messages, clocks and places give the same rows again, so that
   * writing twice changes nothing. The names of the values that were left out, one for each value.
   */
  place(message: JournalRecord, rows: Rows): readonly string[]
  /** What was placed so far is stored. */
  stored(): void
  /** The clocks of devices after what is stored, for the checkpoint: they must not run ahead of its cursor. */
  clocks(): (readonly [string, DeviceClock])[]
  /** They may run ahead of what is stored: the same messages use the same names again. */
  names(): NamesOfDevices
}

export interface ReadingMapperParts {
  readonly places: () => Places
  /** As they were left. */
  readonly clocks?: Iterable<readonly [string, DeviceClock]> | undefined
  /** The same; undefined where they were not remembered yet. */
  readonly names?: NamesOfDevices | undefined
  /** Names of a device in the store. */
  readonly storedNames?: ((deviceId: string) => Iterable<string>) | undefined
}

export function createReadingMapper({
  places,
  clocks = [],
  names,
  storedNames,
}: ReadingMapperParts): ReadingMapper {
  const ids = new IdInterner()
  const devices: Device[] = []
  const owners: ReadingTags[] = []
  let unsettled: Device[] = []
  for (const [deviceId, clock] of clocks) deviceNamed(deviceId).clock = clock
  for (const [deviceId, known] of names ?? []) deviceNamed(deviceId).names.restore(known)

  return {
    owners,
    place(message, rows) {
      const device = deviceOf(message.bytes, message.id, message.body)
      const owner = ownerOf(device)
      const known = device.learned ?? device.clock ?? UNKNOWN_CLOCK
      const first = rows.count
      const leftOut: string[] = []
      const plain = message.channel === 'telemetry' ? addFastRows(rows, owner, message, known) : undefined
      if (plain !== undefined) device.names.note(rows, first)
      learn(device, plain ?? addSamples(message, known, { rows, owner, names: device.names, leftOut }))
      return leftOut
    },
    stored() {
      for (const device of unsettled) {
        device.clock = device.learned
        device.learned = undefined
      }
      unsettled = []
    },
    clocks: () => devices.flatMap(({ id, clock }) => (clock === undefined ? [] : [[id, clock] as const])),
    names: () =>
      devices
        .map(({ id, names: { remembered } }) => [id, remembered] as const)
        .filter(([, remembered]) => remembered.length > 0),
  }

  function learn(device: Device, clock: DeviceClock | undefined): void {
    if (clock === undefined || clock === device.clock || clock === device.learned) return
    if (device.learned === undefined) unsettled.push(device)
    device.learned = clock
  }

  function deviceNamed(id: string): Device {
    const bytes = new TextEncoder().encode(id)
    return deviceOf(bytes, 0, bytes.length)
  }

  function deviceOf(bytes: Uint8Array, from: number, to: number): Device {
    const number = ids.numberOf(bytes, from, to)
    const known = devices[number]
    if (known !== undefined) return known
    const id = ids.textOf(number)
    const earlier = names === undefined && storedNames !== undefined ? () => storedNames(id) : undefined
    return (devices[number] = {
      id,
      places: undefined,
      place: undefined,
      owner: -1,
      clock: undefined,
      learned: undefined,
      names: new DeviceNames(earlier),
    })
  }

  function ownerOf(device: Device): number {
    const now = places()
    if (device.places === now) return device.owner
    const place = now.get(device.id) ?? NOWHERE
    const before = device.place
    device.places = now
    device.place = place
    if (before === undefined || !isSame(before, place)) {
      device.owner = owners.push({ deviceId: device.id, ...place }) - 1
    }
    return device.owner
  }
}

interface Target {
  readonly rows: Rows
  readonly owner: number
  readonly names: DeviceNames
  readonly leftOut: string[]
}

/** The slow way; undefined when there is none. */
function addSamples(
  { channel, bytes, body, end, receivedAt }: JournalRecord,
  clock: DeviceClock,
  { rows, owner, names, leftOut }: Target,
): DeviceClock | undefined {
  const samples = samplesOf({ channel, body: bytes.subarray(body, end), receivedAt })
  if (samples.length === 0) return undefined
  const learned = learnClock(clock, samples, receivedAt)
  for (const sample of samples) {
    const values = names.limit(sample.values, leftOut)
    if (values !== undefined) rows.addFields(owner, sampleTime(sample, learned, receivedAt).at, values)
  }
  return learned
}

function isSame(a: Place, b: Place): boolean {
  return (
    a.assetId === b.assetId && a.network === b.network && a.zone === b.zone && a.measurement === b.measurement
  )
}

function samplesOf({ channel, body, receivedAt }: Omit<DeviceMessage, 'deviceId'>): readonly Sample[] {
  const decoded = decodeMessage(channel, body, receivedAt)
  if (decoded.kind === 'telemetry') return decoded.samples
  return decoded.kind === 'event' ? [withLid(decoded.event, decoded.sample)] : []
}

/** Rows for a store that keeps each measurement apart. */
export function readingsIn(rows: Rows, owners: readonly ReadingTags[]): StoredReading[] {
  const readings: StoredReading[] = []
  for (let row = 0; row < rows.count; row += 1) {
    const tags = owners[rows.owner[row] ?? 0]
    if (tags === undefined) continue
    const at = rows.at[row] ?? 0
    for (const [measurement, fields] of byMeasurement(rows.fieldsOf(row), tags)) {
      readings.push({ ...tags, measurement, at, fields })
    }
  }
  return readings
}

type Fields = Record<string, number | boolean>

function byMeasurement(values: Fields, tags: ReadingTags): Map<string, Fields> {
  const groups = new Map<string, Fields>()
  for (const [signal, value] of Object.entries(values)) {
    const measurement = signalDefinition(signal)?.measurement ?? tags.measurement
    const fields = groups.get(measurement)
    if (fields === undefined) groups.set(measurement, { [signal]: value })
    else fields[signal] = value
  }
  return groups
}

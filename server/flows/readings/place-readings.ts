import { signalDefinition, type Measurement } from '#contract/vocabulary.ts'
import type { Network } from '../../domain/network/network.ts'
import { decodeMessage } from '../../domain/telemetry/decode.ts'
import { UNKNOWN_CLOCK, type DeviceClock } from '../../domain/telemetry/device-clock.ts'
import { learnClock, sampleTime } from '../../domain/telemetry/readings.ts'
import type { DeviceMessage, Sample } from '../../domain/telemetry/reading.ts'
import type { StoredReading } from '../ports.ts'

/** The tags of a device's readings, and the measurement of what belongs to no other. */
export interface Place {
  readonly assetId: string
  readonly network: string
  readonly zone: string
  readonly measurement: Measurement
}

/** Plain, so that it can be posted to another thread. */
export type Places = ReadonlyMap<string, Place>

/** A device that the network no longer knows; what it sent was promised all the same. */
const NOWHERE: Place = { assetId: '', network: '', zone: '', measurement: 'station' }

export function placesOf(network: Network): Places {
  const places = new Map<string, Place>()
  for (const [id, { assetId }] of network.devices) {
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

/**
 * A message as it goes to a readings store, and the device's clock after it. The same message, clock
 * and place give the same readings again, so that writing twice changes nothing. `whole`: one reading a
 * sample, whatever its signals measure.
 */
export function placeReadings(
  message: DeviceMessage,
  clock: DeviceClock | undefined,
  place: Place = NOWHERE,
  whole = false,
): { readonly readings: readonly StoredReading[]; readonly clock: DeviceClock | undefined } {
  const samples = samplesOf(message)
  if (samples.length === 0) return { readings: [], clock }
  const { deviceId, receivedAt } = message
  const learned = learnClock(clock ?? UNKNOWN_CLOCK, samples, receivedAt)
  const { assetId, network, zone } = place
  const readings: StoredReading[] = []
  for (const sample of samples) {
    const { at } = sampleTime(sample, learned, receivedAt)
    const groups = whole ? undefined : byMeasurement(sample.values, place)
    if (groups === undefined) {
      const { measurement } = place
      readings.push({ measurement, deviceId, assetId, network, zone, at, fields: sample.values })
      continue
    }
    for (const [measurement, fields] of groups) {
      readings.push({ measurement, deviceId, assetId, network, zone, at, fields })
    }
  }
  return { readings, clock: learned }
}

/** What a device says of its lid in an event is a reading of the lid too. */
const LID_OPEN: Readonly<Record<string, boolean>> = { cover_open: true, cover_closed: false }

function samplesOf({ channel, body, receivedAt }: DeviceMessage): readonly Sample[] {
  const decoded = decodeMessage(channel, body, receivedAt)
  if (decoded.kind === 'telemetry') return decoded.samples
  if (decoded.kind !== 'event') return []
  const open = LID_OPEN[decoded.event]
  const values = open === undefined ? decoded.sample.values : { cover_open: open, ...decoded.sample.values }
  return [{ ...decoded.sample, values }]
}

type Fields = Record<string, number | boolean>

function byMeasurement(values: Sample['values'], place: Place): [Measurement, Fields][] {
  const groups = new Map<Measurement, Fields>()
  for (const [signal, value] of Object.entries(values)) {
    const measurement = signalDefinition(signal)?.measurement ?? place.measurement
    const fields = groups.get(measurement)
    if (fields === undefined) groups.set(measurement, { [signal]: value })
    else fields[signal] = value
  }
  return [...groups]
}

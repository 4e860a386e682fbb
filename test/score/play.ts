import type { PointProperties } from '#contract/network.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { DetectionSettings } from '../../server/domain/detection/core/settings.ts'
import type { Observation } from '../../server/domain/detection/step.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import { judgeTime } from '../../server/domain/telemetry/device-time.ts'
import type { Sample as Taken } from '../../server/domain/telemetry/reading.ts'
import type { BacktestChange } from '../../server/flows/backtest/incidents.ts'
import { createReplay } from '../../server/flows/backtest/replay.ts'
import { pointsOf } from '../../simulators/network-shape.ts'
import type { Scenario } from '../../simulators/laboratory/scenario.ts'
import type { Message, Season } from '../../simulators/laboratory/season.ts'
import { createSeason } from '../../simulators/laboratory/season.ts'

/** What the detector said of a season, and what there was to see. */
export interface Played {
  readonly season: Season
  readonly changes: readonly BacktestChange[]
  /** Arrivals of events that a cover's device decided itself, by device. */
  readonly coverEvents: ReadonlyMap<string, readonly number[]>
  readonly counted: Counted
}

export interface Counted {
  readonly days: number
  readonly wells: number
  readonly pressureSensors: number
  readonly covers: number
  readonly devices: number
  readonly readings: number
  /** Processor time of the detector, ms. */
  readonly detectorMs: number
}

/** Plays a season to the detector: the live code path in event time, without its clock and its stores. */
export async function play(
  scenario: Scenario,
  progress?: (share: number) => void,
  settings: DetectionSettings = DEFAULT_SETTINGS,
): Promise<Played> {
  const season = await createSeason(scenario)
  const changes: BacktestChange[] = []
  const replay = createReplay({
    network: buildNetwork(season.file, 1),
    settings,
    say: (change) => void changes.push(change),
  })
  const coverEvents = new Map<string, number[]>()
  let readings = 0
  let detectorMs = 0
  season.run((message) => {
    const { deviceId, receivedAt, event } = message
    if (event !== undefined) coverEvents.set(deviceId, [...(coverEvents.get(deviceId) ?? []), receivedAt])
    for (const { values } of message.samples) readings += Object.keys(values).length
    const began = process.threadCpuUsage()
    for (const seen of observationsOf(message)) replay.take(seen)
    const { user, system } = process.threadCpuUsage(began)
    detectorMs += (user + system) / 1000
  }, progress)
  replay.end()
  const points = pointsOf(season.file).map(({ properties }) => properties)
  const counted = {
    days: scenario.days,
    wells: scenario.topology.wells,
    readings,
    detectorMs,
    ...countSensors(points),
  }
  return { season, changes, coverEvents, counted }
}

/** As the door would have decoded the device's bytes. */
function observationsOf({ deviceId, receivedAt, samples, event }: Message): readonly Observation[] {
  const taken = samples.flatMap(({ ts, values }): Taken[] => {
    const verdict = judgeTime(ts, receivedAt)
    if (verdict === 'good') return [{ ts, values }]
    return verdict === 'future' ? [{ ts, inFuture: true, values }] : []
  })
  if (event === undefined) {
    return [{ deviceId, receivedAt, decoded: { kind: 'telemetry', samples: taken, rejected: [] } }]
  }
  return taken.map((sample) => ({ deviceId, receivedAt, decoded: { kind: 'event', event, sample } }))
}

function countSensors(
  points: readonly PointProperties[],
): Pick<Counted, 'pressureSensors' | 'covers' | 'devices'> {
  const devices = points.flatMap((point) => point.devices ?? [])
  const signals = devices.flatMap((device) => device.signals)
  const pressures = ['pressure_mpa', 'primary_supply_mpa', 'primary_return_mpa']
  return {
    pressureSensors: signals.filter((signal) => pressures.includes(signal)).length,
    covers: signals.filter((signal) => signal === 'cover_tilt_deg').length,
    devices: devices.length,
  }
}

import type { DeviceEvent } from '#contract/vocabulary.ts'
import type { Effect } from './effects.ts'
import { MINUTE, SECOND } from './time.ts'
import type { World } from './world.ts'

/** A report beside the regular ones: the device noticed something. */
export interface EventReport {
  readonly deviceId: string
  readonly at: number
  readonly event?: DeviceEvent
  /** Sent at once, however weak the radio. */
  readonly urgent?: boolean
}

/** A cover that moved for less than this was a vehicle: the device debounces it. */
const DEBOUNCE = 2 * SECOND
const OPEN_DEG = 60

/** When the devices at an effect's place wake up because of it. */
export function eventReportsOf(world: World, effect: Effect): readonly EventReport[] {
  if (effect.kind === 'cover') return coverWakes(world, effect)
  if (effect.kind !== 'well-leak') return []
  const chambers = devicesAt(world, effect.wellId, 'chamber_c').concat(
    devicesAt(world, effect.wellId, 'water_level_m'),
  )
  const last = Math.min(effect.until ?? Infinity, effect.from + 60 * MINUTE)
  const wakes: EventReport[] = []
  for (
    let at = effect.from + 5 * SECOND;
    at < last;
    at += at < effect.from + 10 * MINUTE ? 15 * SECOND : MINUTE
  ) {
    for (const deviceId of new Set(chambers)) wakes.push({ deviceId, at, urgent: true })
  }
  return wakes
}

function coverWakes(world: World, effect: Extract<Effect, { kind: 'cover' }>): readonly EventReport[] {
  const until = effect.until ?? Infinity
  return devicesAt(world, effect.wellId, 'cover_tilt_deg').flatMap((deviceId): EventReport[] => {
    if (until - effect.from < DEBOUNCE) {
      return [
        { deviceId, at: effect.from + 300, urgent: true },
        { deviceId, at: until + SECOND, urgent: true },
      ]
    }
    const event = effect.open || effect.tiltDeg > OPEN_DEG ? 'cover_open' : 'cover_tilt'
    const alarm: EventReport = { deviceId, at: effect.from + DEBOUNCE, event, urgent: true }
    const back: EventReport[] =
      until === Infinity ? [] : [{ deviceId, at: until + DEBOUNCE, event: 'cover_closed', urgent: true }]
    return [alarm, ...back]
  })
}

/** Devices at an asset that measure a signal. */
export function devicesAt(world: World, assetId: string, signal: string): string[] {
  const devices = world.assets.get(assetId)?.devices ?? []
  return devices.filter((device) => device.signals.includes(signal)).map((device) => device.id)
}

import type { DeviceProperties, PointProperties } from '#contract/network.ts'
import { between, uniform } from '../../seeded-random.ts'
import { CHAMBER_SIGNALS, COVER_SIGNALS, SOURCE_SIGNALS, STATION_SIGNALS } from '../../town/devices.ts'

/** Share of places of each kind that carry a device, so that 200 wells have about 76 pressure sensors. */
const SHARE = {
  stationWhole: 0.27,
  stationSecondary: 0.3,
  pressure: 0.12,
  chamber: 0.3,
  chamberSecondary: 0.7,
  cover: 0.6,
} as const
const QUARTER_HOUR_S = 900
const SOURCE_S = 300
const DAY_S = 86_400

const SECONDARY_SIGNALS = STATION_SIGNALS.filter((signal) => !signal.startsWith('primary_'))
const RETURN_SHARE = 0.25

/** The devices of a point, by chance but the same for the same seed. */
export function devicesOf(seed: number, point: PointProperties): DeviceProperties[] {
  const has = (what: keyof typeof SHARE) => uniform(seed, what, point.id) < SHARE[what]
  if (point.kind === 'source') {
    return [{ id: `rtu-${point.id}`, signals: [...SOURCE_SIGNALS], intervalS: SOURCE_S, power: 'wired' }]
  }
  if (point.kind === 'station') {
    const signals = has('stationWhole') ? STATION_SIGNALS : has('stationSecondary') ? SECONDARY_SIGNALS : []
    if (signals.length === 0) return []
    return [{ id: `rtu-${point.id}`, signals: [...signals], intervalS: QUARTER_HOUR_S, power: 'wired' }]
  }
  if (point.kind === 'valve') return []
  const hot = point.network === 'primary'
  return [
    ...(has('cover') ? [coverDevice(seed, point.id)] : []),
    ...(has(hot ? 'chamber' : 'chamberSecondary')
      ? [batteryDevice(`chamber-${point.id}`, CHAMBER_SIGNALS)]
      : []),
    ...(hot && has('pressure') ? [pressureDevice(seed, point)] : []),
  ]
}

function coverDevice(seed: number, wellId: string): DeviceProperties {
  const installedTiltDeg = Math.round(between(seed, [-3, 3], 'tilt', wellId) * 10) / 10
  return {
    id: `cover-${wellId}`,
    signals: COVER_SIGNALS,
    intervalS: DAY_S,
    power: 'battery',
    installedTiltDeg,
  }
}

function pressureDevice(seed: number, well: Extract<PointProperties, { kind: 'well' }>): DeviceProperties {
  const side = uniform(seed, 'side', well.id) < RETURN_SHARE ? 'return' : 'supply'
  return {
    ...batteryDevice(`pressure-${well.id}`, ['pressure_mpa', 'temperature_c', 'battery_v', 'rssi_dbm']),
    ...(well.onPipe === undefined ? {} : { pipe: well.onPipe }),
    side,
  }
}

function batteryDevice(id: string, signals: readonly string[]): DeviceProperties {
  return { id, signals: [...signals], intervalS: QUARTER_HOUR_S, power: 'battery' }
}

import type { DeviceProperties, PointProperties, WellProperties } from '#contract/network.ts'
import { between, uniform } from '../seeded-random.ts'
import type { Draft } from './draft.ts'

const DAY_S = 86_400

export const COVER_SIGNALS = ['cover_tilt_deg', 'cover_open', 'shock_g', 'battery_v', 'rssi_dbm']
export const CHAMBER_SIGNALS = ['chamber_c', 'humidity_pct', 'water_level_m', 'battery_v', 'rssi_dbm']
export const STATION_SIGNALS = [
  'primary_supply_mpa',
  'primary_return_mpa',
  'primary_supply_c',
  'primary_return_c',
  'primary_flow_t_h',
  'secondary_supply_mpa',
  'secondary_return_mpa',
  'secondary_supply_c',
  'secondary_return_c',
  'makeup_flow_t_h',
]
export const SOURCE_SIGNALS = [
  'primary_supply_mpa',
  'primary_return_mpa',
  'primary_supply_c',
  'primary_return_c',
  'primary_flow_t_h',
  'makeup_flow_t_h',
  'outdoor_c',
]
const SPARE_WELL_SIGNALS = [
  'cover_tilt_deg',
  'cover_open',
  'shock_g',
  'chamber_c',
  'humidity_pct',
  'water_level_m',
  'pressure_mpa',
  'temperature_c',
  'battery_v',
  'rssi_dbm',
]

/** Gives source, stations and a share of the wells their devices. */
export function placeDevices(draft: Draft, seed: number, spares: ReadonlyMap<string, string>): void {
  for (const point of draft.points()) {
    const spare = spares.get(point.id)
    const devices = spare === undefined ? devicesOf(point, seed) : [spareDevice(spare, point)]
    if (devices.length > 0) draft.change(point.id, (known) => ({ ...known, devices }))
  }
}

function devicesOf(point: PointProperties, seed: number): DeviceProperties[] {
  if (point.underConstruction === true) return []
  if (point.kind === 'source') {
    return [{ id: `rtu-${point.id}`, signals: SOURCE_SIGNALS, intervalS: 15, power: 'wired' }]
  }
  if (point.kind === 'station') {
    return [{ id: `rtu-${point.id}`, signals: STATION_SIGNALS, intervalS: 60, power: 'wired' }]
  }
  if (point.kind === 'valve') return []
  return point.network === 'primary' ? primaryWellDevices(point, seed) : secondaryWellDevices(point, seed)
}

function primaryWellDevices(well: WellProperties, seed: number): DeviceProperties[] {
  const devices: DeviceProperties[] = []
  if (uniform(seed, 'cover', well.id) < 0.7) devices.push(coverDevice(well, seed))
  if (uniform(seed, 'chamber', well.id) < 0.42) devices.push(chamberDevice(well, seed))
  if (uniform(seed, 'pressure', well.id) < 0.12 && well.onPipe !== undefined) {
    devices.push({
      id: `pressure-${well.id}`,
      signals: ['pressure_mpa', 'temperature_c', 'battery_v', 'rssi_dbm'],
      intervalS: 300,
      power: 'battery',
      pipe: well.onPipe,
      side: 'supply',
    })
  }
  return devices
}

function secondaryWellDevices(well: WellProperties, seed: number): DeviceProperties[] {
  const devices: DeviceProperties[] = []
  if (uniform(seed, 'cover', well.id) < 0.22) devices.push(coverDevice(well, seed))
  if (uniform(seed, 'chamber', well.id) < 0.11) devices.push(chamberDevice(well, seed))
  return devices
}

function coverDevice(well: WellProperties, seed: number): DeviceProperties {
  return {
    id: `cover-${well.id}`,
    signals: COVER_SIGNALS,
    intervalS: DAY_S,
    power: 'battery',
    installedTiltDeg: Math.round(between(seed, [-3, 3], 'tilt', well.id) * 10) / 10,
  }
}

function chamberDevice(well: WellProperties, seed: number): DeviceProperties {
  const intervalS = uniform(seed, 'interval', well.id) < 0.3 ? 300 : 900
  return { id: `chamber-${well.id}`, signals: CHAMBER_SIGNALS, intervalS, power: 'battery' }
}

function spareDevice(id: string, point: PointProperties): DeviceProperties {
  const battery = { id, intervalS: DAY_S, power: 'battery' as const }
  if (point.kind === 'station') {
    return { ...battery, signals: [...STATION_SIGNALS, 'outdoor_c', 'battery_v', 'rssi_dbm'] }
  }
  return { ...battery, signals: SPARE_WELL_SIGNALS, installedTiltDeg: 0 }
}

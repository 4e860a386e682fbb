import { SIGNALS } from '#contract/signals.ts'
import { inOurUnit, ourUnit } from './units.ts'

/** What devices of other makers call what we measure, without a unit; in lower case, words joined by `_`. */
const STEMS: Readonly<Record<string, string>> = {
  tilt: 'cover_tilt_deg',
  tilt_angle: 'cover_tilt_deg',
  angle: 'cover_tilt_deg',
  inclination: 'cover_tilt_deg',
  cover_tilt: 'cover_tilt_deg',
  倾角: 'cover_tilt_deg',
  倾斜角: 'cover_tilt_deg',
  倾斜角度: 'cover_tilt_deg',
  cover: 'cover_open',
  lid: 'cover_open',
  lid_open: 'cover_open',
  open: 'cover_open',
  开盖: 'cover_open',
  井盖打开: 'cover_open',
  shock: 'shock_g',
  vibration: 'shock_g',
  振动: 'shock_g',
  water_level: 'water_level_m',
  level: 'water_level_m',
  water_depth: 'water_level_m',
  水位: 'water_level_m',
  液位: 'water_level_m',
  humidity: 'humidity_pct',
  rh: 'humidity_pct',
  湿度: 'humidity_pct',
  battery_voltage: 'battery_v',
  bat: 'battery_v',
  bat_v: 'battery_v',
  batv: 'battery_v',
  vbat: 'battery_v',
  电池电压: 'battery_v',
  rssi: 'rssi_dbm',
  rsrp: 'rssi_dbm',
  信号强度: 'rssi_dbm',
  temp: 'temperature',
  温度: 'temperature',
  压力: 'pressure',
  // IPSO objects of LwM2M, as the carriers' platforms name their resources.
  '3303_0_5700': 'temperature',
  '3304_0_5700': 'humidity_pct',
  ...Object.fromEntries(
    Object.entries(SIGNALS).flatMap(([signal, { words }]) => [
      [words.zh, signal],
      [words.en.toLowerCase().replaceAll(/[^a-z]+/g, '_'), signal],
    ]),
  ),
}

/** Signals that `temperature` may mean; which, the device says that it brings. */
const TEMPERATURES = ['temperature_c', 'chamber_c', 'outdoor_c']

/** A name in the form of ours: `tiltAngle`, `Tilt Angle` and `tilt-angle` are all `tilt_angle`. */
function plainName(name: string): string {
  return name
    .trim()
    .replaceAll(/[kKmMhH]Pa/g, (unit) => `_${unit.toLowerCase()}`)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[\s.\-_()（）/[\]]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

/** Names once read stay read: a device sends the same ones for ever. Bounded, as names are strangers'. */
const MAX_REMEMBERED = 5000
const remembered = new Map<string, Named>()

interface Named {
  readonly signal: string
  readonly unit?: string
}

/** Which signal of ours a foreign name means, and the unit that it ends with; its own name where it means none. */
function named(name: string): Named {
  const known = remembered.get(name)
  if (known !== undefined) return known
  const found = readName(name)
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(name, found)
  return found
}

function readName(name: string): Named {
  if (Object.hasOwn(SIGNALS, name)) return { signal: name }
  const plain = plainName(name)
  if (Object.hasOwn(SIGNALS, plain)) return { signal: plain }
  const whole = Object.hasOwn(STEMS, plain) ? STEMS[plain] : undefined
  // A pressure without a unit may be anything: it stays what it is called, and is seen.
  if (whole !== undefined) return { signal: whole.endsWith('_mpa') ? plain : whole }
  for (let at = plain.indexOf('_'); at > 0; at = plain.indexOf('_', at + 1)) {
    const unit = plain.slice(at + 1)
    const base = plain.slice(0, at)
    const to = ourUnit(unit)
    if (to === undefined) continue
    const meant = Object.hasOwn(STEMS, base) ? (STEMS[base] ?? base) : base
    const signal = meant.endsWith(`_${to}`) ? meant : `${meant}_${to}`
    if (Object.hasOwn(SIGNALS, signal)) return { signal, unit }
  }
  return { signal: /^\d/.test(plain) ? `r_${plain}` : plain }
}

/**
 * Values under the names and in the units of other makers, under ours: `{"Tilt Angle": "75.2", "pressure_kpa": 650}`
 * becomes `{cover_tilt_deg: 75.2, pressure_mpa: 0.65}`. Objects within are flattened; numbers in text become numbers.
 * What means nothing to us keeps its name.
 */
export function ourValues(said: Readonly<Record<string, unknown>>, before = ''): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [key, raw] of Object.entries(said)) {
    const name = before === '' ? key : `${before}_${key}`
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
      Object.assign(values, ourValues(raw as Record<string, unknown>, name))
      continue
    }
    const { signal, unit } = named(name)
    const value = plainValue(raw)
    values[signal] = unit !== undefined && typeof value === 'number' ? inOurUnit(value, unit) : value
  }
  return values
}

function plainValue(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw
  const text = raw.trim()
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  return text === 'true' ? true : text === 'false' ? false : raw
}

/**
 * Settles words that mean one of several signals by what the device is said to bring: the `temperature` of a
 * sensor that has `chamber_c` and no other temperature is that of the chamber.
 */
export function settleValues<T>(
  values: Readonly<Record<string, T>>,
  signals: readonly string[],
): Readonly<Record<string, T>> {
  let settled: Record<string, T> | undefined
  for (const name of ['temperature', 'temperature_c'] as const) {
    if (!Object.hasOwn(values, name) || signals.includes(name)) continue
    const fitting = TEMPERATURES.filter((signal) => signals.includes(signal))
    const [only] = fitting
    if (only === undefined || fitting.length > 1 || Object.hasOwn(values, only)) continue
    settled ??= { ...values }
    const value = settled[name]
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the one name that was just looked at
    delete settled[name]
    if (value !== undefined) settled[only] = value
  }
  return settled ?? values
}

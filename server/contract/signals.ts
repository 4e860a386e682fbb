/** What devices measure, one row a signal: everything else that knows a signal takes it from here. */

/** A text for people in both languages. */
interface Words {
  readonly zh: string
  readonly en: string
}

export const MEASUREMENTS = ['station', 'well', 'cover'] as const
export type Measurement = (typeof MEASUREMENTS)[number]

/** What a device is called by its signals: of several, the first in this order. */
const DEVICES = {
  cover: { zh: '井盖传感器', en: 'Cover sensor' },
  chamber: { zh: '井室传感器', en: 'Chamber sensor' },
  station: { zh: '站控设备', en: 'Station controller' },
  pipe: { zh: '管道传感器', en: 'Pipe sensor' },
  weather: { zh: '气象传感器', en: 'Weather sensor' },
} as const satisfies Record<string, Words>

const OTHER_DEVICE: Words = { zh: '传感器', en: 'Sensor' }

/** How a signal behaves, as far as the quality of its values is judged by it. */
export interface SignalBehaviour {
  readonly quantity: 'pressure' | 'temperature' | 'other'
  /** Smallest standard deviation worth the name, in the signal's unit. */
  readonly sigma: number
  /** An analogue value that does move: equal values in a row may mean that it is stuck. */
  readonly moves: boolean
  /** Values that a broken wire gives, besides the ends of the range. */
  readonly openCircuit: readonly number[]
  /** A baseline is kept of it. */
  readonly learnt: boolean
  /** End of the range at which a wet sensor stays: equal values there beside dry neighbours are a fault. */
  readonly pinnedAt?: number
  /** What is back within so long was no spike but a vehicle on the cover [ms]. */
  readonly passingMs?: number
}

export interface SignalDefinition {
  readonly unit: string
  readonly type: 'number' | 'boolean'
  /** Undefined: the measurement is that of the asset the device stands at. */
  readonly measurement?: Measurement
  /** Physically possible range, inclusive; outside it a value is flagged `range`. */
  readonly min?: number
  readonly max?: number
  readonly behaviour: SignalBehaviour
  /** What simulated sensors add to the truth: one standard deviation, and their resolution; in the signal's unit. */
  readonly noise?: { readonly sigma: number; readonly step: number }
  readonly words: Words
  /** The kind of device that it makes of its sender; undefined: any device may send it. */
  readonly device?: keyof typeof DEVICES
}

/** Of a signal of which nothing else is known. */
export const OTHER_BEHAVIOUR: SignalBehaviour = {
  quantity: 'other',
  sigma: 0.5,
  moves: false,
  openCircuit: [],
  learnt: false,
}
const PRESSURE = {
  unit: 'MPa',
  type: 'number',
  min: 0,
  max: 4,
  behaviour: { quantity: 'pressure', sigma: 0.002, moves: true, openCircuit: [0], learnt: true },
  noise: { sigma: 0.0008, step: 0.0004 },
} as const
const TEMPERATURE = {
  unit: '°C',
  type: 'number',
  min: -45,
  max: 200,
  behaviour: { quantity: 'temperature', sigma: 0.4, moves: true, openCircuit: [-39.9, -40, 0], learnt: true },
  noise: { sigma: 0.15, step: 0.1 },
} as const
const FLOW: SignalBehaviour = { ...OTHER_BEHAVIOUR, moves: true, learnt: true }

const PIPE = { measurement: 'well', device: 'pipe' } as const
const CHAMBER = { measurement: 'well', device: 'chamber' } as const
const COVER = { measurement: 'cover', device: 'cover' } as const
const STATION = { measurement: 'station', device: 'station' } as const

/** Signals by name. Unknown numeric or boolean keys are kept as extra signals. */
export const SIGNALS = {
  pressure_mpa: { ...PRESSURE, ...PIPE, words: { zh: '管道压力', en: 'Pipe pressure' } },
  temperature_c: { ...TEMPERATURE, ...PIPE, words: { zh: '管道温度', en: 'Pipe temperature' } },
  chamber_c: {
    ...TEMPERATURE,
    ...CHAMBER,
    max: 150,
    noise: { sigma: 0.2, step: 0.1 },
    words: { zh: '井室温度', en: 'Chamber temperature' },
  },
  humidity_pct: {
    ...CHAMBER,
    unit: '%RH',
    type: 'number',
    min: 0,
    max: 100,
    behaviour: { ...OTHER_BEHAVIOUR, sigma: 2, learnt: true, pinnedAt: 100 },
    noise: { sigma: 0.6, step: 0.1 },
    words: { zh: '井室湿度', en: 'Chamber humidity' },
  },
  water_level_m: {
    ...CHAMBER,
    unit: 'm',
    type: 'number',
    min: -0.2,
    max: 20,
    behaviour: { ...OTHER_BEHAVIOUR, sigma: 0.02, learnt: true },
    noise: { sigma: 0.002, step: 0.001 },
    words: { zh: '井内水位', en: 'Water level' },
  },
  cover_tilt_deg: {
    ...COVER,
    unit: '°',
    type: 'number',
    min: -180,
    max: 180,
    behaviour: { ...OTHER_BEHAVIOUR, sigma: 1, passingMs: 2000 },
    noise: { sigma: 0.15, step: 0.1 },
    words: { zh: '井盖倾角', en: 'Cover tilt' },
  },
  cover_open: {
    ...COVER,
    unit: '',
    type: 'boolean',
    behaviour: OTHER_BEHAVIOUR,
    words: { zh: '井盖开启', en: 'Cover open' },
  },
  shock_g: {
    ...COVER,
    unit: 'g',
    type: 'number',
    min: 0,
    max: 200,
    behaviour: { ...OTHER_BEHAVIOUR, passingMs: Infinity },
    noise: { sigma: 0.01, step: 0.01 },
    words: { zh: '冲击', en: 'Shock' },
  },
  primary_supply_mpa: { ...PRESSURE, ...STATION, words: { zh: '一次供压', en: 'Primary supply pressure' } },
  primary_return_mpa: { ...PRESSURE, ...STATION, words: { zh: '一次回压', en: 'Primary return pressure' } },
  primary_supply_c: {
    ...TEMPERATURE,
    ...STATION,
    words: { zh: '一次供温', en: 'Primary supply temperature' },
  },
  primary_return_c: {
    ...TEMPERATURE,
    ...STATION,
    words: { zh: '一次回温', en: 'Primary return temperature' },
  },
  primary_flow_t_h: {
    ...STATION,
    unit: 't/h',
    type: 'number',
    min: 0,
    max: 50_000,
    behaviour: FLOW,
    noise: { sigma: 0.15, step: 0.1 },
    words: { zh: '一次流量', en: 'Primary flow' },
  },
  secondary_supply_mpa: {
    ...PRESSURE,
    ...STATION,
    words: { zh: '二次供压', en: 'Secondary supply pressure' },
  },
  secondary_return_mpa: {
    ...PRESSURE,
    ...STATION,
    words: { zh: '二次回压', en: 'Secondary return pressure' },
  },
  secondary_supply_c: {
    ...TEMPERATURE,
    ...STATION,
    words: { zh: '二次供温', en: 'Secondary supply temperature' },
  },
  secondary_return_c: {
    ...TEMPERATURE,
    ...STATION,
    words: { zh: '二次回温', en: 'Secondary return temperature' },
  },
  makeup_flow_t_h: {
    ...STATION,
    unit: 't/h',
    type: 'number',
    min: 0,
    max: 5000,
    behaviour: { ...FLOW, moves: false },
    noise: { sigma: 0.01, step: 0.01 },
    words: { zh: '补水流量', en: 'Make-up flow' },
  },
  outdoor_c: {
    unit: '°C',
    type: 'number',
    measurement: 'station',
    device: 'weather',
    min: -60,
    max: 60,
    behaviour: OTHER_BEHAVIOUR,
    noise: { sigma: 0.08, step: 0.1 },
    words: { zh: '室外温度', en: 'Outdoor temperature' },
  },
  battery_v: {
    unit: 'V',
    type: 'number',
    min: 0,
    max: 60,
    behaviour: { ...OTHER_BEHAVIOUR, sigma: 0.05 },
    noise: { sigma: 0.004, step: 0.001 },
    words: { zh: '电池电压', en: 'Battery' },
  },
  rssi_dbm: {
    unit: 'dBm',
    type: 'number',
    min: -150,
    max: 0,
    behaviour: { ...OTHER_BEHAVIOUR, sigma: 5 },
    noise: { sigma: 2, step: 1 },
    words: { zh: '信号强度', en: 'Signal strength' },
  },
} as const satisfies Record<string, SignalDefinition>
export type KnownSignal = keyof typeof SIGNALS

const DEFINITIONS: ReadonlyMap<string, SignalDefinition> = new Map(Object.entries(SIGNALS))

/** The definition of a signal, or undefined for an extra one. */
export function signalDefinition(signal: string): SignalDefinition | undefined {
  return DEFINITIONS.get(signal)
}

/** Whether a value lies outside what the signal can physically be, in its unit; a signal without a range has none outside. */
export function isOutOfRange(signal: string, value: number | boolean): boolean {
  const { min = -Infinity, max = Infinity } = signalDefinition(signal) ?? {}
  return typeof value === 'number' && !(value >= min && value <= max)
}

/** A signal's name for people; an extra one is called what its device calls it. */
export function signalName(signal: string, language: 'zh' | 'en'): string {
  return DEFINITIONS.get(signal)?.words[language] ?? signal
}

/** What people call a device that sends these signals. */
export function deviceName(signals: readonly string[], language: 'zh' | 'en'): string {
  const sent = new Set(signals.map((signal) => DEFINITIONS.get(signal)?.device))
  const first = (Object.keys(DEVICES) as (keyof typeof DEVICES)[]).find((device) => sent.has(device))
  return (first === undefined ? OTHER_DEVICE : DEVICES[first])[language]
}

/** How a foreign unit becomes one of ours: MPa, °C, m, V, g, degrees, %, t/h. */
interface Unit {
  readonly to: 'mpa' | 'c' | 'm' | 'v' | 'g' | 'deg' | 'pct' | 't_h' | 'dbm' | 'one'
  readonly factor: number
  /** Taken off before the factor. */
  readonly offset?: number
}

const G = 9.80665

/** By the name in lower case without spaces; SI definitions, and water at 4 °C for a column of it. */
const UNITS: Readonly<Record<string, Unit>> = {
  mpa: { to: 'mpa', factor: 1 },
  kpa: { to: 'mpa', factor: 1e-3 },
  hpa: { to: 'mpa', factor: 1e-4 },
  pa: { to: 'mpa', factor: 1e-6 },
  bar: { to: 'mpa', factor: 0.1 },
  mbar: { to: 'mpa', factor: 1e-4 },
  psi: { to: 'mpa', factor: 0.006894757293168 },
  mh2o: { to: 'mpa', factor: G * 1e-3 },
  'kgf/cm2': { to: 'mpa', factor: G / 100 },
  c: { to: 'c', factor: 1 },
  '°c': { to: 'c', factor: 1 },
  celsius: { to: 'c', factor: 1 },
  f: { to: 'c', factor: 5 / 9, offset: 32 },
  '°f': { to: 'c', factor: 5 / 9, offset: 32 },
  fahrenheit: { to: 'c', factor: 5 / 9, offset: 32 },
  k: { to: 'c', factor: 1, offset: 273.15 },
  m: { to: 'm', factor: 1 },
  dm: { to: 'm', factor: 0.1 },
  cm: { to: 'm', factor: 0.01 },
  mm: { to: 'm', factor: 1e-3 },
  v: { to: 'v', factor: 1 },
  mv: { to: 'v', factor: 1e-3 },
  g: { to: 'g', factor: 1 },
  mg: { to: 'g', factor: 1e-3 },
  'm/s2': { to: 'g', factor: 1 / G },
  deg: { to: 'deg', factor: 1 },
  '°': { to: 'deg', factor: 1 },
  rad: { to: 'deg', factor: 180 / Math.PI },
  pct: { to: 'pct', factor: 1 },
  '%': { to: 'pct', factor: 1 },
  percent: { to: 'pct', factor: 1 },
  t_h: { to: 't_h', factor: 1 },
  't/h': { to: 't_h', factor: 1 },
  kg_h: { to: 't_h', factor: 1e-3 },
  'kg/h': { to: 't_h', factor: 1e-3 },
  dbm: { to: 'dbm', factor: 1 },
  '10^-1': { to: 'one', factor: 0.1 },
  '10^-2': { to: 'one', factor: 0.01 },
  '10^-3': { to: 'one', factor: 1e-3 },
  '10⁻¹': { to: 'one', factor: 0.1 },
  '10⁻²': { to: 'one', factor: 0.01 },
  '10⁻³': { to: 'one', factor: 1e-3 },
}

function unitNamed(name: string): Unit | undefined {
  const plain = name.trim().toLowerCase()
  return Object.hasOwn(UNITS, plain) ? UNITS[plain] : undefined
}

/** What of ours a value in this unit is: the end of a signal's name; undefined for a unit that is not known. */
export function ourUnit(name: string): Unit['to'] | undefined {
  return unitNamed(name)?.to
}

/** A value in a foreign unit, in ours; ten digits, so that 0.1 × 6.5 is 0.65. Undefined for an unknown unit. */
export function inOurUnit(value: number, name: string): number | undefined {
  const unit = unitNamed(name)
  if (unit === undefined) return undefined
  return Number(((value - (unit.offset ?? 0)) * unit.factor).toPrecision(10))
}

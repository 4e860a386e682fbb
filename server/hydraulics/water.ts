/** Water of about 110 °C, for which EPANET's specific gravity and viscosity are set. */
export const SPECIFIC_GRAVITY = 0.951
export const RELATIVE_VISCOSITY = 0.27
const DENSITY_KG_M3 = SPECIFIC_GRAVITY * 1000
const GRAVITY_M_S2 = 9.80665
/** Discharge coefficient of a ragged hole. */
const DISCHARGE = 0.75

/** Metres of this water in one MPa. */
export const METRES_PER_MPA = 1e6 / (DENSITY_KG_M3 * GRAVITY_M_S2)

export function litresPerSecond(tonnesPerHour: number): number {
  return (tonnesPerHour * 1000) / 3.6 / DENSITY_KG_M3
}

export function tonnesPerHour(litresPerSecond: number): number {
  return (litresPerSecond * 3.6 * DENSITY_KG_M3) / 1000
}

/** Leak through a round hole, t/h: q = 3.6·Cd·A·√(2ρΔp). */
export function leakFlowTh(holeMm: number, overpressureMpa: number): number {
  if (overpressureMpa <= 0) return 0
  return 3.6 * DISCHARGE * holeAreaM2(holeMm) * Math.sqrt(2 * DENSITY_KG_M3 * overpressureMpa * 1e6)
}

/** The hole that would lose `flowTh` t/h at that overpressure, mm. */
export function holeForLeakMm(flowTh: number, overpressureMpa: number): number {
  const areaM2 = flowTh / (3.6 * DISCHARGE * Math.sqrt(2 * DENSITY_KG_M3 * overpressureMpa * 1e6))
  return Math.sqrt((4 * areaM2) / Math.PI) * 1000
}

/** EPANET's emitter coefficient for a hole, L/s per √m of this water: C = Cd·A·√(2g)·1000. */
export function emitterCoefficient(holeMm: number): number {
  return DISCHARGE * holeAreaM2(holeMm) * Math.sqrt(2 * GRAVITY_M_S2) * 1000
}

/** dρ/dT of water, kg/m³K: −0.58 at 70 °C, −0.70 at 95 °C, −0.78 at 120 °C. */
export function densitySlope(temperatureC: number): number {
  const points: readonly (readonly [number, number])[] = [
    [40, -0.38],
    [70, -0.58],
    [95, -0.7],
    [120, -0.78],
    [140, -0.85],
  ]
  let [lowC, low] = points[0] ?? [0, 0]
  for (const [highC, high] of points.slice(1)) {
    if (temperatureC <= highC || highC === 140) {
      const share = Math.min(1.5, Math.max(-1, (temperatureC - lowC) / (highC - lowC)))
      return low + (high - low) * share
    }
    ;[lowC, low] = [highC, high]
  }
  return low
}

/** Make-up that cooling water draws without any leak, t/h: V·|dρ/dT|·(−dT̄/dt); negative when warming. */
export function contractionTh(volumeM3: number, meanC: number, ratePerHourK: number): number {
  return (volumeM3 * -densitySlope(meanC) * -ratePerHourK) / 1000
}

function holeAreaM2(holeMm: number): number {
  return (Math.PI / 4) * (holeMm / 1000) ** 2
}

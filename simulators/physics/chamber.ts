/**
 * A well chamber as two heat stores, air and walls. The figures are a 22 m³ chamber's: at 110 °C a leak
 * of 0.5 t/h warms it by 8 K in about 23 min, 1 t/h in a minute, 5 t/h in seconds, and below 0.2 t/h
 * only humidity and level show it.
 */
const AIR_KJ_PER_K = 50
const AIR_TO_WALL_KW_PER_K = 0.8
const WALL_KJ_PER_K = 11_500
const WALL_TO_GROUND_KW_PER_K = 0.2
const WATER_KJ_PER_KG_K = 4.19
const EVAPORATION_KJ_PER_KG = 2257
const HOTTEST_C = 99

/** Heat that water leaking at `waterC` brings into the air as steam, kW. */
export function steamKw(leakTh: number, waterC: number): number {
  const kgPerS = leakTh / 3.6
  const flashing = Math.max(0, (WATER_KJ_PER_KG_K * (waterC - 100)) / EVAPORATION_KJ_PER_KG)
  return kgPerS * flashing * EVAPORATION_KJ_PER_KG
}

/** Rise of the air after `elapsedS` of that heat, K. */
export function airRiseK(heatKw: number, elapsedS: number): number {
  if (elapsedS <= 0) return 0
  const air = (heatKw / AIR_TO_WALL_KW_PER_K) * settled(elapsedS, AIR_KJ_PER_K / AIR_TO_WALL_KW_PER_K)
  const wall = (heatKw / WALL_TO_GROUND_KW_PER_K) * settled(elapsedS, WALL_KJ_PER_K / WALL_TO_GROUND_KW_PER_K)
  return air + wall
}

export interface ChamberLeak {
  readonly leakTh: number
  readonly waterC: number
  readonly from: number
  readonly until: number
}

export interface Chamber {
  readonly baseC: number
  readonly baseHumidityPct: number
  readonly baseLevelM: number
  readonly floorM2: number
  readonly depthM: number
}

/** Air temperature, humidity and water level at an instant with leaks into the chamber. */
export function chamberState(chamber: Chamber, leaks: readonly ChamberLeak[], at: number) {
  let riseK = 0
  let wet = 0
  let waterM3 = 0
  for (const leak of leaks) {
    if (at < leak.from) continue
    const heat = steamKw(leak.leakTh, leak.waterC)
    const runningS = (Math.min(at, leak.until) - leak.from) / 1000
    const overS = Math.max(0, at - leak.until) / 1000
    riseK += airRiseK(heat, (at - leak.from) / 1000) - airRiseK(heat, overS)
    // Steam saturates the air within minutes; colder water does so slowly, and less.
    const vapour = heat > 0 ? 1 : 0.5
    wet += vapour * settled(runningS, 120 / Math.max(0.1, leak.leakTh)) * Math.exp(-overS / 3600)
    waterM3 += Math.max(0, (leak.leakTh * runningS) / 3600 - DRAIN_TH * (overS / 3600))
  }
  const humidity = chamber.baseHumidityPct + (100 - chamber.baseHumidityPct) * Math.min(1, wet)
  return {
    airC: Math.max(chamber.baseC, Math.min(HOTTEST_C, chamber.baseC + riseK)),
    humidityPct: Math.min(100, humidity),
    levelM: Math.min(chamber.depthM, chamber.baseLevelM + waterM3 / chamber.floorM2),
  }
}

/** What seeps away or is pumped out once a leak has stopped, t/h. */
const DRAIN_TH = 2

function settled(elapsedS: number, timeConstantS: number): number {
  return 1 - Math.exp(-elapsedS / timeConstantS)
}

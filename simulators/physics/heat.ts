import { smoothNoise } from '../seeded-random.ts'
import { HOUR, hourOfDay } from '../time.ts'
import { feltC } from './weather.ts'

/** Design point of the heating: 18 °C indoors at −25 °C outdoors, 130/70 °C on the primary side. */
const INDOOR_C = 18
const DESIGN_OUTDOOR_C = -25
const DESIGN_DROP_K = 55
/** The plant never goes below this load: it keeps the network warm even in a mild week. */
const MIN_LOAD = 0.3
/** How much of a change in load the flow takes on; the rest is temperature. */
const FLOW_SHARE = 0.25

/** Heat that the town asks for, 1 at design weather. */
function heatLoad(seed: number, at: number): number {
  const load = (INDOOR_C - feltC(seed, at)) / (INDOOR_C - DESIGN_OUTDOOR_C)
  return Math.max(MIN_LOAD, Math.min(1.1, load))
}

/** Supply temperature that the plant's curve gives: 110 °C in mild weather, 130 °C at design. */
export function plantSupplyC(seed: number, at: number): number {
  return 110 + 20 * Math.max(0, Math.min(1, (heatLoad(seed, at) - MIN_LOAD) / (1 - MIN_LOAD)))
}

/** Mixed return temperature at the plant, °C. */
export function plantReturnC(seed: number, at: number): number {
  return 60 + 8 * heatLoad(seed, at)
}

/** T̄ of the thermal correction: the mean of supply and return. */
export function meanWaterC(seed: number, at: number): number {
  return (plantSupplyC(seed, at) + plantReturnC(seed, at)) / 2
}

/** How fast the network warms (+) or cools (−), K/h. */
export function warmingKPerH(seed: number, at: number): number {
  return meanWaterC(seed, at + HOUR / 2) - meanWaterC(seed, at - HOUR / 2)
}

/**
 * Flow of a station relative to nominal. The plant regulates by temperature first (质调节): flow follows
 * the load only in part, with a little more in the morning and the evening.
 */
export function stationFlow(seed: number, stationId: string, at: number): number {
  const drop = plantSupplyC(seed, at) - plantReturnC(seed, at)
  const asked = heatLoad(seed, at) * (DESIGN_DROP_K / drop)
  const hours = 0.012 * Math.cos((2 * Math.PI * (hourOfDay(at) - 7)) / 12)
  const own = 0.008 * smoothNoise(seed, `flow ${stationId}`, at, 2 * HOUR)
  return (1 - FLOW_SHARE + FLOW_SHARE * asked) * (1 + hours + own)
}

/** Secondary side of a station, °C: radiators between 50/40 and 75/50. */
export function secondaryC(
  seed: number,
  stationId: string,
  at: number,
): { supplyC: number; returnC: number } {
  const load = heatLoad(seed, at)
  const own = 0.4 * smoothNoise(seed, `secondary ${stationId}`, at, HOUR)
  return { supplyC: 45 + 25 * load + own, returnC: 38 + 9 * load + own }
}

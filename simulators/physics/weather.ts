import { smoothNoise } from '../seeded-random.ts'
import { HOUR, dayOfYear, hourOfDay } from '../time.ts'

/** Yearly mean and swing of a town at 39.5° N on the dry plateau, °C: −20 in mid-January, 26 in July. */
const YEAR_MEAN_C = 3
const YEAR_SWING_K = 23
const COLDEST_DAY = 17
const DAY_SWING_K = 4
const COLDEST_HOUR = 6.5
const SPELL_K = 1.6

/** Outdoor temperature, °C: season, time of day, and cold spells of a few days. */
export function outdoorC(seed: number, at: number): number {
  const season = YEAR_MEAN_C - YEAR_SWING_K * Math.cos((2 * Math.PI * (dayOfYear(at) - COLDEST_DAY)) / 365.25)
  const day = -DAY_SWING_K * Math.cos((2 * Math.PI * (hourOfDay(at) - COLDEST_HOUR)) / 24)
  const spell = SPELL_K * smoothNoise(seed, 'spell', at, 40 * HOUR)
  return season + day * 0.6 + spell * 0.7 + 0.3 * smoothNoise(seed, 'gust', at, HOUR)
}

/** The weather as buildings and the plant's controller feel it: a mean of the last three hours. */
export function feltC(seed: number, at: number): number {
  return [0, 1, 2, 3].reduce((sum, hours) => sum + outdoorC(seed, at - hours * HOUR), 0) / 4
}

/** Heating season: 15 October to 15 April. */
export function inSeason(at: number): boolean {
  const day = dayOfYear(at)
  return day < 105 || day >= 287
}

import { between, uniform } from '../../seeded-random.ts'
import type { CandidateSites } from '../candidate-sites.ts'

type Key = readonly (string | number)[]

/** Chance by name: the same seed and name give the same answer, in whatever order it is asked. */
export interface Dice {
  chance(...key: Key): number
  between(range: readonly [number, number], ...key: Key): number
  pick<T>(among: readonly T[], ...key: Key): T | undefined
  sign(...key: Key): 1 | -1
}

export function createDice(seed: number): Dice {
  return {
    chance: (...key) => uniform(seed, ...key),
    between: (range, ...key) => between(seed, range, ...key),
    pick: (among, ...key) => among[Math.floor(uniform(seed, ...key) * among.length)],
    sign: (...key) => (uniform(seed, ...key) < 0.5 ? -1 : 1),
  }
}

/** A season that is being planned. */
export interface Plan {
  readonly places: CandidateSites
  readonly dice: Dice
  readonly endH: number
}

/** The detector learns what is normal before anything happens. */
export const WARM_UP_H = 10 * 24

/** Starts from the end of the warm-up on, every `everyH` hours, none so late that `hours` would not fit. */
export function turns({ endH }: Plan, everyH: number, hours: number): number[] {
  const count = Math.max(0, Math.floor((endH - WARM_UP_H - hours) / everyH) + 1)
  return Array.from({ length: count }, (_, i) => WARM_UP_H + i * everyH)
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/**
 * Picks places so that none comes again within the next turns: a chamber that was scalded stays warm for
 * days, and a cover has to be back before it can be moved again.
 */
export function freshPicker(
  dice: Dice,
  turnsApart: number,
): (among: readonly string[], ...key: Key) => string | undefined {
  const recent: string[] = []
  return (among, ...key) => {
    const fresh = among.filter((place) => !recent.includes(place))
    const chosen = dice.pick(fresh.length > 0 ? fresh : among, ...key)
    if (chosen !== undefined) recent.push(chosen)
    if (recent.length > turnsApart) recent.shift()
    return chosen
  }
}

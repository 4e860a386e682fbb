import type { Position } from '#contract/identity.ts'

/** A place on the plan: x to the east, y to the south, in units of 5 m. */
export type Place = readonly [x: number, y: number]

export const UNIT_M = 5
const CENTRE: Place = [480, 490]
const TOWN: Position = [106.72, 39.5]
/** The town's grid lies a little askew, and no street is quite straight. */
const ROTATION = 0.062
const SWAY = 5

const METRES_PER_DEGREE = 111_195

/** WGS 84 position of a place on the plan. */
export function positionOf([x, y]: Place): Position {
  const dx = x - CENTRE[0]
  const dy = y - CENTRE[1]
  const east = dx * Math.cos(ROTATION) + dy * Math.sin(ROTATION) + SWAY * Math.sin(y / 150)
  const south = -dx * Math.sin(ROTATION) + dy * Math.cos(ROTATION) + (SWAY + 1) * Math.sin(x / 190)
  const lon = TOWN[0] + (east * UNIT_M) / (METRES_PER_DEGREE * Math.cos((TOWN[1] * Math.PI) / 180))
  const lat = TOWN[1] - (south * UNIT_M) / METRES_PER_DEGREE
  return [round(lon), round(lat)]
}

/** The ground falls from the hills in the west to the river in the east, m above sea level. */
export function elevationOf([x, y]: Place): number {
  return Math.round((1092 + 16 * (1 - x / 960) + 3 * Math.sin(y / 170) + 2 * Math.sin(x / 90)) * 10) / 10
}

export function distance([ax, ay]: Place, [bx, by]: Place): number {
  return Math.hypot(bx - ax, by - ay)
}

/** Distance of a place from the start of a line, when it lies on the line; else undefined. */
export function alongLine(line: readonly Place[], place: Place): number | undefined {
  let passed = 0
  for (const [a, b] of segments(line)) {
    const length = distance(a, b)
    const there = distance(a, place)
    if (Math.abs(there + distance(place, b) - length) < 0.01) return passed + there
    passed += length
  }
  return undefined
}

export function lengthOf(line: readonly Place[]): number {
  return segments(line).reduce((sum, [a, b]) => sum + distance(a, b), 0)
}

/** The place at a distance from the start of a line. */
export function placeAt(line: readonly Place[], along: number): Place {
  let rest = along
  for (const [a, b] of segments(line)) {
    const length = distance(a, b)
    if (rest <= length)
      return [a[0] + ((b[0] - a[0]) * rest) / length, a[1] + ((b[1] - a[1]) * rest) / length]
    rest -= length
  }
  const last = line.at(-1)
  if (last === undefined) throw new Error('a line needs places')
  return last
}

/** The part of a line between two distances, with the bends between them. */
export function stretch(line: readonly Place[], from: number, to: number): readonly Place[] {
  const bends = line.filter((bend) => {
    const at = alongLine(line, bend) ?? -1
    return at > from + 0.01 && at < to - 0.01
  })
  return [placeAt(line, from), ...bends, placeAt(line, to)]
}

function segments(line: readonly Place[]): readonly (readonly [Place, Place])[] {
  return line.slice(1).map((b, i) => [line[i] ?? b, b] as const)
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}

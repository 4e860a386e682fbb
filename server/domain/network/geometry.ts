import turfDistance from '@turf/distance'
import nearestPointOnLine from '@turf/nearest-point-on-line'
import type { Position } from '#contract/identity.ts'

/** Great-circle distance in metres between two positions (WGS 84 as a sphere, error below 0.5 %). */
export function distanceM(a: Position, b: Position): number {
  return turfDistance([...a], [...b], { units: 'meters' })
}

/** Length of a line in metres. */
export function lineLengthM(line: readonly Position[]): number {
  let sum = 0
  for (let i = 1; i < line.length; i++) sum += distanceM(at(line, i - 1), at(line, i))
  return sum
}

export interface PlaceOnLine {
  /** Metres from the position to the line. */
  readonly distanceM: number
  /** Metres along the line from its first point to the nearest place. */
  readonly alongM: number
  readonly position: Position
}

/** The place on a line that is nearest to a position. */
export function placeOnLine(line: readonly Position[], position: Position): PlaceOnLine {
  const nearest = nearestPointOnLine(
    { type: 'LineString', coordinates: line.map((p) => [...p]) },
    [...position],
    { units: 'meters' },
  )
  const [lon, lat] = nearest.geometry.coordinates
  return {
    distanceM: nearest.properties.pointDistance,
    alongM: nearest.properties.lineDistance,
    position: [lon ?? position[0], lat ?? position[1]],
  }
}

/** The place at a share (0 … 1) of a line's length. */
export function pointAlong(line: readonly Position[], share: number): Position {
  let left = lineLengthM(line) * share
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [at(line, i - 1), at(line, i)]
    const length = distanceM(from, to)
    if (left <= length && length > 0) {
      const f = left / length
      return [from[0] + (to[0] - from[0]) * f, from[1] + (to[1] - from[1]) * f]
    }
    left -= length
  }
  return at(line, line.length - 1)
}

function at(line: readonly Position[], i: number): Position {
  const position = line[i]
  if (position === undefined) throw new Error('a line of a checked network has no points')
  return position
}

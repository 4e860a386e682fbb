import type { Position } from '#contract/identity.ts'

const METRES_A_DEGREE = 111_320

/** A plane in metres around a place, true within a thousandth across a city. */
export function flatPlane([lon0, lat0]: Position) {
  const shrink = Math.cos((lat0 * Math.PI) / 180)
  return {
    of: ([lon, lat]: Position): Position => [
      (lon - lon0) * shrink * METRES_A_DEGREE,
      (lat - lat0) * METRES_A_DEGREE,
    ],
    back: ([x, y]: Position): Position => [lon0 + x / (shrink * METRES_A_DEGREE), lat0 + y / METRES_A_DEGREE],
  }
}

/** How far a place lies from a segment, and how far along it. */
export function nearestOnSegment(
  from: Position,
  to: Position,
  place: Position,
): { readonly offM: number; readonly alongM: number } {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const lengthM = Math.hypot(dx, dy)
  const along = lengthM === 0 ? 0 : ((place[0] - from[0]) * dx + (place[1] - from[1]) * dy) / lengthM
  const alongM = Math.min(Math.max(along, 0), lengthM)
  const share = lengthM === 0 ? 0 : alongM / lengthM
  return { offM: Math.hypot(place[0] - from[0] - dx * share, place[1] - from[1] - dy * share), alongM }
}

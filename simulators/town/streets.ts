import type { Place } from './ground.ts'
import { AVENUES, ROADS } from './plan.ts'

const CROSSING = 9

/** An address as a resident would say it: a crossing, or a street and a number. */
export function addressOf([x, y]: Place): string {
  const avenue = nearest(AVENUES, y)
  const road = nearest(ROADS, x)
  if (avenue.away < CROSSING && road.away < CROSSING) return `${avenue.name}与${road.name}路口`
  if (avenue.away <= road.away) return `${avenue.name}${houseNumber(x, y > avenue.at)}号`
  return `${road.name}${houseNumber(y, x > road.at)}号`
}

function nearest(streets: readonly (readonly [string, number])[], value: number) {
  const measured = streets.map(([name, at]) => ({ name, at, away: Math.abs(at - value) }))
  const best = measured.sort((a, b) => a.away - b.away)[0]
  if (best === undefined) throw new Error('the plan has no streets')
  return best
}

/** Numbers grow along the street, one every 20 m, odd on one side and even on the other. */
function houseNumber(along: number, evenSide: boolean): number {
  return Math.max(1, Math.round(along / 4)) * 2 - (evenSide ? 0 : 1)
}

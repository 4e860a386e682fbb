import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'
import type { Instant } from '../instant.ts'
import { dayStart } from '../policy/calendar.ts'
import { areaAt } from '../network/areas.ts'
import { oncePerNetwork } from '../network/assets.ts'
import { distanceM } from '../network/geometry.ts'
import type { Network, PointAsset } from '../network/network.ts'

export interface Pace {
  readonly kmPerHour: number
  /** How much longer a road is than the straight line. */
  readonly detour: number
  /** From the order to the crew's departure, minutes. */
  readonly turnoutMinutes: number
}

export interface Travel {
  /** Whole minutes from the order to the arrival. */
  readonly minutes: number
  /** By road, metres. */
  readonly distanceM: number
  readonly from: LocalizedText
}

/**
 * How long a department's crew may need to a place (A29): an estimate, no limit. It sets out from
 * the station of its own that lies most in the middle, a department without an area from the heat source.
 * Undefined where neither is known.
 */
export function travelTo(
  network: Network,
  to: { readonly departmentId: string; readonly position: Position; readonly asOf: Instant },
  { kmPerHour, detour, turnoutMinutes }: Pace,
): Travel | undefined {
  const base = baseOf(network, to.departmentId, to.asOf)
  if (base === undefined) return undefined
  const metres = distanceM(base.position, to.position) * detour
  const name = base.name ?? base.id
  return {
    minutes: Math.ceil(turnoutMinutes + metres / ((kmPerHour * 1000) / 60)),
    distanceM: Math.round(metres),
    from: { zh: `自${name}`, en: `from ${name}` },
  }
}

const bases = oncePerNetwork(() => new Map<string, PointAsset | undefined>())

/** Areas change with dates of local days; within one a crew sets out from the same place. */
function baseOf(network: Network, departmentId: string, asOf: Instant): PointAsset | undefined {
  const known = bases(network)
  const key = `${departmentId}|${String(dayStart(asOf))}`
  if (!known.has(key)) known.set(key, findBase(network, departmentId, asOf))
  return known.get(key)
}

function findBase(network: Network, departmentId: string, asOf: Instant): PointAsset | undefined {
  const points = [...network.points.values()]
  const stations = points.filter(({ kind, position }) => {
    if (kind !== 'station') return false
    const answer = areaAt(network, position, asOf)
    return answer.kind === 'one' && answer.area.departmentId === departmentId
  })
  return middleOf(stations) ?? points.find(({ kind }) => kind === 'source')
}

function middleOf(points: readonly PointAsset[]): PointAsset | undefined {
  const mean = (index: 0 | 1): number =>
    points.reduce((sum, { position }) => sum + position[index], 0) / points.length
  const middle: Position = [mean(0), mean(1)]
  const away = (point: PointAsset): number => distanceM(point.position, middle)
  return points.toSorted((a, b) => away(a) - away(b))[0]
}

import { graphOf, stopsOf } from '../../network/graph.ts'
import type { Network, PipeAsset } from '../../network/network.ts'
import type { Side } from '../core/zones.ts'
import type { Link } from './laplacian.ts'

/** One side of a connected primary network, its points numbered. */
export interface PipeSide {
  readonly points: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly links: readonly Link[]
  /** Head loss of each link at q t/h is `resistance` · q² [kPa/(t/h)²]. */
  readonly resistance: Float64Array
  /** Share of the pipes' length whose diameter the file does not give. */
  readonly guessedShare: number
}

/** Taken where the file says nothing (seed values). */
const USUAL_DIAMETER_MM = { trunk: 400, branch: 150 } as const
const USUAL_ROUGHNESS_MM = 0.5
const DENSITY_KG_M3 = 951

/** Pipes of one side that water passes; those at a closed valve carry none. */
export function pipeSide(network: Network, side: Side, within: ReadonlySet<string>): PipeSide {
  const indexOf = new Map<string, number>()
  const points: string[] = []
  const indexed = (id: string): number => {
    const known = indexOf.get(id)
    if (known !== undefined) return known
    indexOf.set(id, points.length)
    points.push(id)
    return points.length - 1
  }
  const { closed } = graphOf(network, 'primary')
  const links: Link[] = []
  const resistances: number[] = []
  let [length, guessed] = [0, 0]
  for (const pipe of network.pipes.values()) {
    const its = pipe.side ?? 'both'
    if (pipe.network !== 'primary' || (its !== 'both' && its !== side) || !inService(pipe)) continue
    const stops = stopsOf(network, pipe).filter(({ id }) => within.has(id))
    const perMetre = resistancePerMetre(pipe)
    for (const [i, { id, alongM }] of stops.entries()) {
      const next = stops[i + 1]
      if (next === undefined || next.id === id || closed.has(id) || closed.has(next.id)) continue
      const metres = Math.max(next.alongM - alongM, 0.1)
      links.push({ a: indexed(id), b: indexed(next.id) })
      resistances.push(metres * perMetre)
      length += metres
      if (pipe.diameterMm === undefined) guessed += metres
    }
  }
  return {
    points,
    indexOf,
    links,
    resistance: Float64Array.from(resistances),
    guessedShare: length === 0 ? 0 : guessed / length,
  }
}

function inService(pipe: PipeAsset): boolean {
  return pipe.underConstruction !== true
}

/** Darcy–Weisbach with the friction of fully rough flow (von Kármán): λ = (2·lg(3.71·D/ε))⁻². */
function resistancePerMetre(pipe: PipeAsset): number {
  const diameterM = (pipe.diameterMm ?? USUAL_DIAMETER_MM[pipe.class]) / 1000
  const roughness = (pipe.roughnessMm ?? USUAL_ROUGHNESS_MM) / 1000
  const relative = Math.min(roughness / diameterM, 0.05)
  const friction = (2 * Math.log10(3.71 / relative)) ** -2
  const areaM2 = (Math.PI / 4) * diameterM ** 2
  const speedPerTh = 1 / (3.6 * DENSITY_KG_M3 * areaM2)
  return ((friction / diameterM) * (DENSITY_KG_M3 / 2) * speedPerTh ** 2) / 1000
}

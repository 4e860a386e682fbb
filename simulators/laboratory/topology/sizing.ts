/** A pipe to be sized: what it joins and how long it is. */
export interface Unsized {
  readonly from: string
  readonly to: string
  readonly lengthM: number
  readonly kind: 'trunk' | 'branch' | 'loop' | 'lateral'
}

/** Nominal diameters of pre-insulated steel pipe, mm. */
const DIAMETERS = [80, 100, 125, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 1200]
const DENSITY = 951
const ROUGHNESS_M = 0.0005
/** Head that the longest way may lose on one side, MPa, and the usual specific loss of trunks, Pa/m. */
const MAX_LOSS_MPA = 0.22
const TRUNK_PA_M = 60
const BRANCH_SHARE = 2
/** A ring main and a loop are sized to carry more than the shortest way alone asks of them. */
const TRUNK_LEAST = 0.25
const LOOP_LEAST = 0.5

/** Diameters by pipe number, mm: flows along the shortest ways at the usual specific loss, rounded up. */
export function sizePipes(
  pipes: readonly Unsized[],
  sourceId: string,
  flowTh: ReadonlyMap<string, number>,
): readonly number[] {
  const ways = shortestWays(pipes, sourceId)
  const flows = pipes.map(() => 0)
  for (const [id, flow] of flowTh) {
    for (let way = ways.get(id); way?.pipe !== undefined; way = ways.get(way.from)) {
      flows[way.pipe] = (flows[way.pipe] ?? 0) + flow
    }
  }
  const longest = Math.max(...[...ways.values()].map(({ metres }) => metres))
  const trunkPaM = Math.min(TRUNK_PA_M, (MAX_LOSS_MPA * 1e6) / longest)
  const most = Math.max(...flows)
  const usualLoop = median(flows.filter((flow, i) => flow > 0 && pipes[i]?.kind === 'branch'))
  return pipes.map(({ kind }, i) => {
    const least = kind === 'trunk' ? TRUNK_LEAST * most : kind === 'loop' ? LOOP_LEAST * usualLoop : 0
    const paM = kind === 'trunk' ? trunkPaM : BRANCH_SHARE * trunkPaM
    return diameterFor(Math.max(flows[i] ?? 0, least), paM)
  })
}

interface Way {
  readonly metres: number
  readonly from: string
  /** Number of the last pipe; undefined at the source itself. */
  readonly pipe?: number
}

/** Dijkstra from the source: by point, how far it is and by which pipe one comes. */
export function shortestWays(pipes: readonly Unsized[], sourceId: string): ReadonlyMap<string, Way> {
  const at = new Map<string, number[]>()
  for (const [i, { from, to }] of pipes.entries()) {
    for (const id of [from, to]) at.set(id, [...(at.get(id) ?? []), i])
  }
  const ways = new Map<string, Way>()
  const open = new Map<string, Way>([[sourceId, { metres: 0, from: sourceId }]])
  while (open.size > 0) {
    const [id, way] = [...open].reduce((best, one) => (one[1].metres < best[1].metres ? one : best))
    open.delete(id)
    ways.set(id, way)
    for (const i of at.get(id) ?? []) {
      const pipe = pipes[i]
      if (pipe === undefined) continue
      const next = pipe.from === id ? pipe.to : pipe.from
      const metres = way.metres + pipe.lengthM
      if (!ways.has(next) && metres < (open.get(next)?.metres ?? Infinity))
        open.set(next, { metres, from: id, pipe: i })
    }
  }
  return ways
}

/** The smallest nominal diameter that loses no more than `paM` at that flow, mm. */
function diameterFor(flowTh: number, paM: number): number {
  const fits = (nominal: number) => lossMpa(flowTh, nominal, 1) * 1e6 <= paM
  return DIAMETERS.find(fits) ?? DIAMETERS.at(-1) ?? 1200
}

/** Darcy–Weisbach with the friction of rough pipe (Shifrinson): what a flow loses over a length, MPa. */
export function lossMpa(flowTh: number, diameterMm: number, lengthM: number): number {
  const [m3s, metres] = [flowTh / 3.6 / DENSITY, diameterMm / 1000]
  const friction = 0.11 * (ROUGHNESS_M / metres) ** 0.25
  return (8 * friction * lengthM * DENSITY * m3s ** 2) / (Math.PI ** 2 * metres ** 5) / 1e6
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

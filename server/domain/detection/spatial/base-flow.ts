import { factorise } from './laplacian.ts'
import type { PipeSide } from './pipe-side.ts'

/** The steady state that sensitivities are taken at. Flows in t/h, losses in kPa from the source. */
export interface BaseFlow {
  /** Magnitude of the flow of each link. */
  readonly flowTh: Float64Array
  /** How much lower the pressure is at each point than at the source, by friction alone. */
  readonly lossKpa: Float64Array
}

const ROUNDS = 40
const CLOSE = 1e-3

/**
 * Flows in a looped network by successive linearisation (linear theory method; Wood and Charles 1972):
 * each link conducts 1 / (r·|q|), the mean of two rounds is taken, until flows stand still.
 * @param drawTh what each point takes out
 * @param order elimination order without the grounded sources
 */
export function baseFlow(side: PipeSide, drawTh: Float64Array, order: readonly number[]): BaseFlow {
  const { links, resistance, points } = side
  const total = drawTh.reduce((sum, draw) => sum + draw, 0)
  const least = Math.max(1e-3 * total, 1e-3)
  const flow = new Float64Array(links.length).fill(Math.max(total / 4, least))
  const conductance = new Float64Array(links.length)
  const inflow = Float64Array.from(drawTh, (draw) => -draw)
  let head = new Float64Array(points.length)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let n = 0; n < links.length; n += 1) {
      conductance[n] = 1 / ((resistance[n] ?? 1) * Math.max(flow[n] ?? 0, least))
    }
    head = Float64Array.from(factorise(points.length, links, conductance, order).solve(inflow))
    let moved = 0
    for (const [n, { a, b }] of links.entries()) {
      const next = Math.abs((head[a] ?? 0) - (head[b] ?? 0)) * (conductance[n] ?? 0)
      const before = flow[n] ?? 0
      moved = Math.max(moved, Math.abs(next - before))
      flow[n] = round === 0 ? next : (before + next) / 2
    }
    if (moved <= CLOSE * total) break
  }
  return { flowTh: flow, lossKpa: head.map((value) => Math.max(0, -value)) }
}

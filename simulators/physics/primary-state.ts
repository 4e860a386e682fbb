import type { StationProperties } from '#contract/network.ts'
import { holeForLeakMm } from '#hydraulics'
import type { Hydraulics, Leak } from '#hydraulics'
import type { PipeLeak } from '../effects.ts'
import { leakTh } from '../effects.ts'
import { MINUTE } from '../time.ts'
import { stationFlow } from './heat.ts'

/** Pressures and make-up of the primary network at an instant. */
interface PrimaryMoment {
  pressureMpa(pointId: string, side: 'supply' | 'return'): number
  readonly leakTh: number
  readonly circulationTh: number
}

export interface PrimaryHistory {
  at(at: number): PrimaryMoment
}

/** Weather and demand move slowly: the network is solved every 15 minutes and interpolated between. */
const STEP = 15 * MINUTE
/** A leak changes it at once, so the step is solved again with the leak as it is at that moment. */
const KEPT = 512

interface Solved {
  readonly pressures: ReadonlyMap<string, number>
  readonly leakTh: number
  readonly circulationTh: number
}

export function createPrimaryHistory(world: {
  /** Undefined where the network cannot be solved: typical pressures, and nothing changes them. */
  readonly model: Hydraulics | undefined
  readonly seed: number
  readonly stations: readonly StationProperties[]
  /** Points whose pressure anybody asks for. */
  readonly pointIds: readonly string[]
  readonly closed: ReadonlySet<string>
  readonly leaks: () => readonly PipeLeak[]
}): PrimaryHistory {
  const { model } = world
  if (model === undefined) return { at: () => TYPICAL }
  return solvedHistory({ ...world, model })
}

const TYPICAL: PrimaryMoment = {
  pressureMpa: (_, side) => (side === 'supply' ? 0.95 : 0.4),
  leakTh: 0,
  circulationTh: 1000,
}

function solvedHistory(
  world: Parameters<typeof createPrimaryHistory>[0] & { readonly model: Hydraulics },
): PrimaryHistory {
  const solved = new Map<string, Solved>()

  function flowsAt(at: number): ReadonlyMap<string, number> {
    return new Map(
      world.stations.map(({ id, nominalFlowTh = 0 }) => [
        id,
        nominalFlowTh * stationFlow(world.seed, id, at),
      ]),
    )
  }

  function solve(step: number, leaks: readonly Leak[], key: string): Solved {
    const known = solved.get(key)
    if (known !== undefined) return known
    const state = world.model.solve({ stationFlowTh: flowsAt(step * STEP), leaks, closed: world.closed })
    const pressures = new Map<string, number>()
    for (const id of world.pointIds) {
      for (const side of ['supply', 'return'] as const) {
        pressures.set(`${side} ${id}`, state.pressureMpa(id, side) ?? 0)
      }
    }
    const result = { pressures, leakTh: Math.max(0, state.makeupTh), circulationTh: state.circulationTh }
    const oldest = solved.size >= KEPT ? solved.keys().next().value : undefined
    if (oldest !== undefined) solved.delete(oldest)
    solved.set(key, result)
    return result
  }

  function holesAt(at: number): { leaks: readonly Leak[]; key: string } {
    const open = world.leaks().flatMap((leak) => {
      const flowTh = leakTh(leak, at)
      return flowTh > 0 ? [{ leak, flowTh }] : []
    })
    return {
      leaks: open.map(({ leak: { pointId, side }, flowTh }) => {
        return { pointId, side, holeMm: holeForLeakMm(flowTh, side === 'supply' ? 0.9 : 0.4) }
      }),
      key: open.map(({ leak, flowTh }) => `${leak.pointId} ${leak.side} ${flowTh}`).join(),
    }
  }

  return {
    at(at) {
      const step = Math.floor(at / STEP)
      const share = at / STEP - step
      const { leaks, key } = holesAt(at)
      const before = solve(step, leaks, `${step} ${key}`)
      const after = solve(step + 1, leaks, `${step + 1} ${key}`)
      const between = (a: number, b: number) => a + (b - a) * share
      return {
        pressureMpa(pointId, side) {
          const name = `${side} ${pointId}`
          return between(before.pressures.get(name) ?? 0, after.pressures.get(name) ?? 0)
        },
        leakTh: between(before.leakTh, after.leakTh),
        circulationTh: between(before.circulationTh, after.circulationTh),
      }
    },
  }
}

import type { PointProperties } from '#contract/network.ts'
import type { Hydraulics, Leak } from '#hydraulics'
import { holeForLeakMm } from '#hydraulics'
import type { HeatPlant } from './heat-plant.ts'
import type { LeakEvent } from './scenario.ts'
import type { Dated } from './event-period.ts'
import { isOn } from './event-period.ts'

/** Rounds to find a hole for a flow, and the overpressure below which none is sought. */
const ROUNDS = 5
const MIN_MPA = 0.05

type Side = 'supply' | 'return'

/** Pressures and flows of the primary network between two instants that have been solved. */
export interface PrimaryHydraulics {
  /** Solves from `from` to `to`; between them nothing breaks and no pump trips. */
  advance(from: number, to: number): void
  pressureMpa(pointId: string, side: Side, at: number): number
  stationTh(stationId: string, at: number): number
  circulationTh(at: number): number
  leakTh(at: number): number
}

interface Solved {
  readonly at: number
  readonly pressures: Readonly<Record<Side, readonly number[]>>
  readonly stationTh: ReadonlyMap<string, number>
  readonly circulationTh: number
  readonly leakTh: number
}

export function createPrimaryHydraulics(order: {
  readonly hydraulics: Hydraulics
  readonly plant: HeatPlant
  readonly demand: (at: number) => ReadonlyMap<string, number>
  readonly leaks: readonly Dated<LeakEvent>[]
  readonly closed: ReadonlySet<string>
  /** Points whose pressure anybody measures. */
  readonly points: readonly PointProperties[]
}): PrimaryHydraulics {
  const { hydraulics, plant, demand, leaks, closed } = order
  const ids = order.points.map(({ id }) => id)
  const numbers = new Map(ids.map((id, i) => [id, i]))
  const usualMpa = new Map<LeakEvent, number>()
  let begin: Solved | undefined
  let end: Solved | undefined

  function holeOf(leak: Dated<LeakEvent>, state: number): Leak | undefined {
    const th = leakFlowAt(leak, state)
    const mpa = usualMpa.get(leak) ?? usualOf(leak)
    return th <= 0 ? undefined : { pointId: leak.at, side: leak.side, holeMm: holeForLeakMm(th, mpa) }
  }

  /** The pressure that is left at the hole once it has grown: it has to lose its size at that one. */
  function usualOf(leak: Dated<LeakEvent>): number {
    const { at: pointId, side, from } = leak
    const usual = { stationFlowTh: demand(from), closed, pumpSpeed: plant.pumpSpeed(from) }
    let mpa = MIN_MPA
    let leaks: readonly Leak[] = []
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      const solved = hydraulics.solve({ ...usual, leaks })
      mpa = Math.max(MIN_MPA, solved.pressureMpa(pointId, side) ?? MIN_MPA)
      leaks = [{ pointId, side, holeMm: holeForLeakMm(leak.th, mpa) }]
    }
    usualMpa.set(leak, mpa)
    return mpa
  }

  /** At `at`, with what was broken or tripped at `state`. */
  function solve(at: number, state: number): Solved {
    const open = leaks.flatMap((leak) => (isOn(leak, state) ? (holeOf(leak, state) ?? []) : []))
    const stationTh = demand(at)
    const solved = hydraulics.solve({
      stationFlowTh: stationTh,
      leaks: open,
      closed,
      pumpSpeed: plant.pumpSpeed(at) * plant.tripShare(state),
      holdingShiftMpa: plant.holdingShiftMpa(at),
    })
    return {
      at,
      pressures: {
        supply: ids.map((id) => solved.pressureMpa(id, 'supply') ?? 0),
        return: ids.map((id) => solved.pressureMpa(id, 'return') ?? 0),
      },
      stationTh,
      circulationTh: solved.circulationTh,
      leakTh: [...solved.leaksTh.values()].reduce((sum, th) => sum + th, 0),
    }
  }

  const between = (at: number, value: (solved: Solved) => number): number => {
    if (begin === undefined || end === undefined) throw new Error('nothing has been solved yet')
    const share = end.at === begin.at ? 0 : (at - begin.at) / (end.at - begin.at)
    return value(begin) + (value(end) - value(begin)) * share
  }
  const changesAt = (at: number) =>
    plant.tripShare(at) !== plant.tripShare(at - 1) ||
    leaks.some(({ from, until }) => at === from || at === until)

  return {
    advance(from, to) {
      begin = end?.at === from && !changesAt(from) ? end : solve(from, from)
      end = solve(to, from)
    },
    pressureMpa(pointId, side, at) {
      const number = numbers.get(pointId)
      return number === undefined ? 0 : between(at, ({ pressures }) => pressures[side][number] ?? 0)
    },
    stationTh: (id, at) => between(at, ({ stationTh }) => stationTh.get(id) ?? 0),
    circulationTh: (at) => between(at, ({ circulationTh }) => circulationTh),
    leakTh: (at) => between(at, ({ leakTh }) => leakTh),
  }
}

/** Flow of a leak, t/h: at once, or growing in a straight line. */
function leakFlowAt(leak: Dated<LeakEvent>, at: number): number {
  if (!isOn(leak, at)) return 0
  if (leak.growH === undefined) return leak.th
  const grown = Math.min(1, (at - leak.from) / (leak.growH * 3_600_000))
  const first = leak.fromTh ?? 0
  return first + (leak.th - first) * grown
}

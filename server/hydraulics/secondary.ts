/** One station's secondary loop, lumped: static pressure at the return, one pump, one resistance. */
export interface SecondaryLoop {
  /** Pressure that the make-up holds at the pump's suction, MPa. */
  readonly holdingMpa: number
  /** Head of the circulation pump at nominal flow, MPa. */
  readonly pumpMpa: number
  /** What the station's make-up pump can give, t/h. */
  readonly makeupCapacityTh: number
}

export interface SecondaryState {
  readonly supplyMpa: number
  readonly returnMpa: number
  readonly makeupTh: number
}

/** Share of the pump's head that the station itself (exchanger, strainer) takes. */
const STATION_LOSS = 0.2
/** Pressure lost per t/h that the make-up cannot replace, in parts of the holding pressure. */
const STARVED = 0.06
/** Even within its capacity the make-up controller gives way a little, MPa per t/h. */
const CONTROLLER_DROOP = 0.0012

/**
 * Pressures of a secondary loop at relative flow `flow` (1 = nominal) with a leak of `leakTh` t/h. The
 * make-up replaces the leak up to its capacity; beyond it the whole loop loses pressure, which is how a
 * broken main shows: pressure fluctuates, the make-up pump runs more often.
 */
export function secondaryState(loop: SecondaryLoop, flow: number, leakTh: number): SecondaryState {
  const makeupTh = Math.min(leakTh, loop.makeupCapacityTh)
  const starvedTh = leakTh - makeupTh
  const returnMpa = Math.max(0.02, loop.holdingMpa * (1 - STARVED * starvedTh) - CONTROLLER_DROOP * makeupTh)
  // An empty loop pumps air: the pump's head goes with the suction pressure.
  const primed = Math.min(1, returnMpa / (0.5 * loop.holdingMpa))
  const supplyMpa = returnMpa + loop.pumpMpa * (1 - STATION_LOSS * flow ** 2) * primed
  return { supplyMpa, returnMpa, makeupTh }
}

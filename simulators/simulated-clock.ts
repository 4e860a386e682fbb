/** Simulated time, apart from the wall clock. */
export interface SimulatedClock {
  now(): number
  readonly speed: number
}

/** At speed 1 and from now on this is the wall clock itself. */
export function createSimulatedClock(from: number, speed: number, wall: () => number): SimulatedClock {
  const began = wall()
  return { speed, now: () => from + (wall() - began) * speed }
}

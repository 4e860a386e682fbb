/** Simulated time, apart from the wall clock. */
export interface SimulatedClock {
  now(): number
  readonly speed: number
}

/** Never ahead of the wall clock, however late a busy machine looks; at speed 1 and from now on it is the wall clock. */
export function createSimulatedClock(from: number, speed: number, wall: () => number): SimulatedClock {
  const began = wall()
  return { speed, now: () => Math.min(wall(), from + (wall() - began) * speed) }
}

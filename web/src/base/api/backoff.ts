const FIRST_MS = 500
const MAX_MS = 15_000

/** Pause before the n-th new attempt: doubling, capped, spread by chance so that screens do not come in step. */
export function backoffMs(failures: number, chance: number): number {
  const whole = Math.min(MAX_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
  return Math.round(whole * (0.5 + chance / 2))
}

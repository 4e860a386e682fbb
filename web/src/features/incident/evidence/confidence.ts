/** Log-odds as a probability, never rounded to certainty. */
export function probability(logOdds: number): number {
  return Math.min(0.99, 1 / (1 + Math.exp(-logOdds)))
}

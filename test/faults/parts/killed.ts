import { killRounds } from '../../bench/parts/kill.ts'
import type { Part } from '../../bench/figure.ts'

/** F1: kill -9 at random under 5,000 messages a second, twenty rounds. */
export const killed: Part = (run) => killRounds(run, run.quick ? 1 : 20)

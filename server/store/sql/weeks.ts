import { DAY } from '../../domain/instant.ts'
import type { Period } from '../../flows/decisions/decisions.ts'

const WEEK_MS = 7 * DAY

/** The pieces of a period that are read one by one, so that other queries come between. */
export function* weeks({ from, to }: Period): Generator<Period> {
  for (let begin = from; begin < to; begin += WEEK_MS) {
    yield { from: begin, to: Math.min(begin + WEEK_MS, to) }
  }
}

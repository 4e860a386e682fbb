import { DAY } from '../../domain/instant.ts'
import type { Period } from '../../flows/decisions/decisions.ts'

const FORTNIGHT_MS = 14 * DAY

/** The pieces of a period that are read one by one, so that other queries come between. */
export function* fortnights({ from, to }: Period): Generator<Period> {
  for (let begin = from; begin < to; begin += FORTNIGHT_MS) {
    yield { from: begin, to: Math.min(begin + FORTNIGHT_MS, to) }
  }
}

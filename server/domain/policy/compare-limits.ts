import { LEVELS, TICKET_KINDS } from '#contract/vocabulary.ts'
import type { PolicyPack } from './policy-pack.ts'
import type { Mistake } from './shape-mistakes.ts'

/**
 * What belongs together in a pack and does not agree. A city may mean it so, thus none of it is a mistake: a
 * level's limit beside the headline clocks of its kinds, clauses of a kind and of its headline clock, a
 * headline clock that cannot be overdue, levels out of order, deemed acceptance beside the time to accept.
 */
export function* doubtsOf(pack: PolicyPack): Generator<Mistake> {
  const { clocks, kinds, levels, settings } = pack
  for (const kind of TICKET_KINDS) {
    const { headline, level, clause, clocks: own } = kinds[kind]
    const rule = { ...clocks[headline], ...clocks[headline].byKind?.[kind] }
    if (rule.clause !== clause) {
      yield { path: `kinds.${kind}.clause`, message: `${clause}, but its ${headline} cites ${rule.clause}` }
    }
    if (rule.breach !== 'breach' || rule.severity === 'grey') {
      yield { path: `kinds.${kind}.headline`, message: `${headline} never counts as overdue` }
    }
    const byLevel = own.find((key) => key !== headline && clocks[key].limitBy === 'level')
    const [limit = 0, closing] = [clocks[headline].limitMinutes, levels[level].closeMinutes]
    if (byLevel !== undefined && limit !== 0 && limit !== closing) {
      const order = closing < limit ? 'falls due before' : 'allows more than'
      yield {
        path: `levels.${level}.closeMinutes`,
        message: `${byLevel} of ${kind} (${String(closing)} min) ${order} its ${headline} (${String(limit)} min)`,
      }
    }
  }
  for (const [index, level] of LEVELS.entries()) {
    const before = LEVELS[index - 1]
    if (before !== undefined && levels[before].closeMinutes > levels[level].closeMinutes) {
      yield { path: `levels.${level}.closeMinutes`, message: `is shorter than that of ${before}` }
    }
  }
  const { deemedAcceptMinutes } = settings
  if (clocks.accept.limitMinutes !== undefined && clocks.accept.limitMinutes !== deemedAcceptMinutes) {
    const limit = `clocks.accept.limitMinutes is ${String(clocks.accept.limitMinutes)}`
    yield { path: 'settings.deemedAcceptMinutes', message: `is ${String(deemedAcceptMinutes)}, ${limit}` }
  }
}

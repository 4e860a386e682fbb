import type { Cursor } from '../flows/ports.ts'

/** A reader of the journal, named when it opens, so that nothing is deleted before all have reported. */
export interface ConsumerRule {
  readonly name: string
  /** True for the readings store: a full journal may evict what only this consumer has not read. */
  readonly mayLose: boolean
}

export interface Consumers {
  /** @throws when the consumer was not named at the start */
  advance(name: string, cursor: Cursor): void
  /** Every consumer has read everything before this cursor. */
  consumedByAll(): Cursor
  /** Every consumer that may lose nothing has read everything before this cursor. */
  consumedByStrict(): Cursor
}

const UNHEARD: Cursor = 0

export function createConsumers(rules: readonly ConsumerRule[]): Consumers {
  const cursors = new Map(rules.map((rule) => [rule.name, UNHEARD]))
  const least = (some: readonly ConsumerRule[]): Cursor =>
    Math.min(...some.map((rule) => cursors.get(rule.name) ?? UNHEARD))
  const strict = rules.filter((rule) => !rule.mayLose)
  return {
    advance(name, cursor) {
      if (!cursors.has(name)) throw new Error(`journal does not know the consumer ${name}`)
      cursors.set(name, cursor)
    },
    consumedByAll: () => least(rules),
    consumedByStrict: () => least(strict),
  }
}

import type { Cursor } from '../flows/ports.ts'

/** Who reads the journal. Known from the start, so that nothing is deleted before all have been heard. */
export interface ConsumerRule {
  readonly name: string
  /** True for a readings store: when the journal is full, what the others have consumed may go. */
  readonly mayLose: boolean
}

export interface Consumers {
  /** @throws when the consumer was not named at the start */
  advance(name: string, cursor: Cursor): void
  /** All have consumed everything before this. */
  passedByAll(): Cursor
  /** Those that may lose nothing have consumed everything before this. */
  passedByStrict(): Cursor
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
    passedByAll: () => least(rules),
    passedByStrict: () => least(strict),
  }
}

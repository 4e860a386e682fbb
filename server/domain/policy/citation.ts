import { TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import type { ClauseKey } from './clauses.ts'
import type { PolicyPack } from './policy-pack.ts'

/** What a text rests on: a command, a duty, or all that is said of a kind of ticket. */
export type Cites = ClauseKey | TicketKind

/** How the policy prints the clause of it: 第八条3(5). */
export function clauseOf({ clauses, kinds }: PolicyPack, cites: Cites): string {
  const kind = TICKET_KINDS.find((each) => each === cites)
  // What is no kind is a key of a clause.
  return kind === undefined ? clauses[cites as ClauseKey] : kinds[kind].clause
}

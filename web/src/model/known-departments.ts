import type { TicketView } from '#contract/ticket.ts'
import { DEPARTMENTS } from '#contract/vocabulary.ts'

export interface KnownDepartment {
  readonly id: string
  readonly name: string
}

/** The policy's own departments, in its words. */
const NAMED: readonly KnownDepartment[] = [
  { id: DEPARTMENTS.networkOps, name: '管网运行部' },
  { id: DEPARTMENTS.networkEng, name: '管网工程部' },
  { id: DEPARTMENTS.dispatch, name: '调度中心' },
]

/** Departments that a ticket can go to: the policy's, those that tickets name, the areas' of the network. */
export function knownDepartments(
  tickets: Iterable<TicketView>,
  ofAreas: readonly KnownDepartment[],
): readonly KnownDepartment[] {
  const found = new Map(NAMED.map(({ id, name }) => [id, name]))
  for (const { department } of tickets) {
    if (department !== undefined) found.set(department.id, department.name)
  }
  const names = new Set(found.values())
  for (const { id, name } of ofAreas) if (!found.has(id) && !names.has(name)) found.set(id, name)
  return [...found].map(([id, name]) => ({ id, name }))
}
